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

// testTimeout bounds how long a test waits for its store; no check depends on it otherwise.
const testTimeout = 10 * time.Minute

// world is the environment of one test: its store, and what was stored through the fixtures.
type world struct {
	testing.TB
	ctx     context.Context
	factory Factory
	store   Store
	faults  *faults // of the store that is open

	prefix   string // of the fixtures' identifiers; distinguishes rounds on the same data
	round    round
	appended atomic.Pointer[func()] // called by the open store, from any goroutine; nil: nothing
	known    *knownNames            // what was stored through the fixtures
	policy   cloudtag.Policy        // the first version, stored by newWorld
}

// round is the state of the data when a round began; zero in a world of one round.
type round struct {
	seq      int64  // of the newest entry before it
	hash     []byte // of that entry
	policies int    // stored versions
}

// knownNames are the keys of what a snapshot reads.
type knownNames struct {
	mu        sync.Mutex // for concurrent callers
	shops     []cloudtag.MerchantID
	orders    []cloudtag.OrderNo
	buyers    []cloudtag.BuyerID
	keys      []batchKey
	documents []documentKey
}

// documentKey identifies a document.
type documentKey struct {
	kind cloudtag.DocumentKind
	id   string
}

// batchKey identifies a batch.
type batchKey struct {
	shop cloudtag.MerchantID
	key  string
}

// newWorld opens a new store and stores the first policy.
func newWorld(t testing.TB, factory Factory) *world {
	w := emptyWorld(t, factory)
	w.policy = cloudtag.DefaultPolicy(day0)
	w.noError(w.store.AddPolicy(w.ctx, w.policy, []cloudtag.Entry{policyEntry(w.policy)}), "add the first policy")
	return w
}

// emptyWorld opens a new store without seeding.
func emptyWorld(t testing.TB, factory Factory) *world {
	ctx, cancel := context.WithTimeout(t.Context(), testTimeout)
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

// within runs a check as a subtest on the same data.
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

// reopen closes the store and reopens the same data.
func (w *world) reopen() {
	w.Helper()
	w.noError(w.store.Close(), "close the store")
	w.open()
}

// reopenDead reopens the data of a crashed store.
func (w *world) reopenDead() {
	w.Helper()
	_ = w.store.Close() // the error of a crashed store does not matter
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

// parallel runs work n times concurrently and fails the test if any of them fails.
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
