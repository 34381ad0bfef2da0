package dbtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"cloudtag/internal/cloudtag"
)

func crashCases() []testCase {
	var cases []testCase
	for _, s := range scenes() {
		cases = append(cases, testCase{s.name, func(t *testing.T, newFactory NewFactory) { dieAtEveryWrite(t, newFactory, s) }})
	}
	return append(cases, testCase{"UnderLoad", crashUnderLoad})
}

// maxWrites ends a scene that never completes.
const maxWrites = 400

// dieAtEveryWrite lets the process die at the first write of a scene's call, then at the second, and so on until the
// call gets through. After each death the data are opened again and recovered; what is there then must be whole.
// The same call once more must lead to what a call without a death leads to.
func dieAtEveryWrite(t *testing.T, newFactory NewFactory, s scene) {
	w := newWorld(t, newFactory(t))
	untouched, complete := s.undisturbed(w)
	for n := 1; ; n++ {
		if n > maxWrites {
			w.Fatalf("still dying at write %d", n)
		}
		w.begin(fmt.Sprintf("r%03d.", n))
		s.prepare(w)
		w.faults.dieAt(n)
		err := s.call(w, 1)
		died, step := w.faults.calm()
		if !died {
			w.noError(err, "a call that nothing disturbed")
			w.Logf("got through after %d writes", n-1)
			return
		}
		doing := fmt.Sprintf("died at write %d (%s)", n, step)
		if err != nil { // nil: what was left to do is nobody's wait
			w.wantDead(doing)
		}
		w.reopenDead()
		w.recoverDying(doing)
		w.checkInvariants()
		w.wantWhole(s, w.snapshot(), untouched, complete, err == nil, doing)
		if err := s.call(w, 2); err != nil && cloudtag.CodeOf(err) != s.again {
			w.Fatalf("%s: the same call again: %v", doing, err)
		}
		if diff := sameSnapshot(w.snapshot(), complete); diff != "" {
			w.Fatalf("%s: after the same call again (- without a death, + with one):\n%s", doing, diff)
		}
	}
}

// begin begins a round, whose names have a prefix of their own.
func (w *world) begin(prefix string) {
	w.Helper()
	w.prefix, w.round = prefix, round{seq: w.lastSeq(), policies: w.latestPolicy().Version}
	w.known.forget()
}

// undisturbed plays a scene without a death, and returns the snapshots before and after its call.
func (s scene) undisturbed(w *world) (untouched, complete []string) {
	w.Helper()
	w.begin("r000.")
	s.prepare(w)
	untouched = w.snapshot()
	w.noError(s.call(w, 1), "a call that nothing disturbs")
	w.checkInvariants()
	complete = w.snapshot()
	if slices.Equal(untouched, complete) {
		w.Fatalf("the call changes nothing: the test shows nothing")
	}
	return untouched, complete
}

// wantDead checks that a store that died does nothing more.
func (w *world) wantDead(doing string) {
	w.Helper()
	if _, err := w.store.LastSeq(w.ctx); err == nil {
		w.Errorf("%s: the dead store still reads", doing)
	}
	if _, _, err := w.from(1, "after death").tag("after death", "after-death").try(w.ctx); err == nil {
		w.Errorf("%s: the dead store still records", doing)
	}
}

// recoverDying recovers, dying at the first write of the recovery, then at the second of what is left, until it gets
// through. A second recovery has nothing to do.
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
			w.Fatalf("%s: the recovery still dies at write %d", doing, n)
		}
		w.reopenDead()
	}
	again, err := w.store.Recover(w.ctx)
	w.noError(err, doing+": recover again")
	equal(w, doing+": recovered the second time", again, 0)
}

// wantWhole checks that a call that died left nothing or everything behind; everything when it had returned.
// An import may leave some of its rows, each whole.
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
				w.Fatalf("%s: there is neither what was before nor what was to be:\n%s", doing, line)
			}
		}
		w.wantRowsWhole(doing)
		return
	}
	if fromUntouched := sameSnapshot(got, untouched); fromUntouched != "" {
		w.Fatalf("%s: neither nothing nor everything was done.\nFrom nothing:\n%s\nFrom everything:\n%s",
			doing, fromUntouched, fromComplete)
	}
}

// wantRowsWhole checks the rows of an import that died: the log's last word about a row is what is stored, and a row
// whose change calls for more work is marked.
func (w *world) wantRowsWhole(doing string) {
	w.Helper()
	told := map[cloudtag.Subject][]byte{}
	for _, entry := range w.logAfter(w.round.seq) {
		switch entry.Action {
		case cloudtag.ActionMerchantImported, cloudtag.ActionOrderChanged, cloudtag.ActionRiskImported:
			told[entry.Subjects[0]] = canonical(entry.After)
		}
	}
	stored := map[cloudtag.Subject]any{}
	var moved, judged []string
	for id, merchant := range w.merchants(unique(w.known.shops)...) {
		stored[cloudtag.MerchantSubject(id)] = merchant
		if merchant.EntityID != entityOf(id) {
			moved = append(moved, string(id))
		}
	}
	for id, profile := range w.risksBy(unique(w.known.buyers)...) {
		stored[cloudtag.BuyerSubject(id)] = profile
		judged = append(judged, string(id))
	}
	for number, order := range w.ordersBy(unique(w.known.orders)...) {
		if _, changed := told[cloudtag.OrderSubject(number)]; changed {
			stored[cloudtag.OrderSubject(number)] = order
		}
	}
	equal(w, doing+": rows that the log tells of", len(told), len(stored))
	for subject, value := range stored {
		equal(w, doing+": the log's last word about "+string(subject), string(told[subject]), string(canonical(mustJSON(value))))
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
	slices.Sort(judged)
	equal(w, doing+": shops to recount", toRecount, moved)
	equal(w, doing+": profiles to evaluate", toEvaluate, judged)
}

// crashUnderLoad lets the process die while four callers record at once, early and late. What was acknowledged is
// there; sent again, the rest follows, and no flip is lost or doubled.
func crashUnderLoad(t *testing.T, newFactory NewFactory) {
	w := newWorld(t, newFactory(t))
	const callers, batches, buyers = 4, 3, 4
	for n := 1; ; n++ {
		if n > 40 {
			w.Fatalf("still dying at write %d", n*n)
		}
		w.begin(fmt.Sprintf("r%03d.", n))
		w.openShops(callers)
		sent := w.load(callers, batches, buyers)
		w.faults.dieAt(n * n)
		acknowledged := w.recordUntilDeath(sent)
		died, step := w.faults.calm()
		doing := fmt.Sprintf("died under load at write %d (%s)", n*n, step)
		if died {
			w.reopenDead()
			w.recoverDying(doing)
		}
		w.checkInvariants()
		for key, batch := range acknowledged {
			found := w.batch(key)
			if found == nil {
				w.Fatalf("%s: the batch acknowledged under %+v is gone", doing, key)
			}
			equal(w, doing+": an acknowledged batch", *found, batch)
		}
		w.parallel(callers, func(i int) error {
			for _, s := range sent[i] {
				if _, _, err := s.as(string(s.sent.Batch.Key) + "-again").try(w.ctx); err != nil {
					return err
				}
			}
			return nil
		})
		w.wantAllFlipped(w.checkInvariants(), buyers, callers, callers*batches)
		if !died {
			return
		}
	}
}

// load is what the callers send: each batch has an order of each buyer.
func (w *world) load(callers, batches, buyers int) [][]*submission {
	sent := make([][]*submission, callers)
	for i := range sent {
		random := rand.New(rand.NewPCG(uint64(i), 3))
		for n := range batches {
			s := w.from(1+i, fmt.Sprint("load-", n))
			for _, buyer := range random.Perm(buyers) {
				s.tag(fmt.Sprint(buyer), fmt.Sprintf("%d-%d-%d", i, n, buyer))
			}
			sent[i] = append(sent[i], s)
		}
	}
	return sent
}

// recordUntilDeath records in parallel and returns what was acknowledged.
func (w *world) recordUntilDeath(sent [][]*submission) map[batchKey]cloudtag.Batch {
	w.Helper()
	var mu sync.Mutex
	acknowledged := map[batchKey]cloudtag.Batch{}
	w.parallel(len(sent), func(i int) error {
		for _, s := range sent[i] {
			batch, _, err := s.try(w.ctx)
			if err != nil {
				return nil // the store died; the next call would fail too
			}
			mu.Lock()
			acknowledged[batchKey{batch.MerchantID, batch.Key}] = batch
			mu.Unlock()
		}
		return nil
	})
	return acknowledged
}
