package sending

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/webhooks"
)

// script is a deliverer that records when it was called.
type script struct {
	mu        sync.Mutex
	began     time.Time
	endpoints []webhooks.Endpoint
	reads     []time.Duration // when the active endpoints were read
	away      error           // the error of reading them
	meanwhile func()          // runs once, while they are being read
	waiting   map[string]time.Time
	asked     map[string][]time.Duration
	deliver   func(ctx context.Context, id string, call int) (time.Time, error)
}

func (s *script) Active(context.Context) ([]webhooks.Endpoint, error) {
	s.mu.Lock()
	s.reads = append(s.reads, time.Since(s.began))
	read, err, meanwhile := slices.Clone(s.endpoints), s.away, s.meanwhile
	s.meanwhile = nil
	s.mu.Unlock()
	if meanwhile != nil {
		meanwhile()
	}
	return read, err
}

// set changes what is stored, as another instance does.
func (s *script) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

func (s *script) readCount() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.reads)
}

func (s *script) Deliver(ctx context.Context, id string, waiting func(time.Time)) (time.Time, error) {
	s.mu.Lock()
	s.asked[id] = append(s.asked[id], time.Since(s.began))
	call := len(s.asked[id])
	since, reports := s.waiting[id]
	s.mu.Unlock()
	if reports {
		waiting(since)
	}
	if s.deliver == nil {
		return time.Time{}, nil
	}
	return s.deliver(ctx, id, call)
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
	s := &script{endpoints: []webhooks.Endpoint{{ID: "platform", Version: 1}, {ID: "m-1", Version: 1, MerchantID: "m-1"}, {ID: "m-2", Version: 1, MerchantID: "m-2"}}}
	dispatch(t, s, func(d *Dispatcher, _ func()) {
		pass(time.Second)
		d.Appended(about("m-1"))
		pass(0)
		for id, want := range map[string]int{"platform": 2, "m-1": 2, "m-2": 1} {
			if got := s.calls(id); len(got) != want {
				t.Errorf("%s was checked at %v", id, got)
			}
		}
		if got := s.calls("m-1")[1]; got > time.Second {
			t.Errorf("woken at %v", got)
		}
	})
}

func TestChecksAreKeptApart(t *testing.T) {
	s := &script{endpoints: []webhooks.Endpoint{{ID: "platform", Version: 1}}}
	dispatch(t, s, func(d *Dispatcher, _ func()) {
		for range 1000 {
			d.Appended(about("m-1"))
			pass(time.Millisecond)
		}
		if got := len(s.calls("platform")); got > 12 {
			t.Errorf("checked %d times in a second", got)
		}
	})
}

// A retry runs when it is due, to within checkGap; an endpoint with nothing due is checked every checkEvery.
func TestRetriesRunWhenDue(t *testing.T) {
	delays := []time.Duration{5 * time.Second, 3 * time.Second, 1500 * time.Millisecond}
	s := &script{endpoints: []webhooks.Endpoint{{ID: "e", Version: 1}}, deliver: func(_ context.Context, _ string, call int) (time.Time, error) {
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
			t.Fatalf("checked at %v, want %v", got, want)
		}
		for i := range want {
			if late := got[i] - want[i]; late < 0 || late > checkGap {
				t.Errorf("check %d at %v, want %v", i, got[i], want[i])
			}
		}
	})
}

// The active endpoints are read again after listEvery, though no entry was about one.
func TestNewAndResumedEndpointsAreFound(t *testing.T) {
	s := &script{}
	dispatch(t, s, func(_ *Dispatcher, _ func()) {
		pass(10 * time.Second)
		s.set(func() { s.endpoints = []webhooks.Endpoint{{ID: "e", Version: 1}} })
		pass(listEvery + checkGap)
		if got := s.calls("e"); len(got) != 1 {
			t.Errorf("checked at %v", got)
		}
		checked := len(s.calls("e"))
		s.set(func() { s.endpoints[0].Version = 3 })
		pass(listEvery + checkGap)
		if got := s.calls("e"); len(got) <= checked {
			t.Errorf("changed, checked at %v", got)
		}
	})
}

// aboutEndpoint is an entry that says that an endpoint of a shop changed.
func aboutEndpoint(id, merchant string) []cloudtag.Entry {
	return []cloudtag.Entry{{Seq: 1, Subjects: []cloudtag.Subject{cloudtag.Subject("webhook:" + id), cloudtag.Subject("merchant:" + merchant)}}}
}

// While the log grows, the active endpoints are read every listEvery only; at once when an entry is about one of them.
func TestEndpointsAreReadAgainWhenAnEntryIsAboutOne(t *testing.T) {
	s := &script{endpoints: []webhooks.Endpoint{{ID: "platform", Version: 1}}}
	dispatch(t, s, func(d *Dispatcher, _ func()) {
		for range 1000 {
			d.Appended(about("m-1"))
			pass(20 * time.Millisecond)
		}
		if got := s.readCount(); got < 4 || got > 5 {
			t.Errorf("read %d times in 20 seconds, want once in %v", got, listEvery)
		}
		for id, change := range map[string]func(){
			"made": func() {
				s.endpoints = append(s.endpoints, webhooks.Endpoint{ID: "made", Version: 1, MerchantID: "m-2"})
			},
			"second": func() {
				s.endpoints = append(s.endpoints, webhooks.Endpoint{ID: "second", Version: 7, MerchantID: "m-2"})
			},
		} {
			s.set(change)
			d.Appended(aboutEndpoint(id, "m-2"))
			pass(checkGap)
			if got := s.calls(id); len(got) != 1 {
				t.Errorf("%s was checked at %v", id, got)
			}
		}
		s.set(func() { s.endpoints = s.endpoints[:1] })
		d.Appended(aboutEndpoint("made", "m-2"))
		pass(checkGap)
		before := len(s.calls("made"))
		for range 10 {
			d.Appended(about("m-2"))
			pass(time.Second)
		}
		if got := s.calls("made"); len(got) != before {
			t.Errorf("paused, checked at %v", got)
		}
	})
}

// An entry about an endpoint is not forgotten when the endpoints can't be read just then, nor one that comes while they
// are being read.
func TestChangesAreNotForgottenWhenReadingFails(t *testing.T) {
	s := &script{endpoints: []webhooks.Endpoint{{ID: "e", Version: 1}}}
	dispatch(t, s, func(d *Dispatcher, _ func()) {
		pass(time.Second)
		s.set(func() {
			s.away = errors.New("the store is away")
			s.endpoints = append(s.endpoints, webhooks.Endpoint{ID: "made", Version: 1, MerchantID: "m-1"})
		})
		d.Appended(aboutEndpoint("made", "m-1"))
		pass(checkGap)
		reads := s.readCount()
		s.set(func() { s.away = nil })
		pass(listAgain + checkGap)
		if got := s.calls("made"); s.readCount() != reads+1 || len(got) != 1 {
			t.Errorf("read %d times, checked at %v", s.readCount()-reads, got)
		}
		s.set(func() {
			s.meanwhile = func() {
				s.set(func() {
					s.endpoints = append(s.endpoints, webhooks.Endpoint{ID: "late", Version: 1, MerchantID: "m-1"})
				})
				d.Appended(aboutEndpoint("late", "m-1"))
			}
		})
		d.Appended(aboutEndpoint("made", "m-1"))
		pass(3 * checkGap)
		if got := s.calls("late"); len(got) != 1 {
			t.Errorf("one that was created while they were read was checked at %v", got)
		}
	})
}

// However many endpoints are due, their turns need not end one in each gap.
func TestManyEndpointsEndWithinOneGap(t *testing.T) {
	s := &script{}
	for n := range 10 * maxRunning {
		s.endpoints = append(s.endpoints, webhooks.Endpoint{ID: fmt.Sprintf("e-%d", n), Version: 1})
	}
	dispatch(t, s, func(_ *Dispatcher, _ func()) {
		pass(12 * checkGap)
		for _, endpoint := range s.endpoints {
			if got := s.calls(endpoint.ID); len(got) != 1 {
				t.Fatalf("%s was checked at %v", endpoint.ID, got)
			}
		}
	})
}

// Waiting reports what the turns reported; an endpoint that could not be checked counts from when that was tried, and one that
// is no longer active does not count.
func TestWaiting(t *testing.T) {
	s := &script{endpoints: []webhooks.Endpoint{{ID: "late", Version: 1}, {ID: "later", Version: 1}, {ID: "idle", Version: 1}, {ID: "broken", Version: 1}}}
	s.deliver = func(_ context.Context, id string, _ int) (time.Time, error) {
		if id == "broken" {
			return time.Time{}, errors.New("the store is away")
		}
		return time.Time{}, nil
	}
	dispatch(t, s, func(d *Dispatcher, _ func()) {
		expect := func(when string, want int, since time.Time) {
			t.Helper()
			if got, at := d.Waiting(); got != want || !at.Equal(since) {
				t.Errorf("%s: %d wait since %v, want %d since %v", when, got, at, want, since)
			}
		}
		expect("one could not be checked", 1, s.began)
		late, later := s.began.Add(-time.Hour), s.began.Add(-time.Minute)
		s.set(func() {
			s.waiting = map[string]time.Time{"late": late, "later": later, "idle": {}}
		})
		pass(checkEvery + time.Second)
		expect("two wait", 3, late)
		s.set(func() { s.waiting["late"] = time.Time{}; s.waiting["broken"] = time.Time{} })
		pass(checkEvery + time.Second)
		expect("one wait is over", 2, later)
		s.set(func() { s.endpoints = s.endpoints[2:] })
		d.Appended(aboutEndpoint("later", "m-1"))
		pass(checkGap)
		if got, since := d.Waiting(); got != 1 || since.Before(s.began.Add(checkEvery)) {
			t.Errorf("the others are paused, but %d wait since %v", got, since)
		}
	})
}

// Endpoints that there is no room for count as waiting.
func TestWaitingForRoom(t *testing.T) {
	s := &script{waiting: map[string]time.Time{}}
	for n := range maxRunning + 3 {
		id := fmt.Sprintf("e-%d", n)
		s.endpoints = append(s.endpoints, webhooks.Endpoint{ID: id, Version: 1})
		s.waiting[id] = time.Time{}
	}
	dispatch(t, s, func(d *Dispatcher, _ func()) {
		hold := make(chan struct{})
		s.set(func() {
			s.deliver = func(context.Context, string, int) (time.Time, error) {
				<-hold
				return time.Time{}, nil
			}
		})
		pass(checkEvery + checkGap)
		if got, since := d.Waiting(); got != 3 || time.Since(since) > checkGap {
			t.Errorf("%d wait since %v, want those that there is no room for", got, since)
		}
		pass(time.Minute)
		if got, since := d.Waiting(); got != 3 || time.Since(since) < time.Minute {
			t.Errorf("a minute later %d wait since %v", got, since)
		}
		close(hold)
		pass(time.Second)
		if got, _ := d.Waiting(); got != 0 {
			t.Errorf("%d wait though all were checked", got)
		}
	})
}

// Each endpoint has one goroutine, and one that hangs or fails delays no other.
func TestEndpointsAreIndependent(t *testing.T) {
	hold := make(chan struct{})
	s := &script{endpoints: []webhooks.Endpoint{{ID: "slow", Version: 1}, {ID: "broken", Version: 1}, {ID: "fine", Version: 1}}}
	synctest.Test(t, func(*testing.T) { hold = make(chan struct{}) })
	dispatch(t, s, func(d *Dispatcher, _ func()) {
		hold = make(chan struct{})
		s.mu.Lock()
		s.deliver = func(_ context.Context, id string, _ int) (time.Time, error) {
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
				t.Errorf("%s was checked at %v", id, got)
			}
		}
		close(hold)
		pass(time.Second)
		if got := s.calls("slow"); len(got) != 3 {
			t.Errorf("what came meanwhile was forgotten: %v", got)
		}
	})
}

// Run ends once the turns that run have ended.
func TestStopDrains(t *testing.T) {
	finished := false
	s := &script{endpoints: []webhooks.Endpoint{{ID: "e", Version: 1}}, deliver: func(ctx context.Context, _ string, _ int) (time.Time, error) {
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
