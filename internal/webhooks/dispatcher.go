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
	listEvery = 5 * time.Second        // it reads which endpoints there are, though no entry is about one
	listAgain = time.Second            // … when they could not be read
	lookEvery = 5 * time.Second        // it looks whether there is anything for each, whatever it was told
	lookGap   = 100 * time.Millisecond // between looks, however fast the log grows
	atOnce    = 32                     // endpoints that are delivered to at once
	afterFail = 5 * time.Second        // until deliveries that failed for a reason of ours are tried again
)

// Deliveries is the domain's part: which endpoints there are, and what is to be done for one.
type Deliveries interface {
	Active(ctx context.Context) ([]cloudtag.WebhookEndpoint, error)
	Carry(ctx context.Context, id string, waits func(since time.Time)) (next time.Time, err error)
}

// Dispatcher carries deliveries on whenever there is something to deliver: as the log grows, and as retries become due.
// What it knows is a hint that saves looking; whatever it misses it finds at its next look.
//
// Which endpoints there are it reads again once an entry is about one of them, whichever instance wrote it, since an
// endpoint never changes without one; and after listEvery, should it have missed the entry. An endpoint that was stopped
// in the meantime gets nothing: Carry reads it before each round.
type Dispatcher struct {
	deliveries Deliveries
	clock      cloudtag.Clock
	log        *slog.Logger
	wake       chan struct{}

	mu      sync.Mutex
	grown   bool                             // the log, since the last look
	touched map[cloudtag.MerchantID]struct{} // shops that entries since then are about
	changed bool                             // an endpoint, since they were last read
	waits   map[string]time.Time             // endpoints that have something waiting, and since when
}

// NewDispatcher returns a dispatcher; give it a goroutine with [Dispatcher.Run].
func NewDispatcher(deliveries Deliveries, clock cloudtag.Clock, log *slog.Logger) *Dispatcher {
	return &Dispatcher{
		deliveries: deliveries, clock: clock, log: log, wake: make(chan struct{}, 1),
		touched: map[cloudtag.MerchantID]struct{}{}, waits: map[string]time.Time{},
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
		d.changed = d.changed || entry.Subject("webhook") != ""
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

// takeChanged reports whether entries since the last call are about endpoints.
func (d *Dispatcher) takeChanged() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	changed := d.changed
	d.changed = false
	return changed
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
	known, ended := newRoster(), make(chan carried)
	failing := false
	timer := time.NewTimer(0)
	defer timer.Stop()
	gap := time.NewTimer(0) // keeps looks apart: wake-ups before it has run out wait
	defer gap.Stop()
	for {
		select {
		case <-ctx.Done():
			for ; known.running > 0; known.running-- {
				<-ended
			}
			return nil
		case done := <-ended:
			d.finish(known, done)
		case <-timer.C:
		case <-d.wake:
		}
		if !d.collect(ctx, known, ended, gap) {
			continue
		}
		gap.Reset(lookGap)
		if err := d.read(ctx, known); err != nil {
			if ctx.Err() == nil && !failing {
				d.log.ErrorContext(ctx, "cannot find the webhooks; deliveries wait", "error", err)
			}
			failing = true
			timer.Reset(listAgain)
			continue
		}
		failing = false
		now := d.clock.Now()
		known.mark(d.news())
		timer.Reset(max(lookGap, d.begin(ctx, known, now, ended).Sub(now)))
	}
}

// collect takes in the deliveries that end until the gap is over: there may be many in one. false: the context ended.
func (d *Dispatcher) collect(ctx context.Context, known *roster, ended <-chan carried, gap *time.Timer) bool {
	for {
		select {
		case done := <-ended:
			d.finish(known, done)
		case <-gap.C:
			return true
		case <-ctx.Done():
			return false
		}
	}
}

// begin begins with all that are due, as far as there is room, and returns when there is something to do next.
func (d *Dispatcher) begin(ctx context.Context, known *roster, now time.Time, ended chan<- carried) time.Time {
	next := known.readAt.Add(listEvery)
	for id, endpoint := range known.endpoints {
		switch {
		case endpoint.running:
		case !endpoint.listed:
			delete(known.endpoints, id)
			d.wait(id, time.Time{})
		case !endpoint.due && now.Before(endpoint.nextAt):
			next = earlier(next, endpoint.nextAt)
		case known.running == atOnce: // the next one that ends makes room
			d.waitAtMost(id, now)
		default:
			endpoint.running, endpoint.due = true, false
			known.running++
			go d.carry(ctx, id, ended)
		}
	}
	return next
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// read brings what is known of which endpoints there are up to date, where it may be old. What is told while it is being
// read makes the next call read again.
func (d *Dispatcher) read(ctx context.Context, known *roster) error {
	now := d.clock.Now()
	if !d.takeChanged() && known.fresh(now) {
		return nil
	}
	known.readAt = time.Time{}
	active, err := d.deliveries.Active(ctx)
	if err != nil {
		return err
	}
	known.take(active, now)
	return nil
}

// carry runs one endpoint's deliveries. Its end is always told: Run waits for it.
func (d *Dispatcher) carry(ctx context.Context, id string, ended chan<- carried) {
	done := carried{id: id}
	done.err = cloudtag.Protected(func() (err error) {
		done.next, err = d.deliveries.Carry(ctx, id, func(since time.Time) { d.wait(id, since) })
		return err
	})
	ended <- done
}

func (d *Dispatcher) finish(known *roster, done carried) {
	of, now := known.endpoints[done.id], d.clock.Now()
	known.running--
	of.running = false
	of.nextAt = now.Add(lookEvery)
	switch {
	case done.err != nil:
		of.nextAt = now.Add(afterFail)
		d.waitAtMost(done.id, now)
		d.log.Error("webhook deliveries failed", "endpoint", done.id, "error", done.err)
	case !done.next.IsZero() && done.next.Before(of.nextAt):
		of.nextAt = done.next
	}
}

// wait takes down since when an endpoint has something waiting; zero: it has nothing.
func (d *Dispatcher) wait(id string, since time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if since.IsZero() {
		delete(d.waits, id)
	} else {
		d.waits[id] = since
	}
}

// waitAtMost takes down that an endpoint could not be looked at, and may have something waiting since now, unless it is
// known to have something older.
func (d *Dispatcher) waitAtMost(id string, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, known := d.waits[id]; !known {
		d.waits[id] = now
	}
}

// Waiting is how many endpoints have something waiting, and since when what waits longest does; zero when nothing waits.
func (d *Dispatcher) Waiting() (endpoints int, since time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, at := range d.waits {
		if since.IsZero() || at.Before(since) {
			since = at
		}
	}
	return len(d.waits), since
}
