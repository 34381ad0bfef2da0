package shed

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

var limits = Limits{Running: 2, Waiting: 3, Wait: 100 * time.Millisecond}

// fill takes every place, each for another caller, and returns what gives them back.
func fill(t *testing.T, l *Limiter) (release []func()) {
	t.Helper()
	for i := range l.limits.Running {
		free, err := l.Acquire(t.Context(), fmt.Sprint("holder ", i))
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

// attempt asks for a place beside the test. A name such as "shop: 1" says whose request it is; the others are one caller's.
func attempt(ctx context.Context, l *Limiter, name string, outcomes chan<- outcome) {
	began := time.Now()
	caller, _, named := strings.Cut(name, ":")
	if !named {
		caller = "a"
	}
	go func() {
		release, err := l.Acquire(ctx, caller)
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
		for i := range 10 * capacity * 10 {
			time.Sleep(time.Second / (10 * capacity)) //nolint:forbidigo // the bubble's clock
			group.Go(func() {
				began := time.Now()
				release, err := l.Acquire(t.Context(), fmt.Sprint("caller ", i%8))
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

// order collects the names of those who are served, each of whom gives its place back at once.
func order(outcomes <-chan outcome, count int) (served []string) {
	for range count {
		got := <-outcomes
		served = append(served, got.name)
		got.release()
	}
	return served
}

func TestNoCallerHoldsMoreThanAQuarter(t *testing.T) {
	for running, share := range map[int]int{1: 1, 2: 1, 7: 1, 8: 2, 16: 4} {
		synctest.Test(t, func(t *testing.T) {
			l := New(Limits{Running: running, Waiting: 100, Wait: time.Second})
			outcomes := make(chan outcome, 100)
			for i := range share + 3 {
				attempt(t.Context(), l, fmt.Sprint("big: ", i), outcomes)
			}
			if got, waiting := l.Load(); got != share || waiting != 3 {
				t.Errorf("of %d places one caller has %d, and %d wait, want %d and 3", running, got, waiting, share)
			}
			if share < running {
				if free, err := l.Acquire(t.Context(), "small"); err != nil {
					t.Errorf("another caller: %v", err)
				} else {
					free()
				}
			}
			order(outcomes, share+3)
			if len(l.callers) != 0 || l.turns.Len() != 0 {
				t.Errorf("%d callers are remembered, %d in line", len(l.callers), l.turns.Len())
			}
		})
	}
}

func TestCallersAreServedInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Limits{Running: 1, Waiting: 100, Wait: time.Second})
		release := fill(t, l)
		outcomes := make(chan outcome, 100)
		for _, name := range []string{"big: 1", "big: 2", "big: 3", "big: 4", "mid: 1", "mid: 2", "small: 1"} {
			attempt(t.Context(), l, name, outcomes)
		}
		release[0]()
		want := []string{"big: 1", "mid: 1", "small: 1", "big: 2", "mid: 2", "big: 3", "big: 4"}
		if got := order(outcomes, len(want)); !slices.Equal(got, want) {
			t.Errorf("served %q, want %q", got, want)
		}
	})
}

// Once as many wait as may, who has many waiting gives way to who has few, and not the other way round.
func TestTheLongestQueueGivesWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Limits{Running: 1, Waiting: 4, Wait: time.Second})
		release := fill(t, l)
		outcomes := make(chan outcome, 100)
		for i := range 5 {
			attempt(t.Context(), l, fmt.Sprint("big: ", i), outcomes)
		}
		attempt(t.Context(), l, "small: 1", outcomes)
		attempt(t.Context(), l, "small: 2", outcomes)
		attempt(t.Context(), l, "small: 3", outcomes)
		for _, want := range []string{"big: 4", "big: 3", "big: 2", "small: 3"} {
			if got := <-outcomes; got.name != want || !errors.Is(got.err, ErrOverloaded) || got.took != 0 {
				t.Errorf("%+v, want %s to be refused", got, want)
			}
		}
		release[0]()
		want := []string{"big: 0", "small: 1", "big: 1", "small: 2"}
		if got := order(outcomes, len(want)); !slices.Equal(got, want) {
			t.Errorf("served %q, want %q", got, want)
		}
	})
}

// A caller that overloads its share waits in a standing queue of its own: others may wait out a burst as ever.
func TestAStandingQueueIsItsCallersOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Limits{Running: 1, Waiting: 100, Wait: 100 * time.Millisecond})
		release := fill(t, l)
		outcomes := make(chan outcome, 100)
		attempt(t.Context(), l, "big: 1", outcomes)
		time.Sleep(90 * time.Millisecond) //nolint:forbidigo // the bubble's clock
		attempt(t.Context(), l, "big: 2", outcomes)
		time.Sleep(11 * time.Millisecond) //nolint:forbidigo // the bubble's clock
		<-outcomes
		attempt(t.Context(), l, "big: 3", outcomes)
		attempt(t.Context(), l, "small: 1", outcomes)
		if got := <-outcomes; got.name != "big: 3" || got.took != 10*time.Millisecond {
			t.Errorf("%+v, want it to have waited 10 ms", got)
		}
		time.Sleep(89 * time.Millisecond) //nolint:forbidigo // the bubble's clock
		<-outcomes                        // big: 2
		release[0]()
		if got := <-outcomes; got.name != "small: 1" || got.err != nil || got.took != 99*time.Millisecond {
			t.Errorf("%+v, want it to be served after 99 ms", got)
		}
	})
}

// Twice as many requests at once as a caller's share, each asked when the one before is answered, are none too many: its
// queue is never empty, but serves everybody soon.
func TestParallelRequestsOfOneCallerAreNotRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Limits{Running: 16, Waiting: 128, Wait: 250 * time.Millisecond})
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				for range 500 {
					release, err := l.Acquire(t.Context(), "a")
					if err != nil {
						t.Error(err)
						return
					}
					time.Sleep(10 * time.Millisecond) //nolint:forbidigo // the bubble's clock
					release()
				}
			})
		}
		group.Wait()
	})
}

func TestBackgroundWorkWaitsBehindRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Limits{Running: 32, Waiting: 10, Wait: 100 * time.Millisecond})
		background := func(ctx context.Context, name string, outcomes chan<- outcome) {
			go func() {
				release, err := l.AcquireBackground(ctx, "a")
				outcomes <- outcome{name: name, err: err, release: release}
			}()
			synctest.Wait()
		}
		outcomes := make(chan outcome, 100)
		ctx, cancel := context.WithCancel(t.Context())
		for _, other := range []string{"b", "c", "d", "e"} { // as much as goes before requests
			release, err := l.AcquireBackground(ctx, other)
			if err != nil {
				t.Fatal(err)
			}
			defer release()
		}
		for i := range 4 {
			background(ctx, fmt.Sprint("background ", i), outcomes)
		}
		first, second := <-outcomes, <-outcomes
		if running, waiting := l.Load(); running != 6 || waiting != 0 || len(outcomes) != 0 {
			t.Fatalf("%d run, %d wait", running, waiting)
		}
		time.Sleep(time.Hour) //nolint:forbidigo // the bubble's clock: however long, they wait
		synctest.Wait()
		for range 7 {
			attempt(t.Context(), l, "request", outcomes)
		}
		if running, waiting := l.Load(); running != 12 || waiting != 1 {
			t.Errorf("%d run and %d wait, want the caller's share and one", running, waiting)
		}
		held := []outcome{second}
		for range 6 {
			held = append(held, <-outcomes)
		}
		first.release()
		if got := <-outcomes; got.name != "request" {
			t.Errorf("served %s before a request", got.name)
		} else {
			got.release()
		}
		if got := <-outcomes; got.name != "background 2" || got.err != nil {
			t.Errorf("%+v, want the next in the background", got)
		} else {
			got.release()
		}
		next := <-outcomes
		next.release()
		background(ctx, "runs", outcomes)
		(<-outcomes).release()
		for _, of := range held {
			of.release()
		}
		one, _ := l.AcquireBackground(ctx, "a")
		two, _ := l.AcquireBackground(ctx, "a")
		background(ctx, "left", outcomes)
		cancel()
		if got := <-outcomes; !errors.Is(got.err, context.Canceled) {
			t.Errorf("%+v", got)
		}
		one()
		two()
		time.Sleep(24 * time.Hour) //nolint:forbidigo // the bubble's clock: it has rested
		synctest.Wait()
		if running, _ := l.Load(); running != 4 || len(l.callers) != 4 {
			t.Errorf("%d run, %d callers are remembered", running, len(l.callers))
		}
	})
}

// However many callers have background work, others find half of the places free; and under lasting load of requests it
// goes on in an eighth of them.
func TestBackgroundWorkOfAllCallersHasItsPart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Limits{Running: 16, Waiting: 1000, Wait: time.Minute})
		var background, requests int
		var mu sync.Mutex
		count := func(running *int, by int) {
			mu.Lock()
			defer mu.Unlock()
			*running += by
		}
		ctx, cancel := context.WithCancel(t.Context())
		var group sync.WaitGroup
		work := func(running *int, acquire func(context.Context, string) (func(), error), key string) {
			group.Go(func() {
				for ctx.Err() == nil {
					release, err := acquire(ctx, key)
					if err != nil {
						return
					}
					count(running, 1)
					time.Sleep(10 * time.Millisecond) //nolint:forbidigo // the bubble's clock
					count(running, -1)
					release()
				}
			})
		}
		expect := func(wantBackground, wantRequests int) {
			t.Helper()
			time.Sleep(time.Second + time.Millisecond) //nolint:forbidigo // the bubble's clock
			mu.Lock()
			defer mu.Unlock()
			if background != wantBackground || requests != wantRequests {
				t.Errorf("%d in the background and %d requests run, want %d and %d", background, requests, wantBackground, wantRequests)
			}
		}
		for i := range 40 {
			work(&background, l.AcquireBackground, fmt.Sprint("reader ", i))
		}
		expect(8, 0)
		for i := range 40 {
			work(&requests, l.Acquire, fmt.Sprint("asker ", i))
		}
		expect(2, 14)
		cancel()
		group.Wait()
	})
}

// One caller's background work has a processor for half of the time, however much it is.
func TestBackgroundWorkRests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Limits{Running: 16, Waiting: 10, Wait: time.Second})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second-time.Millisecond)
		defer cancel()
		var turns atomic.Int64
		var group sync.WaitGroup
		for range 30 {
			group.Go(func() {
				for {
					release, err := l.AcquireBackground(ctx, "a")
					if err != nil {
						return
					}
					turns.Add(1)
					time.Sleep(10 * time.Millisecond) //nolint:forbidigo // the bubble's clock
					release()
				}
			})
		}
		group.Wait()
		if got := turns.Load(); got != 50 {
			t.Errorf("%d turns of 10 ms in a second, want 50", got)
		}
	})
}
