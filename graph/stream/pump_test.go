package stream_test

import (
	"sync"
	"testing"
	"testing/synctest"

	"cloudtag/graph/stream"
)

// sink notes what a pump does.
type sink struct {
	mu        sync.Mutex
	delivered int
	ends      int
	panics    []any
	wait      chan struct{} // what Deliver waits for; nil: for nothing
}

func (s *sink) Deliver() bool {
	if s.wait != nil {
		<-s.wait
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delivered++
	return true
}
func (s *sink) End() { s.mu.Lock(); defer s.mu.Unlock(); s.ends++ }
func (s *sink) Panicked(cause any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.panics = append(s.panics, cause)
}

func TestPump(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		to := &sink{wait: make(chan struct{})}
		ctx, pump := stream.WithPump(t.Context())
		if stream.PumpFrom(ctx) != pump || pump.Attached() {
			t.Fatal("a pump that nobody attached to")
		}
		turns, atOnce, most, goesOn := 0, 0, 0, true
		pump.Attach(func(deliver func() bool) bool {
			atOnce++
			most = max(most, atOnce)
			turns++
			if turns > 1 {
				deliver()
			}
			atOnce--
			return goesOn
		})
		pump.Wake() // before the start: what is there is produced by the start
		pump.Start(to)
		if turns != 1 {
			t.Fatalf("%d turns at the start, want 1", turns)
		}
		for range 10 { // the first is served, the others are one
			pump.Wake()
			synctest.Wait()
		}
		if turns != 2 {
			t.Errorf("%d turns while the subscriber reads nothing, want 2", turns)
		}
		close(to.wait)
		synctest.Wait()
		if turns != 3 || to.delivered != 2 || most != 1 {
			t.Errorf("%d turns, %d delivered, %d at once, want 3, 2, 1", turns, to.delivered, most)
		}
		goesOn = false
		pump.Wake()
		synctest.Wait()
		pump.Wake()
		synctest.Wait()
		if turns != 4 || to.ends != 1 || len(to.panics) > 0 {
			t.Errorf("%d turns, ended %d times, panics %v, want 4, 1 and none", turns, to.ends, to.panics)
		}
	})
}

func TestPumpSurvivesAPanic(t *testing.T) {
	to := &sink{}
	_, pump := stream.WithPump(t.Context())
	pump.Attach(func(func() bool) bool { panic("no") })
	pump.Start(to)
	pump.Wake()
	if to.ends != 0 || len(to.panics) != 1 || to.panics[0] != "no" {
		t.Errorf("ended %d times, panics %v", to.ends, to.panics)
	}
}
