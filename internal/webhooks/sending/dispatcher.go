package sending

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/webhooks"
)

// The pace of the dispatcher.
const (
	listEvery   = 5 * time.Second        // the active endpoints are read, though no entry is about one
	listAgain   = time.Second            // … after they could not be read
	checkEvery  = 5 * time.Second        // each endpoint is checked for due deliveries, though no entry concerns it
	checkGap    = 100 * time.Millisecond // at least, between checks, however fast the log grows
	maxRunning  = 32                     // endpoints that are delivered to at once
	retryFailed = 5 * time.Second        // after an error of our own, such as the store's
)

// deliverer delivers to endpoints: a [webhooks.Deliverer].
type deliverer interface {
	Active(ctx context.Context) ([]webhooks.Endpoint, error)
	Deliver(ctx context.Context, id string, waiting func(since time.Time)) (next time.Time, err error)
}

// Dispatcher runs deliveries whenever there is something to deliver: as the log grows, and as retries become due. What it
// knows of endpoints only saves checking them; whatever it misses it finds at the next check.
//
// The active endpoints are read again once an entry is about one of them, whichever instance wrote it, since an endpoint
// never changes without an entry; and after listEvery, in case the entry was missed. An endpoint that was stopped in the
// meantime is sent nothing: [webhooks.Deliverer.Deliver] reads it before each round.
type Dispatcher struct {
	deliverer deliverer
	clock     cloudtag.Clock
	log       *slog.Logger
	wake      chan struct{}

	mu      sync.Mutex
	grown   bool                             // the log, since the last check
	touched map[cloudtag.MerchantID]struct{} // shops that entries since then are about
	changed bool                             // an endpoint, since they were last read
	waiting map[string]time.Time             // endpoints with undelivered events, and when the oldest happened
}

// NewDispatcher returns a dispatcher; give it a goroutine with [Dispatcher.Run].
func NewDispatcher(deliverer deliverer, clock cloudtag.Clock, log *slog.Logger) *Dispatcher {
	return &Dispatcher{
		deliverer: deliverer, clock: clock, log: log, wake: make(chan struct{}, 1),
		touched: map[cloudtag.MerchantID]struct{}{}, waiting: map[string]time.Time{},
	}
}

// Appended notifies the dispatcher of new entries. It never blocks.
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

// takeGrown returns what was appended since the last call.
func (d *Dispatcher) takeGrown() (grown bool, touched map[cloudtag.MerchantID]struct{}) {
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

// delivered is the outcome of a turn of one endpoint.
type delivered struct {
	id   string
	next time.Time
	err  error
}

// Run delivers until the context ends; requests that are under way then get to finish, which takes [SendTimeout] and
// the store's time at most. It returns nil.
func (d *Dispatcher) Run(ctx context.Context) error {
	known, ended := newRoster(), make(chan delivered)
	failing := false
	timer := time.NewTimer(0)
	defer timer.Stop()
	gap := time.NewTimer(0) // wake-ups before it has run out wait
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
		gap.Reset(checkGap)
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
		known.mark(d.takeGrown())
		timer.Reset(max(checkGap, d.begin(ctx, known, now, ended).Sub(now)))
	}
}

// collect waits until the gap is over and finishes the turns that end meanwhile. false: the context ended.
func (d *Dispatcher) collect(ctx context.Context, known *roster, ended <-chan delivered, gap *time.Timer) bool {
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

// begin starts a turn of every endpoint that is due, as far as there is room, and returns when the next one is due.
func (d *Dispatcher) begin(ctx context.Context, known *roster, now time.Time, ended chan<- delivered) time.Time {
	next := known.readAt.Add(listEvery)
	for id, endpoint := range known.endpoints {
		switch {
		case endpoint.running:
		case !endpoint.listed:
			delete(known.endpoints, id)
			d.setWaiting(id, time.Time{})
		case !endpoint.due && now.Before(endpoint.nextAt):
			next = earlier(next, endpoint.nextAt)
		case known.running == maxRunning: // the next turn that ends makes room
			d.unchecked(id, now)
		default:
			endpoint.running, endpoint.due = true, false
			known.running++
			go d.deliver(ctx, id, ended)
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

// read reads the active endpoints again where what is known may be out of date. An entry about an endpoint that arrives while
// they are being read makes the next call read them again.
func (d *Dispatcher) read(ctx context.Context, known *roster) error {
	now := d.clock.Now()
	if !d.takeChanged() && known.fresh(now) {
		return nil
	}
	known.readAt = time.Time{}
	active, err := d.deliverer.Active(ctx)
	if err != nil {
		return err
	}
	known.take(active, now)
	return nil
}

// deliver runs one turn of an endpoint, and always reports its end: Run waits for it.
func (d *Dispatcher) deliver(ctx context.Context, id string, ended chan<- delivered) {
	done := delivered{id: id}
	done.err = cloudtag.Protected(func() (err error) {
		done.next, err = d.deliverer.Deliver(ctx, id, func(since time.Time) { d.setWaiting(id, since) })
		return err
	})
	ended <- done
}

func (d *Dispatcher) finish(known *roster, done delivered) {
	of, now := known.endpoints[done.id], d.clock.Now()
	known.running--
	of.running = false
	of.nextAt = now.Add(checkEvery)
	switch {
	case done.err != nil:
		of.nextAt = now.Add(retryFailed)
		d.unchecked(done.id, now)
		d.log.Error("webhook deliveries failed", "endpoint", done.id, "error", done.err)
	case !done.next.IsZero() && done.next.Before(of.nextAt):
		of.nextAt = done.next
	}
}

// setWaiting notes when the oldest undelivered event of an endpoint happened; zero: it has none.
func (d *Dispatcher) setWaiting(id string, since time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if since.IsZero() {
		delete(d.waiting, id)
	} else {
		d.waiting[id] = since
	}
}

// unchecked notes that an endpoint could not be checked, and may have undelivered events from now on, unless it is known to
// have older ones.
func (d *Dispatcher) unchecked(id string, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, known := d.waiting[id]; !known {
		d.waiting[id] = now
	}
}

// Waiting returns how many endpoints have undelivered events, and when the oldest of these happened; zero when there are none.
func (d *Dispatcher) Waiting() (endpoints int, since time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, at := range d.waiting {
		if since.IsZero() || at.Before(since) {
			since = at
		}
	}
	return len(d.waiting), since
}
