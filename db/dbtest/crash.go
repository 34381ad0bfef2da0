package dbtest

import (
	"fmt"
	"slices"
	"testing"

	"cloudtag/internal/cloudtag"
)

func crashCases() []testCase {
	var cases []testCase
	for _, s := range append(scenes(), platformScenes()...) {
		cases = append(cases, testCase{s.name, func(t *testing.T, newFactory NewFactory) { dieAtEveryWrite(t, newFactory, s) }})
	}
	return append(cases, testCase{"UnderLoad", crashUnderLoad})
}

// maxWrites bounds the writes of a scene, in case it never completes.
const maxWrites = 400

// dieAtEveryWrite crashes the process at the first write of a scene's call, then at the second, and so on until the call
// completes. After each crash the store is reopened and recovered, and must be consistent. Repeating the call must lead to
// the same state as an uninterrupted call.
func dieAtEveryWrite(t *testing.T, newFactory NewFactory, s scene) {
	w := newWorld(t, newFactory(t))
	untouched, complete := s.undisturbed(w)
	for n := 1; ; n++ {
		if n > maxWrites {
			w.Fatalf("still crashing at write %d", n)
		}
		w.begin(fmt.Sprintf("r%03d.", n))
		s.prepare(w)
		w.faults.dieAt(n)
		err := s.call(w, 1)
		died, step := w.faults.calm()
		if !died {
			w.noError(err, "an uninterrupted call")
			w.Logf("completed after %d writes", n-1)
			return
		}
		doing := fmt.Sprintf("died at write %d (%s)", n, step)
		if err != nil { // nil: it died after the call had returned
			w.wantDead(doing)
		}
		w.reopenDead()
		w.recoverDying(doing)
		w.wantWhole(s, w.snapshot(), untouched, complete, err == nil, doing)
		if err := s.call(w, 2); err != nil && cloudtag.CodeOf(err) != s.again {
			w.Fatalf("%s: the same call again: %v", doing, err)
		}
		if diff := sameSnapshot(w.snapshot(), complete); diff != "" {
			w.Fatalf("%s: after the same call again (- uninterrupted, + interrupted):\n%s", doing, diff)
		}
	}
}

// begin begins a round, whose identifiers have a common prefix.
func (w *world) begin(prefix string) {
	w.Helper()
	last := w.lastSeq()
	w.prefix, w.round = prefix, round{seq: last, policies: w.latestPolicy().Version}
	if last > 0 {
		w.round.hash = w.logAfter(last - 1)[0].Hash
	}
	w.known.forget()
}

// undisturbed runs a scene without a crash, and returns the snapshots before and after its call.
func (s scene) undisturbed(w *world) (untouched, complete []string) {
	w.Helper()
	w.begin("r000.")
	s.prepare(w)
	w.checkInvariants()
	untouched = w.snapshot()
	w.noError(s.call(w, 1), "an uninterrupted call")
	w.checkInvariants()
	complete = w.snapshot()
	if slices.Equal(untouched, complete) {
		w.Fatalf("the call changes nothing: the test checks nothing")
	}
	return untouched, complete
}

// wantDead checks that every call on a crashed store fails.
func (w *world) wantDead(doing string) {
	w.Helper()
	if _, err := w.store.LastSeq(w.ctx); err == nil {
		w.Errorf("%s: the crashed store still reads", doing)
	}
	if _, _, err := w.from(1, "after death").tag("after death", "after-death").try(w.ctx); err == nil {
		w.Errorf("%s: the crashed store still records", doing)
	}
}

// recoverDying recovers, crashing at the first write of the recovery, then at the second of the next one, until one
// completes. A further recovery has nothing to do.
func (w *world) recoverDying(doing string) {
	w.Helper()
	for n := 1; ; n++ {
		w.faults.dieAt(n)
		_, err := w.store.Recover(w.ctx)
		died, _ := w.faults.calm()
		if !died {
			w.noError(err, doing+": recover")
			break
		}
		if n > maxWrites {
			w.Fatalf("%s: the recovery still crashes at write %d", doing, n)
		}
		w.reopenDead()
	}
	again, err := w.store.Recover(w.ctx)
	w.noError(err, doing+": recover again")
	equal(w, doing+": recovered the second time", again, 0)
}

// wantWhole checks that an interrupted call was atomic, and completed if it had returned. An import may have stored some of
// its rows, each atomically. The invariants of both snapshots have been checked before.
func (w *world) wantWhole(s scene, got, untouched, complete []string, returned bool, doing string) {
	w.Helper()
	fromComplete := sameSnapshot(got, complete)
	if fromComplete == "" {
		return
	}
	if returned {
		w.Fatalf("%s: the call had returned without an error, then this was missing:\n%s", doing, fromComplete)
	}
	if s.byRow {
		for _, line := range got {
			if !slices.Contains(untouched, line) && !slices.Contains(complete, line) {
				w.Fatalf("%s: neither in the state before nor in the one after:\n%s", doing, line)
			}
		}
		w.checkInvariants()
		w.wantRowsWhole(doing)
		return
	}
	if fromUntouched := sameSnapshot(got, untouched); fromUntouched != "" {
		w.Fatalf("%s: the call was not atomic.\nFrom the state before:\n%s\nFrom the one after:\n%s",
			doing, fromUntouched, fromComplete)
	}
}

// wantRowsWhole checks the rows of an interrupted import: each row is as its last entry says, and is marked if its change
// requires further work.
func (w *world) wantRowsWhole(doing string) {
	w.Helper()
	logged := map[cloudtag.Subject][]byte{}
	for _, entry := range w.logAfter(w.round.seq) {
		switch entry.Action {
		case cloudtag.ActionMerchantImported, cloudtag.ActionOrderChanged, cloudtag.ActionRiskImported:
			logged[entry.Subjects[0]] = canonical(entry.After)
		}
	}
	stored := map[cloudtag.Subject]any{}
	var moved, assessed []string
	for id, merchant := range w.merchants(unique(w.known.shops)...) {
		stored[cloudtag.MerchantSubject(id)] = merchant
		if merchant.EntityID != entityOf(id) {
			moved = append(moved, string(id))
		}
	}
	for id, profile := range w.risksBy(unique(w.known.buyers)...) {
		stored[cloudtag.BuyerSubject(id)] = profile
		assessed = append(assessed, string(id))
	}
	for number, order := range w.ordersBy(unique(w.known.orders)...) {
		if _, changed := logged[cloudtag.OrderSubject(number)]; changed {
			stored[cloudtag.OrderSubject(number)] = order
		}
	}
	equal(w, doing+": logged rows", len(logged), len(stored))
	for subject, value := range stored {
		equal(w, doing+": the last entry about "+string(subject), string(logged[subject]), string(canonical(mustJSON(value))))
	}
	var toRecount, toEvaluate []string
	for _, merchant := range w.merchantsToRecount(1000) {
		if slices.Contains(w.known.shops, merchant.ID) {
			toRecount = append(toRecount, string(merchant.ID))
		}
	}
	for _, profile := range w.risksToEvaluate(1000) {
		if slices.Contains(w.known.buyers, profile.BuyerID) {
			toEvaluate = append(toEvaluate, string(profile.BuyerID))
		}
	}
	slices.Sort(moved)
	slices.Sort(assessed)
	equal(w, doing+": shops to recount", toRecount, moved)
	equal(w, doing+": profiles to evaluate", toEvaluate, assessed)
}
