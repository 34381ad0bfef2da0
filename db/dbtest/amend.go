package dbtest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

func amendCases() []testCase {
	return []testCase{
		inWorld("UnknownCase", amendUnknown),
		inWorld("ErrorStoresNothing", amendError),
		inWorld("NoChangeStoresNothing", amendNothing),
		inWorld("StoresExactlyTheChange", amendStoresTheChange),
		inWorld("ConcurrentAmendsLoseNothing", amendConcurrently),
		inWorld("ConcurrentAmendsAndRecords", amendAmongRecords),
	}
}

func amendUnknown(w *world) {
	w.openShops(1)
	w.from(1, "a").tag("x", "1").record()
	before := w.lastSeq()
	for _, id := range []cloudtag.CaseID{w.caseOf("nobody"), cloudtag.NewCaseID(swapped, w.buyer("x")), "", "no case"} {
		_, err := w.store.Amend(w.ctx, id, func(*cloudtag.CaseFile) error {
			w.Errorf("the edit of %q was called", id)
			return nil
		})
		w.wantCode(err, cloudtag.CodeNotFound, fmt.Sprintf("amend case %q", id))
	}
	equal(w, "last sequence number", w.lastSeq(), before)
}

func amendError(w *world) {
	w.openShops(1)
	w.from(1, "a").tag("x", "1", "2").record()
	before, c, tag := w.lastSeq(), w.oneCase(w.caseOf("x")), w.oneTag("1")
	refusal := errors.New("refused by the edit")
	_, err := w.store.Amend(w.ctx, w.caseOf("x"), func(file *cloudtag.CaseFile) error {
		if err := file.Void(w.order("1"), tester, "x", day0); err != nil {
			return err
		}
		return refusal
	})
	if !errors.Is(err, refusal) {
		w.Fatalf("amend: %v, want the error of the edit", err)
	}
	// A refusal of the domain keeps its code.
	w.wantCode(voidTag(w, "x", "3"), cloudtag.CodeNotFound, "void a tag that is not there")
	equal(w, "last sequence number", w.lastSeq(), before)
	equal(w, "the case", w.oneCase(w.caseOf("x")), c)
	equal(w, "the tag", w.oneTag("1"), tag)
}

func amendNothing(w *world) {
	w.openShops(1)
	w.from(1, "a").tag("x", "1").record()
	before, c := w.lastSeq(), w.oneCase(w.caseOf("x"))
	edits := map[string]func(*cloudtag.CaseFile){
		"nothing at all":      func(*cloudtag.CaseFile) {},
		"an evaluation":       func(file *cloudtag.CaseFile) { file.Evaluate(day0.Add(time.Hour)) },
		"a shop without tags": func(file *cloudtag.CaseFile) { file.Discount(w.shop(2), tester, "x", day0) },
		"the entity there is": func(file *cloudtag.CaseFile) { file.Reassign(w.shop(1), entityOf(w.shop(1)), tester, "x", day0) },
		"the case itself":     func(file *cloudtag.CaseFile) { file.Case.Votes = 99 },
	}
	for name, edit := range edits {
		w.amend(w.caseOf("x"), edit)
		equal(w, name+": the case", w.oneCase(w.caseOf("x")), c)
		equal(w, name+": last sequence number", w.lastSeq(), before)
	}
	equal(w, "the case returned", w.amend(w.caseOf("x"), edits["nothing at all"]), c)
}

func amendStoresTheChange(w *world) {
	w.openShops(4)
	w.from(1, "a").tag("x", "1", "2").record()
	w.from(2, "a").tag("x", "3").record()
	edits := []struct {
		name string
		edit func(*cloudtag.CaseFile) error
	}{
		{"void", func(file *cloudtag.CaseFile) error { return file.Void(w.order("2"), tester, "填错了", day0) }},
		{"reassign", func(file *cloudtag.CaseFile) error {
			file.Reassign(w.shop(2), "holding", tester, "并购", day0)
			return nil
		}},
		{"deadline", func(file *cloudtag.CaseFile) error { file.Evaluate(day0.Add(handleWithin)); return nil }},
		{"discount", func(file *cloudtag.CaseFile) error {
			file.Discount(w.shop(1), tester, "滥用", day0.Add(handleWithin))
			return nil
		}},
		{"expiry", func(file *cloudtag.CaseFile) error { file.Evaluate(day0.Add(window)); return nil }},
	}
	for i, step := range edits {
		before, made := w.lastSeq(), &noted{}
		returned, err := w.store.Amend(w.ctx, w.caseOf("x"), func(file *cloudtag.CaseFile) error {
			err := step.edit(file)
			made.note(file, nil)
			return err
		})
		w.noError(err, step.name)
		if len(made.changes[w.caseOf("x")].Entries) == 0 {
			w.Fatalf("%s: changed nothing", step.name)
		}
		equal(w, step.name+": the case returned", returned, made.changes[w.caseOf("x")].Case)
		equal(w, step.name+": version", returned.Version, 3+i)
		made.wantStored(w, before)
	}
	equal(w, "state in the end", w.oneCase(w.caseOf("x")).State, cloudtag.CaseExpired)
	w.reopen()
	w.checkInvariants()
}

// ordersTagged tags many orders of one buyer by the first shop, and returns their names.
func (w *world) ordersTagged(buyer string, batches, each int) []string {
	w.Helper()
	var orders []string
	for batch := range batches {
		s := w.from(1, fmt.Sprintf("%s-%d", buyer, batch))
		for n := range each {
			order := fmt.Sprintf("%s-%02d-%02d", buyer, batch, n)
			s.tag(buyer, order)
			orders = append(orders, order)
		}
		s.record()
	}
	return orders
}

func amendConcurrently(w *world) {
	w.openShops(1)
	orders := w.ordersTagged("x", 2, scaled(20, 10))
	before := w.oneCase(w.caseOf("x")).Version
	versions := make([]int, len(orders))
	w.parallel(8, func(i int) error {
		for n := i; n < len(orders); n += 8 {
			amended, err := w.store.Amend(w.ctx, w.caseOf("x"), func(file *cloudtag.CaseFile) error {
				return file.Void(w.order(orders[n]), tester, "作废", day0)
			})
			if err != nil {
				return err
			}
			versions[n] = amended.Version
		}
		return nil
	})
	want := make([]int, len(orders))
	for n := range want {
		want[n] = before + 1 + n
	}
	slices.Sort(versions)
	equal(w, "versions returned", versions, want)
	b := w.checkInvariants()
	c := b.cases[w.caseOf("x")]
	equal(w, "version", c.Version, before+len(orders))
	equal(w, "votes", c.Votes, 0)
	equal(w, "state", c.State, cloudtag.CaseExpired)
	equal(w, "voidings in the log", count(b.entries, cloudtag.ActionTagVoided), len(orders))
}

// amendAmongRecords voids tags of a case while other shops add tags: each call is one change.
func amendAmongRecords(w *world) {
	const shops = 6
	w.openShops(1 + shops)
	orders := w.ordersTagged("x", 1, 12)
	each := scaled(6, 3)
	w.parallel(4+shops, func(i int) error {
		if i < 4 {
			for n := i; n < len(orders); n += 4 {
				// A tag that has succeeded can't be voided; that is no failure here.
				if err := voidTag(w, "x", orders[n]); err != nil && cloudtag.CodeOf(err) != cloudtag.CodeInvalidState {
					return err
				}
			}
			return nil
		}
		for n := range each {
			shop := i - 4 + 2
			_, _, err := w.from(shop, fmt.Sprint(n)).tag("x", fmt.Sprintf("more-%d-%d", shop, n)).try(w.ctx)
			if err != nil {
				return err
			}
		}
		return nil
	})
	b := w.checkInvariants()
	c := b.cases[w.caseOf("x")]
	voided := count(b.entries, cloudtag.ActionTagVoided)
	equal(w, "state", c.State, cloudtag.CaseConfirmed)
	equal(w, "version", c.Version, 1+voided+shops*each)
	equal(w, "tags", len(b.tags), len(orders)+shops*each)
	for _, tag := range b.tags {
		if tag.Status != cloudtag.TagSucceeded && tag.Status != cloudtag.TagVoided {
			w.Fatalf("tag of %s is %s", tag.OrderNo, tag.Status)
		}
	}
}
