package shed

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

var limits = Limits{Running: 2, Waiting: 3, Wait: 100 * time.Millisecond}

// fill takes every place and returns what gives them back.
func fill(t *testing.T, l *Limiter) (release []func()) {
	t.Helper()
	for range l.limits.Running {
		free, err := l.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		release = append(release, free)
	}
	return release
}

// outcome is how an attempt ended, and how long after it began.
type outcome struct {
	name    string
	err     error
	took    time.Duration
	release func()
}

// attempt asks for a place beside the test.
func attempt(ctx context.Context, l *Limiter, name string, outcomes chan<- outcome) {
	began := time.Now()
	go func() {
		release, err := l.Acquire(ctx)
		outcomes <- outcome{name, err, time.Since(began), release}
	}()
	synctest.Wait()
}

func TestABurstIsServedInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(limits)
		release := fill(t, l)
		outcomes := make(chan outcome, 10)
		for _, name := range []string{"first", "second", "third"} {
			attempt(t.Context(), l, name, outcomes)
			time.Sleep(time.Millisecond) //nolint:forbidigo // the bubble's clock: one after the other gives up
		}
		if running, waiting := l.Load(); running != 2 || waiting != 3 {
			t.Errorf("%d run and %d wait", running, waiting)
		}
		attempt(t.Context(), l, "fourth", outcomes)
		if got := <-outcomes; got.name != "fourth" || !errors.Is(got.err, ErrOverloaded) || got.took != 0 {
			t.Errorf("with a full queue: %+v", got)
		}
		time.Sleep(50 * time.Millisecond) //nolint:forbidigo // the bubble's clock
		release[0]()
		release[0]() // again: nothing
		if got := <-outcomes; got.name != "first" || got.err != nil {
			t.Errorf("served %+v, want the first", got)
		}
		for _, name := range []string{"second", "third"} {
			if got := <-outcomes; got.name != name || !errors.Is(got.err, ErrOverloaded) || got.took != 100*time.Millisecond {
				t.Errorf("%+v, want %s to have waited 100 ms for nothing", got, name)
			}
		}
		if running, waiting := l.Load(); running != 2 || waiting != 0 {
			t.Errorf("%d run and %d wait", running, waiting)
		}
	})
}

// Once somebody has been waiting for longer than a burst lasts, the newest is served first, and nobody waits for long.
func TestAStandingQueueIsCutShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Limits{Running: 1, Waiting: 10, Wait: 100 * time.Millisecond})
		release := fill(t, l)
		outcomes := make(chan outcome, 20)
		attempt(t.Context(), l, "old", outcomes)
		time.Sleep(90 * time.Millisecond) //nolint:forbidigo // the bubble's clock
		attempt(t.Context(), l, "kept", outcomes)
		if got := <-outcomes; got.name != "old" || got.took != 100*time.Millisecond {
			t.Fatalf("%+v", got)
		}
		time.Sleep(time.Millisecond) //nolint:forbidigo // the bubble's clock
		attempt(t.Context(), l, "late", outcomes)
		attempt(t.Context(), l, "newest", outcomes)
		release[0]()
		got := <-outcomes
		if got.name != "newest" || got.err != nil {
			t.Errorf("served %+v, want the newest", got)
		}
		if late := <-outcomes; late.name != "late" || late.took != 10*time.Millisecond || !errors.Is(late.err, ErrOverloaded) {
			t.Errorf("%+v, want it to have waited 10 ms", late)
		}
		if kept := <-outcomes; kept.name != "kept" || kept.took != 100*time.Millisecond {
			t.Errorf("%+v", kept)
		}
		// The queue is empty: the next burst is one again.
		attempt(t.Context(), l, "a", outcomes)
		attempt(t.Context(), l, "b", outcomes)
		got.release()
		if got := <-outcomes; got.name != "a" || got.err != nil {
			t.Errorf("%+v, want the first to be served", got)
		}
		<-outcomes
	})
}

func TestWhoGoesAwayLeavesNoPlaceTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(limits)
		release := fill(t, l)
		ctx, cancel := context.WithCancel(t.Context())
		outcomes := make(chan outcome, 1)
		attempt(ctx, l, "gone", outcomes)
		cancel()
		if got := <-outcomes; !errors.Is(got.err, context.Canceled) {
			t.Errorf("%+v", got)
		}
		for _, free := range release {
			free()
		}
		if running, waiting := l.Load(); running != 0 || waiting != 0 {
			t.Errorf("%d run and %d wait", running, waiting)
		}
	})
}

// Ten times as many as can be served, for ten seconds of work of 10 ms each: the places are always in use, those who are
// served wait for no longer than they may, and the rest is turned away.
func TestOverload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Limits{Running: 4, Waiting: 64, Wait: 100 * time.Millisecond})
		const work, capacity = 10 * time.Millisecond, 400 // a second
		var mu sync.Mutex
		var waits []time.Duration
		var shed atomic.Int64
		var group sync.WaitGroup
		for range 10 * capacity * 10 {
			time.Sleep(time.Second / (10 * capacity)) //nolint:forbidigo // the bubble's clock
			group.Go(func() {
				began := time.Now()
				release, err := l.Acquire(t.Context())
				if err != nil {
					shed.Add(1)
					return
				}
				mu.Lock()
				waits = append(waits, time.Since(began))
				mu.Unlock()
				time.Sleep(work) //nolint:forbidigo // the bubble's clock
				release()
			})
		}
		group.Wait()
		slices.Sort(waits)
		if served := len(waits); served < 99*capacity*10/100 {
			t.Errorf("%d served in ten seconds, of %d there was time for", served, capacity*10)
		}
		if longest, p99 := waits[len(waits)-1], waits[len(waits)*99/100]; longest > 100*time.Millisecond || p99 > 20*time.Millisecond {
			t.Errorf("those who were served waited up to %v, 99%% of them up to %v", longest, p99)
		}
		if int(shed.Load())+len(waits) != 10*capacity*10 {
			t.Errorf("%d served and %d turned away", len(waits), shed.Load())
		}
		t.Logf("served %d, turned away %d, waited p50 %v, p99 %v, at most %v", len(waits), shed.Load(), waits[len(waits)/2], waits[len(waits)*99/100], waits[len(waits)-1])
		if running, waiting := l.Load(); running != 0 || waiting != 0 {
			t.Errorf("%d run and %d wait", running, waiting)
		}
	})
}
