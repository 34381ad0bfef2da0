package webhooks

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cloudtag/internal/cloudtag"
)

// script is the domain's part: it takes down when it was asked.
type script struct {
	mu        sync.Mutex
	began     time.Time
	endpoints []cloudtag.WebhookEndpoint
	asked     map[string][]time.Duration
	carry     func(ctx context.Context, id string, call int) (time.Time, error)
}

func (s *script) Active(context.Context) ([]cloudtag.WebhookEndpoint, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.endpoints), nil
}

func (s *script) Carry(ctx context.Context, id string) (time.Time, error) {
	s.mu.Lock()
	s.asked[id] = append(s.asked[id], time.Since(s.began))
	call := len(s.asked[id])
	s.mu.Unlock()
	if s.carry == nil {
		return time.Time{}, nil
	}
	return s.carry(ctx, id, call)
}

func (s *script) calls(id string) []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked[id])
}

// dispatch runs a dispatcher in a bubble of its own time.
func dispatch(t *testing.T, s *script, test func(d *Dispatcher, stop func())) {
	synctest.Test(t, func(t *testing.T) {
		s.began, s.asked = time.Now(), map[string][]time.Duration{}
		d := NewDispatcher(s, cloudtag.SystemClock{}, slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- d.Run(ctx) }()
		stopped := false
		stop := func() {
			if !stopped {
				stopped = true
				cancel()
				if err := <-ended; err != nil {
					t.Error(err)
				}
			}
		}
		defer stop()
		synctest.Wait()
		test(d, stop)
	})
}

// pass lets time go by.
func pass(duration time.Duration) {
	<-time.After(duration)
	synctest.Wait()
}

func about(merchant string) []cloudtag.Entry {
	return []cloudtag.Entry{{Seq: 1, Subjects: []cloudtag.Subject{cloudtag.Subject("merchant:" + merchant)}}}
}

func TestEntriesWakeThoseTheyConcern(t *testing.T) {
	s := &script{endpoints: []cloudtag.WebhookEndpoint{{ID: "platform", Version: 1}, {ID: "m-1", Version: 1, MerchantID: "m-1"}, {ID: "m-2", Version: 1, MerchantID: "m-2"}}}
	dispatch(t, s, func(d *Dispatcher, _ func()) {
		pass(time.Second)
		d.Appended(about("m-1"))
		pass(0)
		for id, want := range map[string]int{"platform": 2, "m-1": 2, "m-2": 1} {
			if got := s.calls(id); len(got) != want {
				t.Errorf("%s was looked at %v", id, got)
			}
		}
		if got := s.calls("m-1")[1]; got > time.Second {
			t.Errorf("woken at %v", got)
		}
	})
}

func TestLooksAreKeptApart(t *testing.T) {
	s := &script{endpoints: []cloudtag.WebhookEndpoint{{ID: "platform", Version: 1}}}
	dispatch(t, s, func(d *Dispatcher, _ func()) {
		for range 1000 {
			d.Appended(about("m-1"))
			pass(time.Millisecond)
		}
		if got := len(s.calls("platform")); got > 12 {
			t.Errorf("looked %d times in a second", got)
		}
	})
}

// A retry is carried out when it is due, to the gap between looks; with nothing due an endpoint is looked at now and then.
func TestRetriesRunWhenDue(t *testing.T) {
	delays := []time.Duration{5 * time.Second, 3 * time.Second, 1500 * time.Millisecond}
	s := &script{endpoints: []cloudtag.WebhookEndpoint{{ID: "e", Version: 1}}, carry: func(_ context.Context, _ string, call int) (time.Time, error) {
		if call <= len(delays) {
			return time.Now().Add(delays[call-1]), nil
		}
		return time.Time{}, nil
	}}
	dispatch(t, s, func(_ *Dispatcher, _ func()) {
		pass(16 * time.Second)
		want := []time.Duration{0, 5 * time.Second, 8 * time.Second, 9500 * time.Millisecond, 14500 * time.Millisecond}
		got := s.calls("e")
		if len(got) != len(want) {
			t.Fatalf("looked at %v, want %v", got, want)
		}
		for i := range want {
			if late := got[i] - want[i]; late < 0 || late > lookGap {
				t.Errorf("look %d at %v, want %v", i, got[i], want[i])
			}
		}
	})
}

func TestNewAndResumedEndpointsAreFound(t *testing.T) {
	s := &script{}
	dispatch(t, s, func(_ *Dispatcher, _ func()) {
		pass(10 * time.Second)
		s.mu.Lock()
		s.endpoints = []cloudtag.WebhookEndpoint{{ID: "e", Version: 1}}
		s.mu.Unlock()
		pass(pollEvery + lookGap)
		if got := s.calls("e"); len(got) != 1 {
			t.Errorf("looked at %v", got)
		}
		s.mu.Lock()
		s.endpoints[0].Version = 3
		s.mu.Unlock()
		pass(pollEvery + lookGap)
		if got := s.calls("e"); len(got) != 2 {
			t.Errorf("changed, looked at %v", got)
		}
	})
}

// One endpoint is carried by one goroutine, and one that hangs or fails keeps no other waiting.
func TestEndpointsAreIndependent(t *testing.T) {
	hold := make(chan struct{})
	s := &script{endpoints: []cloudtag.WebhookEndpoint{{ID: "slow", Version: 1}, {ID: "broken", Version: 1}, {ID: "fine", Version: 1}}}
	synctest.Test(t, func(*testing.T) { hold = make(chan struct{}) })
	dispatch(t, s, func(d *Dispatcher, _ func()) {
		hold = make(chan struct{})
		s.mu.Lock()
		s.carry = func(_ context.Context, id string, _ int) (time.Time, error) {
			switch id {
			case "slow":
				<-hold
			case "broken":
				return time.Time{}, errors.New("the store is away")
			}
			return time.Time{}, nil
		}
		s.mu.Unlock()
		pass(time.Second)
		d.Appended(about("m-1"))
		pass(time.Second)
		d.Appended(about("m-1"))
		pass(time.Second)
		for id, want := range map[string]int{"slow": 2, "broken": 3, "fine": 3} {
			if got := s.calls(id); len(got) != want {
				t.Errorf("%s was looked at %v", id, got)
			}
		}
		close(hold)
		pass(time.Second)
		if got := s.calls("slow"); len(got) != 3 {
			t.Errorf("what came meanwhile was forgotten: %v", got)
		}
	})
}

// The end waits for what is under way.
func TestStopDrains(t *testing.T) {
	finished := false
	s := &script{endpoints: []cloudtag.WebhookEndpoint{{ID: "e", Version: 1}}, carry: func(ctx context.Context, _ string, _ int) (time.Time, error) {
		<-ctx.Done()
		<-time.After(3 * time.Second)
		finished = true
		return time.Time{}, ctx.Err()
	}}
	dispatch(t, s, func(_ *Dispatcher, stop func()) {
		pass(time.Second)
		stop()
		if took := time.Since(s.began); !finished || took < 4*time.Second {
			t.Errorf("finished: %v, after %v", finished, took)
		}
	})
}
