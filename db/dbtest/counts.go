package dbtest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

func countCases() []testCase {
	return []testCase{
		inWorld("Queue", countQueue),
		inWorld("LiveCasesOf", countLiveCases),
		inWorld("CaseIDsPageByPage", caseIDsPaged),
		inWorld("TagsByCase", tagsByCase),
		inWorld("TagsByCaseWhileOthersWrite", tagsByCaseMoving),
		inWorld("TagsByCaseEndsWithVisit", tagsByCaseEnds),
	}
}

func countQueue(w *world) {
	p := w.populate(scaled(400, 160), 60)
	all := p.cases()
	seen := map[int]bool{}
	for _, before := range []time.Time{
		{}, day0, day0.Add(handleWithin), day0.Add(handleWithin + time.Millisecond), day0.AddDate(0, 0, 4),
		day0.AddDate(0, 0, 4).Add(time.Nanosecond), day0.AddDate(0, 0, 5), time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		want := 0
		for _, c := range all {
			if c.Handling == cloudtag.HandlingPending && c.DueAt.Before(before) {
				want++
			}
		}
		got, err := w.store.CountPending(w.ctx, before)
		w.noError(err, "count pending")
		equal(w, fmt.Sprint("pending before ", before), got, want)
		seen[want] = true
	}
	if len(seen) < 4 {
		w.Fatalf("the counts are %v: the test checks nothing", seen)
	}
}

func countLiveCases(w *world) {
	p := w.populate(200, 60)
	tags := p.tags()
	for shop := range p.shops + 2 {
		live := map[cloudtag.CaseID]bool{}
		for _, tag := range tags {
			if tag.Live && tag.MerchantID == w.shop(shop) {
				live[tag.CaseID()] = true
			}
		}
		got, err := w.store.CountLiveCasesOf(w.ctx, w.shop(shop))
		w.noError(err, "count live cases")
		equal(w, fmt.Sprint("live cases of shop ", shop), got, len(live))
	}
}

func caseIDsPaged(w *world) {
	p := w.populate(120, 200)
	want := slices.Clone(p.caseIDs)
	slices.Sort(want)
	for _, size := range []int{1, 7, 1000} {
		var got []cloudtag.CaseID
		var after cloudtag.CaseID
		for {
			page, err := w.store.CaseIDs(w.ctx, after, size)
			w.noError(err, "case identifiers")
			if len(page) > size {
				w.Fatalf("a page of %d, asked for at most %d", len(page), size)
			}
			if len(page) == 0 {
				break
			}
			got, after = append(got, page...), page[len(page)-1]
		}
		equal(w, fmt.Sprint("identifiers in pages of ", size), got, want)
	}
	middle, err := w.store.CaseIDs(w.ctx, want[len(want)/2]+"!", 1)
	w.noError(err, "case identifiers")
	equal(w, "after an identifier that does not exist", middle, want[len(want)/2+1:][:1])
}

// visited is what TagsByCase passed to its callback.
type visited struct {
	order []cloudtag.CaseID
	tags  map[cloudtag.CaseID][]cloudtag.Tag
	risks map[cloudtag.CaseID]*cloudtag.RiskProfile
}

// visitAll runs between after each case.
func (w *world) visitAll(between func(n int)) visited {
	w.Helper()
	seen := visited{tags: map[cloudtag.CaseID][]cloudtag.Tag{}, risks: map[cloudtag.CaseID]*cloudtag.RiskProfile{}}
	err := w.store.TagsByCase(w.ctx, func(id cloudtag.CaseID, tags []cloudtag.Tag, risk *cloudtag.RiskProfile) error {
		if n := len(seen.order); n > 0 && seen.order[n-1] >= id {
			w.Fatalf("case %s comes after %s", id, seen.order[n-1])
		}
		seen.order = append(seen.order, id)
		seen.tags[id], seen.risks[id] = tags, risk
		between(len(seen.order))
		return nil
	})
	w.noError(err, "tags by case")
	return seen
}

// tagsOfCases groups tags by case, by SubmittedAt, then order number.
func tagsOfCases(tags []cloudtag.Tag) map[cloudtag.CaseID][]cloudtag.Tag {
	byCase := map[cloudtag.CaseID][]cloudtag.Tag{}
	for _, tag := range tags {
		byCase[tag.CaseID()] = append(byCase[tag.CaseID()], tag)
	}
	for _, list := range byCase {
		slices.SortFunc(list, func(a, b cloudtag.Tag) int {
			if order := a.SubmittedAt.Compare(b.SubmittedAt); order != 0 {
				return order
			}
			if a.OrderNo < b.OrderNo {
				return -1
			}
			return 1
		})
	}
	return byCase
}

func tagsByCase(w *world) {
	equal(w, "cases of an empty store", len(w.visitAll(func(int) {}).order), 0)
	p := w.populate(scaled(400, 160), 60)
	w.from(1, "colons").tag("a:b:c", "colons").record() // a buyer whose identifier has colons, with risk data
	w.putRisks(w.risk("a:b:c", 42, cloudtag.RiskSignal{Code: "REFUNDS", Value: 9, Weight: 3}))
	p.caseIDs = append(p.caseIDs, w.caseOf("a:b:c"))
	p.ordersOf[w.caseOf("a:b:c")] = []cloudtag.OrderNo{w.order("colons")}
	seen := w.visitAll(func(int) {})
	equal(w, "tags by case", seen.tags, tagsOfCases(p.tags()))
	for id, risk := range seen.risks {
		_, buyer, _ := id.Parts()
		profile, known := w.risksBy(buyer)[buyer]
		if known != (risk != nil) {
			w.Fatalf("case %s: risk %+v, stored %t", id, risk, known)
		}
		if known {
			equal(w, "risk of "+string(id), *risk, profile)
		}
	}
}

// tagsByCaseMoving writes during TagsByCase: tags stored before are visited once, and each case as it was at one moment.
func tagsByCaseMoving(w *world) {
	p := w.populate(scaled(300, 120), 60)
	before := tagsOfCases(p.tags())
	pages := 0
	seen := w.visitAll(func(n int) {
		if n%10 == 1 {
			p.stir(pages)
			pages++
		}
	})
	if pages < 3 {
		w.Fatalf("written %d times: the test checks nothing", pages)
	}
	after := tagsOfCases(p.tags())
	for id, tags := range before {
		for _, tag := range tags {
			if !slices.ContainsFunc(seen.tags[id], func(t cloudtag.Tag) bool { return t.OrderNo == tag.OrderNo }) {
				w.Fatalf("tag of %s was not visited", tag.OrderNo)
			}
		}
	}
	for id, tags := range seen.tags {
		for _, tag := range tags {
			stored := slices.ContainsFunc(after[id], func(t cloudtag.Tag) bool { return t.OrderNo == tag.OrderNo })
			if tag.CaseID() != id || !stored {
				w.Fatalf("case %s: visited %+v", id, tag)
			}
		}
		equal(w, "order of the tags of "+string(id), tags, tagsOfCases(tags)[id])
	}
}

func tagsByCaseEnds(w *world) {
	w.populate(60, 60)
	visits := 0
	err := w.store.TagsByCase(w.ctx, func(cloudtag.CaseID, []cloudtag.Tag, *cloudtag.RiskProfile) error {
		if visits++; visits == 3 {
			return errDied
		}
		return nil
	})
	if !errors.Is(err, errDied) || visits != 3 {
		w.Fatalf("after %d visits: %v; want the error of the third", visits, err)
	}
	w.from(1, "after").tag("after", "after").record() // no lock is left
}
