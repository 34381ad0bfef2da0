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

	"cloudtag/internal/webhooks"
)

// pingQueue is a sender of pings that records when each was sent.
type pingQueue struct {
	mu    sync.Mutex
	began time.Time
	due   []webhooks.DuePing
	sent  map[string]time.Duration
	takes time.Duration
	err   error
	reads int
}

func (q *pingQueue) DuePings(context.Context) ([]webhooks.DuePing, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.reads++
	return slices.Clone(q.due), q.err
}

func (q *pingQueue) SendPing(_ context.Context, ping webhooks.DuePing) error {
	q.mu.Lock()
	q.sent[ping.ID] = time.Since(q.began)
	q.mu.Unlock()
	<-time.After(q.takes)
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.err == nil {
		q.due = slices.DeleteFunc(q.due, func(p webhooks.DuePing) bool { return p.ID == ping.ID })
	}
	return q.err
}

func (q *pingQueue) add(id, endpoint string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.due = append(q.due, webhooks.DuePing{ID: id, Endpoint: endpoint})
}

func (q *pingQueue) sentAt() map[string]time.Duration {
	q.mu.Lock()
	defer q.mu.Unlock()
	copied := map[string]time.Duration{}
	for id, at := range q.sent {
		copied[id] = at
	}
	return copied
}

// runPinger runs a pinger in a bubble of its own time.
func runPinger(t *testing.T, takes time.Duration, test func(p *Pinger, q *pingQueue)) {
	synctest.Test(t, func(t *testing.T) {
		q := &pingQueue{began: time.Now(), sent: map[string]time.Duration{}, takes: takes}
		p := NewPinger(q, slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- p.Run(ctx) }()
		synctest.Wait()
		test(p, q)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func TestPingsAreSentWhenQueued(t *testing.T) {
	runPinger(t, 0, func(p *Pinger, q *pingQueue) {
		pass(500 * time.Millisecond)
		q.add("woken", "a")
		p.Wake()
		pass(0)
		q.add("found", "a") // by another instance
		pass(pingEvery)
		if got := q.sentAt(); got["woken"] != 500*time.Millisecond || got["found"] == 0 || got["found"] > 3*pingEvery {
			t.Errorf("sent at %v", got)
		}
	})
}

// One endpoint that answers slowly holds up its own pings and no others.
func TestOnePingOfAnEndpointAtATime(t *testing.T) {
	runPinger(t, 10*time.Second, func(p *Pinger, q *pingQueue) {
		q.add("1", "slow")
		q.add("2", "slow")
		q.add("3", "other")
		p.Wake()
		pass(time.Second)
		if got := q.sentAt(); len(got) != 2 || got["1"] != 0 || got["3"] != 0 {
			t.Errorf("sent at %v", got)
		}
		pass(10 * time.Second)
		if got := q.sentAt(); got["2"] != 10*time.Second {
			t.Errorf("sent at %v", got)
		}
		pass(10 * time.Second)
	})
}

func TestPingsAtOnceAreBounded(t *testing.T) {
	runPinger(t, 10*time.Second, func(p *Pinger, q *pingQueue) {
		for n := range pingsAtOnce + 5 {
			q.add(fmt.Sprint(n), fmt.Sprint("endpoint ", n))
		}
		p.Wake()
		pass(time.Second)
		if got := len(q.sentAt()); got != pingsAtOnce {
			t.Errorf("%d at once", got)
		}
		pass(10 * time.Second)
		if got := len(q.sentAt()); got != pingsAtOnce+5 {
			t.Errorf("%d sent", got)
		}
	})
}

// Pings that can't be sent for a reason of ours are tried again, at a pace.
func TestPingsWaitForTheStore(t *testing.T) {
	runPinger(t, 0, func(p *Pinger, q *pingQueue) {
		q.add("1", "a")
		q.mu.Lock()
		q.err = errors.New("the store is away")
		q.reads = 0
		q.mu.Unlock()
		p.Wake()
		pass(10 * pingEvery)
		if q.reads > 12 {
			t.Errorf("read %d times", q.reads)
		}
		q.mu.Lock()
		q.err = nil
		q.mu.Unlock()
		pass(pingEvery)
		if got, _ := q.DuePings(t.Context()); len(got) != 0 {
			t.Errorf("%v waits", got)
		}
	})
}
