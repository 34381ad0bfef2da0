package dbtest

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"cloudtag/internal/cloudtag"
)

func logCases() []testCase {
	return []testCase{
		inWorld("CountsFromOneWithoutGap", logCounts),
		inWorld("Filters", logFilters),
		inWorld("RefusedCallsAppendNothing", logRefused),
		inWorld("SurvivesReopening", logSurvives),
		inWorld("AppendedWakesReaders", logAppended),
	}
}

func logCounts(w *world) {
	equal(w, "after the first policy", w.lastSeq(), 1)
	w.openShops(3)
	equal(w, "after three shops", w.lastSeq(), 4)
	for shop := 1; shop <= 3; shop++ {
		w.from(shop, "a").tag("x", fmt.Sprint(shop)).tag("y", fmt.Sprint(10+shop)).record()
	}
	entries, more, err := w.store.LogPage(w.ctx, cloudtag.LogFilter{}, cloudtag.Slice{Limit: 10, Backward: true, Before: &cloudtag.Position{}})
	w.noError(err, "log page")
	equal(w, "entries before the first", len(entries), 0)
	equal(w, "more before the first", more, false)
	b := w.checkInvariants()
	for i, action := range []cloudtag.Action{
		cloudtag.ActionPolicyCreated, cloudtag.ActionMerchantImported, cloudtag.ActionMerchantImported,
		cloudtag.ActionMerchantImported,
	} {
		equal(w, "action", b.entries[i].Action, action)
	}
	equal(w, "submissions", count(b.entries, cloudtag.ActionTagSubmitted), 6)
	equal(w, "successes", count(b.entries, cloudtag.ActionTagSucceeded), 6)
	equal(w, "confirmations", count(b.entries, cloudtag.ActionCaseConfirmed), 2)
}

func logFilters(w *world) {
	w.openShops(2)
	w.from(1, "a").tag("x", "1").tag("y", "2").record()
	w.from(2, "a").tag("x", "3").record()
	w.noError(voidTag(w, "x", "1"), "void")
	all := w.logAfter(0)
	for _, filter := range []cloudtag.LogFilter{
		{Subject: cloudtag.TagSubject(w.order("1"))},
		{Subject: cloudtag.CaseSubject(w.caseOf("x"))},
		{Subject: cloudtag.BuyerSubject(w.buyer("y"))},
		{Subject: cloudtag.MerchantSubject(w.shop(2))},
		{Action: cloudtag.ActionTagSubmitted},
		{Actor: tester},
		{Subject: cloudtag.CaseSubject(w.caseOf("x")), Action: cloudtag.ActionTagSubmitted, Actor: tester},
	} {
		list := w.logList(filter)
		want := list.model(all)
		if len(want) < 1 || len(want) == len(all) {
			w.Fatalf("%s selects %d of %d: the test checks nothing", list.name, len(want), len(all))
		}
		equal(w, list.name, walk(w, list, 2, false, nil), want)
		equal(w, list.name+" backward", walk(w, list, 2, true, nil), want)
	}
	for _, filter := range []cloudtag.LogFilter{
		{Subject: "tag"}, {Subject: "tag:"}, {Subject: cloudtag.Subject("tag:" + w.order(""))}, {Action: "tag."},
		{Actor: tester, Action: cloudtag.ActionCaseOpened},
	} {
		list := w.logList(filter)
		equal(w, list.name, len(walk(w, list, 10, false, nil)), 0)
		number, err := list.count(w.ctx, 10)
		w.noError(err, list.name)
		equal(w, list.name+" counted", number, 0)
	}
}

func logRefused(w *world) {
	w.openShops(1)
	w.from(1, "a").tag("x", "1").record()
	before := w.lastSeq()
	w.wantCode(voidTag(w, "nobody", "1"), cloudtag.CodeNotFound, "void in an unknown case")
	w.wantCode(w.store.AddPolicy(w.ctx, w.policy, []cloudtag.Entry{policyEntry(w.policy)}), cloudtag.CodeConflict, "add a stored policy")
	w.openShops(1)
	equal(w, "last sequence number", w.lastSeq(), before)
	// A sequence number consumed by a refused call would leave a gap before the next entry.
	w.noError(voidTag(w, "x", "1"), "void")
	w.checkInvariants()
}

func logSurvives(w *world) {
	w.openShops(2)
	w.from(1, "a").tag("x", "1").record()
	all := w.logAfter(0)
	w.reopen()
	equal(w, "the log after reopening", w.logAfter(0), all)
	w.from(2, "a").tag("x", "2").record()
	equal(w, "number of the next entry", w.logAfter(int64(len(all)))[0].Seq, int64(len(all))+1)
	recovered, err := w.store.Recover(w.ctx)
	w.noError(err, "recover")
	equal(w, "recovered after Close", recovered, 0)
	w.checkInvariants()
}

// logAppended: a reader that reads the log only when notified reads every entry.
func logAppended(w *world) {
	var calls atomic.Int64
	wake := make(chan struct{}, 1)
	appended := func() {
		calls.Add(1)
		select {
		case wake <- struct{}{}:
		default:
		}
	}
	w.appended.Store(&appended)
	seen := w.lastSeq()
	waitFor := func(doing string) {
		w.Helper()
		ctx, cancel := context.WithTimeout(w.ctx, time.Minute) // reached only by a faulty store
		defer cancel()
		want := w.lastSeq()
		for seen < want {
			select {
			case <-wake:
				seen += int64(len(w.logAfter(seen)))
			case <-ctx.Done():
				w.Fatalf("%s: no notification of the entries after %d of %d", doing, seen, want)
			}
		}
	}
	w.openShops(3)
	waitFor("put merchants")
	w.putOrders(w.purchase("1", 1, "x"))
	waitFor("put orders")
	w.putRisks(w.risk("x", 50))
	waitFor("put risks")
	next := w.nextPolicy(3)
	w.noError(w.store.AddPolicy(w.ctx, next, []cloudtag.Entry{policyEntry(next)}), "add policy")
	waitFor("add policy")
	w.noError(w.store.SetPermission(w.ctx, w.shop(3), cloudtag.PermissionSuspended, permissionEntry(w.shop(3), "x")), "set permission")
	waitFor("set permission")
	w.from(1, "a").tag("x", "1").record()
	waitFor("record")
	w.amend(w.caseOf("x"), func(file *cloudtag.CaseFile) { file.Evaluate(day0.Add(window)) })
	waitFor("amend")
	w.parallel(2, func(i int) error {
		for n := range 10 {
			at := day0.Add(window + time.Hour)
			if _, _, err := w.from(i+1, fmt.Sprint("p", n)).at(at).tag(fmt.Sprint("b", n), fmt.Sprintf("p-%d-%d", i, n)).try(w.ctx); err != nil {
				return err
			}
		}
		return nil
	})
	waitFor("records at once")
	if calls.Load() == 0 {
		w.Fatalf("Appended was never called")
	}
}
