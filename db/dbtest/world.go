package dbtest

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
)

// patience is how long a test waits for its store before it fails; no check depends on it otherwise.
const patience = 10 * time.Minute

// world is the store of one test with what a test needs around it.
type world struct {
	testing.TB
	ctx     context.Context
	factory Factory
	store   Store
	faults  *faults // of the store that is open

	prefix   string // of the names that the fixtures make; sets one round apart from the next on the same data
	round    round
	appended atomic.Pointer[func()] // what the open store calls, from any goroutine; nil: nothing
	known    *knownNames            // what was put into the store through the fixtures
	policy   cloudtag.Policy        // the first version, which newWorld stored
}

// round is where the data were when a round began; zero in a world of one round.
type round struct {
	seq      int64  // of the newest entry before it
	hash     []byte // of that entry
	policies int    // versions there were
}

// knownNames are what a snapshot asks the store about.
type knownNames struct {
	mu     sync.Mutex // for callers in parallel
	shops  []cloudtag.MerchantID
	orders []cloudtag.OrderNo
	buyers []cloudtag.BuyerID
	keys   []batchKey
	papers []documentKey
}

// documentKey is what a document is found by.
type documentKey struct {
	kind cloudtag.DocumentKind
	id   string
}

// batchKey is what a batch is found by.
type batchKey struct {
	shop cloudtag.MerchantID
	key  string
}

// newWorld opens a fresh store and stores the first policy.
func newWorld(t testing.TB, factory Factory) *world {
	w := emptyWorld(t, factory)
	w.policy = cloudtag.DefaultPolicy(day0)
	w.noError(w.store.AddPolicy(w.ctx, w.policy, []cloudtag.Entry{policyEntry(w.policy)}), "add the first policy")
	return w
}

// emptyWorld opens a fresh store and stores nothing.
func emptyWorld(t testing.TB, factory Factory) *world {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	w := &world{TB: t, ctx: ctx, factory: factory, known: &knownNames{}}
	w.open()
	t.Cleanup(func() {
		cancel()
		if err := w.store.Close(); err != nil && !errors.Is(err, errDied) {
			t.Errorf("close the store: %v", err)
		}
	})
	return w
}

// within runs a check as a test of its own on the same data.
func (w *world) within(t *testing.T, name string, check func(w *world)) {
	t.Run(name, func(t *testing.T) {
		check(&world{
			TB: t, ctx: w.ctx, factory: w.factory, store: w.store, faults: w.faults, prefix: w.prefix, round: w.round,
			known: w.known, policy: w.policy,
		})
	})
}

func (w *world) open() {
	w.Helper()
	w.faults = &faults{}
	w.store = w.factory.Open(w, Options{Fault: w.faults.fault, Appended: func() {
		if call := w.appended.Load(); call != nil {
			(*call)()
		}
	}})
}

// reopen closes the store and opens the same data again.
func (w *world) reopen() {
	w.Helper()
	w.noError(w.store.Close(), "close the store")
	w.open()
}

// reopenDead opens the data of a store that died.
func (w *world) reopenDead() {
	w.Helper()
	_ = w.store.Close() // what a dead store says about its end does not matter
	w.open()
}

func (w *world) noError(err error, doing string) {
	w.Helper()
	if err != nil {
		w.Fatalf("%s: %v", doing, err)
	}
}

// wantCode checks the code of a refusal.
func (w *world) wantCode(err error, want cloudtag.Code, doing string) {
	w.Helper()
	if got := cloudtag.CodeOf(err); got != want {
		w.Fatalf("%s: code %q (%v), want %q", doing, got, err, want)
	}
}

// parallel runs work n times at once and fails the test when any of them fails.
func (w *world) parallel(n int, work func(i int) error) {
	w.Helper()
	failures := make([]error, n)
	start := make(chan struct{})
	var workers sync.WaitGroup
	for i := range n {
		workers.Go(func() {
			<-start
			failures[i] = work(i)
		})
	}
	close(start)
	workers.Wait()
	if err := errors.Join(failures...); err != nil {
		w.Fatalf("working in parallel: %v", err)
	}
}
