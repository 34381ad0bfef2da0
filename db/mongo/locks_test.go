package mongo

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
)

// TestKeyedLocks: whoever holds a key holds it alone, in whatever order keys are asked for, and nothing is left.
func TestKeyedLocks(t *testing.T) {
	var locks keyedLocks
	keys := []string{"a", "b", "c", "d"}
	counts := map[string]*int{"a": new(int), "b": new(int), "c": new(int), "d": new(int)}
	var workers sync.WaitGroup
	for i := range 8 {
		workers.Go(func() {
			random := rand.New(rand.NewPCG(uint64(i), 1))
			for range 200 {
				wanted := []string{keys[random.IntN(4)], keys[random.IntN(4)], keys[random.IntN(4)]}
				unlock, err := locks.lock(t.Context(), wanted...)
				if err != nil {
					t.Error(err)
					return
				}
				for _, key := range wanted { // the race detector sees who is not alone
					*counts[key]++
				}
				unlock()
				unlock() // a second time does nothing
			}
		})
	}
	workers.Wait()
	total := 0
	for _, count := range counts {
		total += *count
	}
	if total != 8*200*3 || len(locks.held) != 0 {
		t.Errorf("counted %d, %d locks left, want %d, 0", total, len(locks.held), 8*200*3)
	}
}

func TestKeyedLocksGiveUp(t *testing.T) {
	var locks keyedLocks
	unlock, err := locks.lock(t.Context(), "b")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := locks.lock(ctx, "a", "b"); !errors.Is(err, context.Canceled) {
		t.Errorf("lock with a context that has ended: %v", err)
	}
	unlock()
	if len(locks.held) != 0 {
		t.Errorf("%d locks left", len(locks.held))
	}
}
