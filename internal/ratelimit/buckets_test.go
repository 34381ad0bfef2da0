package ratelimit

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// clock is moved by the test.
type clock struct{ at time.Time }

func (c *clock) Now() time.Time { return c.at }

func newClock() *clock { return &clock{time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)} }

// A bucket of 10 that gets 2 a second, step by step, each value worked out by hand.
func TestTakeIsExact(t *testing.T) {
	c := newClock()
	start := c.at
	b := New(Limit{PerSecond: 2, Burst: 10}, c, 100)
	for i, step := range []struct {
		at        time.Duration // since the start
		take      int
		remaining int
		resetAt   time.Duration
		retry     time.Duration // 0: allowed
	}{
		{0, 4, 6, 2 * time.Second, 0},
		{0, 6, 0, 5 * time.Second, 0},
		{0, 1, 0, 5 * time.Second, 500 * time.Millisecond},
		{499 * time.Millisecond, 1, 0, 5 * time.Second, time.Millisecond},
		{500 * time.Millisecond, 1, 0, 5500 * time.Millisecond, 0},
		{1500 * time.Millisecond, 3, 2, 5500 * time.Millisecond, 500 * time.Millisecond}, // refused: nothing is taken
		{1500 * time.Millisecond, 2, 0, 6500 * time.Millisecond, 0},
		{60 * time.Second, 10, 0, 65 * time.Second, 0}, // no more than the burst was saved up
		{60 * time.Second, 11, 0, 65 * time.Second, 5500 * time.Millisecond},
	} {
		c.at = start.Add(step.at)
		state, err := b.Take("a", step.take)
		var refused *RefusedError
		if errors.As(err, &refused) != (step.retry > 0) || refused != nil && refused.RetryAfter.Round(time.Microsecond) != step.retry {
			t.Errorf("step %d: %v, want to retry after %v", i, err, step.retry)
		}
		if state.Limit != 10 || state.Remaining != step.remaining || state.ResetAt.Sub(start).Round(time.Microsecond) != step.resetAt {
			t.Errorf("step %d: %+v, want %d remaining and reset %v after the start", i, state, step.remaining, step.resetAt)
		}
		if refused != nil && refused.State != state {
			t.Errorf("step %d: the error has %+v, the answer %+v", i, refused.State, state)
		}
	}
}

func TestKeysHaveTheirOwnBuckets(t *testing.T) {
	b := New(Limit{PerSecond: 1, Burst: 1}, newClock(), 100)
	for _, key := range []string{"a", "b"} {
		if _, err := b.Take(key, 1); err != nil {
			t.Errorf("%s: %v", key, err)
		}
		if _, err := b.Take(key, 1); err == nil {
			t.Errorf("%s took twice", key)
		}
	}
}

// A clock that steps back gives nobody anything, and locks nobody out for longer than a bucket takes to fill.
func TestClockStepsBack(t *testing.T) {
	c := newClock()
	b := New(Limit{PerSecond: 1, Burst: 3}, c, 100)
	if _, err := b.Take("a", 3); err != nil {
		t.Fatal(err)
	}
	c.at = c.at.Add(-time.Hour)
	if _, err := b.Take("a", 1); err == nil {
		t.Error("the step back filled the bucket")
	}
	c.at = c.at.Add(3 * time.Second)
	if _, err := b.Take("a", 3); err != nil {
		t.Errorf("after the time it takes to fill: %v", err)
	}
}

// Idle buckets are forgotten as new callers come; an empty one is not, as long as there is room.
func TestMemoryIsBounded(t *testing.T) {
	c := newClock()
	b := New(Limit{PerSecond: 1, Burst: 10}, c, 50)
	take := func(key string, n int) error {
		_, err := b.Take(key, n)
		return err
	}
	for i := range 30 {
		if err := take(fmt.Sprint("short", i), 1); err != nil {
			t.Fatal(err)
		}
	}
	c.at = c.at.Add(2 * time.Second)
	for i := range 16 {
		if err := take(fmt.Sprint("new", i), 10); err != nil {
			t.Fatal(err)
		}
	}
	if got := b.Len(); got != 16 {
		t.Errorf("%d buckets, want 16: those of the idle are forgotten", got)
	}
	if take("new0", 1) == nil {
		t.Error("an empty bucket was forgotten")
	}
	for i := range 1000 {
		_ = take(fmt.Sprint("many", i), 10)
	}
	if got := b.Len(); got != 50 {
		t.Errorf("%d buckets, want 50", got)
	}
}

// Whatever runs at once, exactly as much is taken as there is.
func TestTakeConcurrently(t *testing.T) {
	b := New(Limit{PerSecond: 1, Burst: 500}, newClock(), 10)
	var taken atomic.Int64
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 100 {
				if _, err := b.Take("a", 3); err == nil {
					taken.Add(3)
				}
			}
		})
	}
	group.Wait()
	if taken.Load() != 498 {
		t.Errorf("%d taken, want 498 of 500 by threes", taken.Load())
	}
}

func TestPeekTakesNothing(t *testing.T) {
	clock := newClock()
	buckets := New(Limit{PerSecond: 1, Burst: 10}, clock, 10)
	if _, err := buckets.Take("a", 10); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if got, want := buckets.Peek("a"), (State{Limit: 10, Remaining: 0, ResetAt: clock.at.Add(10 * time.Second)}); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	if got, want := buckets.Peek("b"), (State{Limit: 10, Remaining: 10, ResetAt: clock.at}); got != want {
		t.Errorf("an unknown key: %+v, want %+v", got, want)
	}
}
