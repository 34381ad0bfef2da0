package command

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/upkeep"

	"github.com/prometheus/client_golang/prometheus"
)

// work is background work in slices of a fixed duration.
type work struct {
	slices int
	each   time.Duration

	done atomic.Int64 // slices
}

func (w *work) run(ctx context.Context) error {
	for range w.slices {
		<-time.After(w.each)
		w.done.Add(1)
		if err := cloudtag.Yield(ctx); err != nil {
			return err
		}
	}
	return nil
}

func TestBackgroundWorkGetsAFifthOfTheTimeWhileRequestsRun(t *testing.T) {
	for name, test := range map[string]struct {
		requests bool
		chores   int
		worked   time.Duration // of all chores, in the first 10 seconds
		done     time.Duration
	}{
		"no requests":              {false, 1, 10 * time.Second, 20 * time.Second},
		"requests":                 {true, 1, 2 * time.Second, 100 * time.Second},
		"requests, several chores": {true, 4, 2 * time.Second, 400 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				pacer := NewPacer(cloudtag.SystemClock{})
				ctx, stop := context.WithCancel(t.Context())
				var requesting sync.WaitGroup
				if test.requests {
					requesting.Go(func() {
						for ctx.Err() == nil {
							pacer.Answered()
							<-time.After(100 * time.Millisecond)
						}
					})
				}
				var chores []*work
				var working sync.WaitGroup
				for range test.chores {
					chore := &work{slices: 20_000, each: time.Millisecond}
					chores = append(chores, chore)
					working.Go(func() {
						paced, end := pacer.Begin(ctx)
						defer end()
						if err := chore.run(paced); err != nil {
							t.Error(err)
						}
					})
				}
				start := time.Now()
				<-time.After(10 * time.Second)
				var worked time.Duration
				for _, chore := range chores {
					worked += time.Duration(chore.done.Load()) * chore.each
				}
				if off := worked - test.worked; off.Abs() > test.worked/10 {
					t.Errorf("%v of work in the first 10 s, want about %v", worked, test.worked)
				}
				working.Wait()
				if took := time.Since(start); (took - test.done).Abs() > test.done/10 {
					t.Errorf("done in %v, want about %v", took, test.done)
				}
				stop()
				requesting.Wait()
			})
		})
	}
}

// A pause ends with the context, and is bounded however long the slice before it took.
func TestPausesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pacer := NewPacer(cloudtag.SystemClock{})
		ctx, stop := context.WithCancelCause(t.Context())
		paced, end := pacer.Begin(ctx)
		defer end()
		start := time.Now()
		working := make(chan error)
		go func() { working <- (&work{slices: 2, each: time.Minute}).run(paced) }()
		<-time.After(time.Minute - time.Millisecond)
		pacer.Answered()
		<-time.After(time.Minute + maxPause)
		pacer.Answered()
		if err := <-working; err != nil || time.Since(start) != 2*(time.Minute+maxPause) {
			t.Errorf("took %v: %v", time.Since(start), err)
		}
		go func() { working <- (&work{slices: 2, each: time.Minute}).run(paced) }()
		<-time.After(time.Minute - time.Millisecond)
		pacer.Answered()
		<-time.After(time.Second)
		stopped := errors.New("stopped")
		stop(stopped)
		if err := <-working; !errors.Is(err, stopped) {
			t.Errorf("%v", err)
		}
	})
}

// Sweeps and chores are paced, except for the sweep before the server starts serving.
func TestUpkeepIsPaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pacer := NewPacer(cloudtag.SystemClock{})
		var mu sync.Mutex
		var workers []int64
		record := func() {
			mu.Lock()
			defer mu.Unlock()
			workers = append(workers, pacer.workers.Load())
		}
		sweep := sweepFunc(func(context.Context, time.Time) (upkeep.Report, error) {
			record()
			return upkeep.Report{}, nil
		})
		chore := Chore{Name: "chore", Run: func(context.Context, time.Time) error { record(); return nil }}
		loop := NewUpkeepLoop(sweep, []Chore{chore}, cloudtag.SystemClock{}, time.Minute, pacer, slog.New(slog.DiscardHandler), prometheus.NewRegistry())
		ctx, stop := context.WithCancel(t.Context())
		if err := loop.Once(ctx); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error)
		go func() { ended <- loop.Run(ctx) }()
		<-time.After(time.Minute + time.Second)
		stop()
		if err := <-ended; err != nil || len(workers) != 4 || workers[0] != 0 || workers[1] != 1 || workers[2] < 1 || workers[3] < 1 || pacer.workers.Load() != 0 {
			t.Errorf("%v workers, %d left, %v", workers, pacer.workers.Load(), err)
		}
	})
}
