package webhooks

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"cloudtag/internal/cloudtag"
)

// The pace of the dispatcher.
const (
	pollEvery = time.Second            // it looks for endpoints that were made or resumed elsewhere
	lookEvery = 5 * time.Second        // it looks whether there is anything for each, whatever it was told
	lookGap   = 100 * time.Millisecond // between looks, however fast the log grows
	atOnce    = 32                     // endpoints that are delivered to at once
	afterFail = 5 * time.Second        // until deliveries that failed for a reason of ours are tried again
)

// Deliveries is the domain's part: which endpoints there are, and what is to be done for one.
type Deliveries interface {
	Active(ctx context.Context) ([]cloudtag.WebhookEndpoint, error)
	Carry(ctx context.Context, id string) (next time.Time, err error)
}

// Dispatcher carries deliveries on whenever there is something to deliver: as the log grows, and as retries become due.
// What it knows is a hint that saves looking; whatever it misses it finds at its next look.
type Dispatcher struct {
	deliveries Deliveries
	clock      cloudtag.Clock
	log        *slog.Logger
	wake       chan struct{}

	mu      sync.Mutex
	grown   bool                             // the log, since the last look
	touched map[cloudtag.MerchantID]struct{} // shops that entries since then are about
}

// NewDispatcher returns a dispatcher; give it a goroutine with [Dispatcher.Run].
func NewDispatcher(deliveries Deliveries, clock cloudtag.Clock, log *slog.Logger) *Dispatcher {
	return &Dispatcher{
		deliveries: deliveries, clock: clock, log: log, wake: make(chan struct{}, 1),
		touched: map[cloudtag.MerchantID]struct{}{},
	}
}

// Appended tells the dispatcher of entries. It never blocks.
func (d *Dispatcher) Appended(entries []cloudtag.Entry) {
	if len(entries) == 0 {
		return
	}
	d.mu.Lock()
	d.grown = true
	for _, entry := range entries {
		if merchant := entry.Subject("merchant"); merchant != "" {
			d.touched[cloudtag.MerchantID(merchant)] = struct{}{}
		}
	}
	d.mu.Unlock()
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// news is what was appended since the last call.
func (d *Dispatcher) news() (grown bool, touched map[cloudtag.MerchantID]struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
	grown, touched = d.grown, d.touched
	d.grown, d.touched = false, map[cloudtag.MerchantID]struct{}{}
	return grown, touched
}

// standing is what the dispatcher knows of one endpoint.
type standing struct {
	version int
	running bool
	due     bool      // something may have happened since it was last begun
	nextAt  time.Time // when it is due anyway
}

// carried is what became of one endpoint's deliveries.
type carried struct {
	id   string
	next time.Time
	err  error
}

// Run delivers until the context ends; requests that are under way then get to finish, which takes [SendTimeout] and
// the store's time at most. It returns nil.
func (d *Dispatcher) Run(ctx context.Context) error {
	known, ended := map[string]*standing{}, make(chan carried)
	running, failing := 0, false
	timer := time.NewTimer(0)
	defer timer.Stop()
	gap := time.NewTimer(0) // keeps looks apart: wake-ups before it has run out wait
	defer gap.Stop()
	for {
		select {
		case <-ctx.Done():
			for ; running > 0; running-- {
				<-ended
			}
			return nil
		case done := <-ended:
			running--
			d.finish(known, done)
		case <-timer.C:
		case <-d.wake:
		}
		select {
		case <-gap.C:
		case <-ctx.Done():
			continue
		}
		gap.Reset(lookGap)
		endpoints, err := d.deliveries.Active(ctx)
		if err != nil {
			if ctx.Err() == nil && !failing {
				d.log.ErrorContext(ctx, "cannot find the webhooks; deliveries wait", "error", err)
			}
			failing = true
			timer.Reset(pollEvery)
			continue
		}
		failing = false
		now := d.clock.Now()
		d.mark(known, endpoints, now)
		next := now.Add(pollEvery)
		for id, endpoint := range known {
			if endpoint.running {
				continue
			}
			if (endpoint.due || !now.Before(endpoint.nextAt)) && running < atOnce {
				endpoint.running, endpoint.due = true, false
				running++
				go d.carry(ctx, id, ended)
			} else if endpoint.nextAt.Before(next) {
				next = endpoint.nextAt
			}
		}
		timer.Reset(max(lookGap, next.Sub(now)))
	}
}

// mark finds out which endpoints may have something to be delivered.
func (d *Dispatcher) mark(known map[string]*standing, endpoints []cloudtag.WebhookEndpoint, now time.Time) {
	grown, touched := d.news()
	there := make(map[string]struct{}, len(endpoints))
	for _, endpoint := range endpoints {
		there[endpoint.ID] = struct{}{}
		of := known[endpoint.ID]
		if of == nil {
			of = &standing{nextAt: now}
			known[endpoint.ID] = of
		}
		_, mine := touched[endpoint.MerchantID]
		if of.version != endpoint.Version || endpoint.MerchantID == "" && grown || mine {
			of.due = true
		}
		of.version = endpoint.Version
	}
	for id, of := range known {
		if _, stays := there[id]; !stays && !of.running {
			delete(known, id)
		}
	}
}

// carry runs one endpoint's deliveries. Its end is always told: Run waits for it.
func (d *Dispatcher) carry(ctx context.Context, id string, ended chan<- carried) {
	next, err := d.deliveries.Carry(ctx, id)
	ended <- carried{id, next, err}
}

func (d *Dispatcher) finish(known map[string]*standing, done carried) {
	of, now := known[done.id], d.clock.Now()
	of.running = false
	of.nextAt = now.Add(lookEvery)
	switch {
	case done.err != nil:
		of.nextAt = now.Add(afterFail)
		d.log.Error("webhook deliveries failed", "endpoint", done.id, "error", done.err)
	case !done.next.IsZero() && done.next.Before(of.nextAt):
		of.nextAt = done.next
	}
}
