package dbtest

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"cloudtag/internal/cloudtag"
)

// crashUnderLoad crashes the process while four callers record concurrently, early and late. Acknowledged batches are
// durable; repeating all of them completes the others, and no flip is lost or doubled.
func crashUnderLoad(t *testing.T, newFactory NewFactory) {
	w := newWorld(t, newFactory(t))
	const callers, batches, buyers = 4, 3, 4
	for n := 1; ; n++ {
		if n > 40 {
			w.Fatalf("still crashing at write %d", n*n)
		}
		w.begin(fmt.Sprintf("r%03d.", n))
		w.openShops(callers)
		sent := w.load(callers, batches, buyers)
		w.faults.dieAt(n * n)
		acknowledged := w.recordUntilCrash(sent)
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
				w.Fatalf("%s: the batch acknowledged under %+v is lost", doing, key)
			}
			equal(w, doing+": an acknowledged batch", *found, batch)
		}
		w.parallel(callers, func(i int) error {
			for _, s := range sent[i] {
				if _, _, err := s.as(s.sent.Batch.Key + "-again").try(w.ctx); err != nil {
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

// load returns the callers' submissions: each batch has an order of each buyer.
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

// recordUntilCrash records in parallel and returns the acknowledged batches.
func (w *world) recordUntilCrash(sent [][]*submission) map[batchKey]cloudtag.Batch {
	w.Helper()
	var mu sync.Mutex
	acknowledged := map[batchKey]cloudtag.Batch{}
	w.parallel(len(sent), func(i int) error {
		for _, s := range sent[i] {
			batch, _, err := s.try(w.ctx)
			if err == nil { // else the store has crashed
				mu.Lock()
				acknowledged[batchKey{batch.MerchantID, batch.Key}] = batch
				mu.Unlock()
			}
		}
		return nil
	})
	return acknowledged
}
