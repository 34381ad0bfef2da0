package webhooks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cloudtag/internal/cloudtag"
)

const (
	leaseTime   = 30 * time.Second // after a crash, nothing is delivered for this long
	turnTime    = 30 * time.Second // after which other endpoints get their turn
	saveTimeout = 10 * time.Second
)

// Store is the store of webhooks.
type Store interface {
	cloudtag.DocumentStore
	cloudtag.LogReader
	Merchants(ctx context.Context, ids []cloudtag.MerchantID) (map[cloudtag.MerchantID]cloudtag.Merchant, error)
}

// Message is one message to an endpoint.
type Message struct {
	URL  string
	ID   string
	Body []byte
	Keys [][]byte // to sign with, the current one first
}

// Answer is the outcome of one attempt to send a message.
type Answer struct {
	Attempt
	RetryAfter time.Duration // requested by the receiver; 0: not set
}

// accepted reports whether the event is delivered: only 2xx is.
func (a Answer) accepted() bool { return a.Failure == "" }

// Sender sends messages. Send returns in bounded time, whatever the receiver does, and earlier when the context ends.
type Sender interface {
	Send(ctx context.Context, message Message) Answer
}

// Observer is notified of the outcome of attempts. It must not block.
type Observer interface {
	// Attempted is called after each attempt; age is the time since the event.
	Attempted(endpoint Endpoint, attempt Attempt, age time.Duration)
	// Disabled is called for each endpoint that the product disabled.
	Disabled(endpoint Endpoint)
}

// Deliverer sends log events to endpoints, at least once, in order for each subject. The log itself is the queue: only the
// position of each endpoint in the log and the per-subject queues of refused events are stored.
//
// When the process dies between an attempt and the next save of the progress, the next holder of the lease sends the events of
// that round again. None is lost: the progress moves past an entry only once it is delivered or in its
// subject's queue.
type Deliverer struct {
	store    Store
	sender   Sender
	clock    cloudtag.Clock
	tokens   cloudtag.IDSource
	random   func() float64 // 0 to 1, for the jitter of retries
	observer Observer
}

// NewDeliverer returns the service over a store.
func NewDeliverer(store Store, sender Sender, clock cloudtag.Clock, tokens cloudtag.IDSource, random func() float64, observer Observer) *Deliverer {
	return &Deliverer{store: store, sender: sender, clock: clock, tokens: tokens, random: random, observer: observer}
}

// Active returns the endpoints that are delivered to.
func (d *Deliverer) Active(ctx context.Context) ([]Endpoint, error) {
	return endpointCodec().List(ctx, d.store, cloudtag.DocumentFilter{State: string(StateActive)}, maxEndpointsRead)
}

// Deliver sends the due events of an endpoint, in rounds, until none is due, the turn is over or the context ends; running
// requests are completed. It returns the time of the next delivery even if the log does not grow: the present after a turn that
// was cut short, zero without one. Several instances may call it concurrently; one of them delivers.
//
// Before each round it calls waiting with the time of the oldest undelivered event that this instance has read; zero without one.
func (d *Deliverer) Deliver(ctx context.Context, id string, waiting func(since time.Time)) (next time.Time, err error) {
	round := &deliveryRound{Deliverer: d, token: d.tokens.NewID()}
	turnEnds := d.clock.Now().Add(turnTime)
	for ctx.Err() == nil {
		due, err := round.collect(ctx, id)
		if err == nil {
			waiting(round.waitingSince())
		}
		if err != nil || !due {
			return round.nextAt(), errors.Join(err, round.release(ctx))
		}
		if now := d.clock.Now(); !now.Before(turnEnds) {
			return now, round.release(ctx)
		}
		if err := round.hold(ctx); err != nil {
			return d.clock.Now().Add(time.Second), cloudtag.IgnoreConflict(err)
		}
		if err := round.run(ctx); err != nil && cloudtag.CodeOf(err) != cloudtag.CodeConflict {
			return time.Time{}, errors.Join(err, round.release(ctx))
		}
	}
	return time.Time{}, round.release(ctx)
}

// nextAt returns the time of the next delivery even if the log does not grow; zero without one.
func (r *deliveryRound) nextAt() time.Time {
	switch {
	case r.endpoint.State != StateActive:
		return time.Time{}
	case r.progress.leased(r.token, r.clock.Now()):
		return r.progress.Lease.Until
	default:
		return r.progress.nextAt()
	}
}

// waitingSince returns the time of the oldest undelivered event that the round has read; entries that it has not read are
// later in the log. Zero without one, and for endpoints without deliveries.
func (r *deliveryRound) waitingSince() time.Time {
	if r.endpoint.State != StateActive {
		return time.Time{}
	}
	var oldest time.Time
	take := func(at time.Time) {
		if !at.IsZero() && (oldest.IsZero() || at.Before(oldest)) {
			oldest = at
		}
	}
	for _, queue := range r.progress.Queues {
		take(queue.EntryAt)
	}
	for _, batch := range r.batches {
		for _, entry := range batch.entries {
			take(entry.At)
		}
	}
	if oldest.IsZero() && len(r.progress.Queues) > 0 {
		return r.clock.Now() // the queues' events are not read yet
	}
	return oldest
}

// hold acquires or renews the lease for a round: only its holder sends. CONFLICT when another instance was faster.
func (r *deliveryRound) hold(ctx context.Context) error {
	lease, now := r.progress.Lease, r.clock.Now()
	if lease != nil && lease.Token == r.token && lease.Until.Sub(now) > leaseTime-roundTime {
		return nil
	}
	return r.save(ctx, &deliveryLease{Token: r.token, Until: now.Add(leaseTime)})
}

// release gives up the lease after everything is stored, so that another instance need not wait until it expires.
func (r *deliveryRound) release(ctx context.Context) error {
	if r.progress.Lease == nil {
		return nil
	}
	saving, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTimeout)
	defer cancel()
	stored, err := findProgress(saving, r.store, r.endpoint)
	if err != nil || stored.Lease == nil || stored.Lease.Token != r.token {
		return err
	}
	r.progress = stored
	return cloudtag.IgnoreConflict(r.save(saving, nil))
}

// save stores the progress with a lease, nil for none. CONFLICT when another instance changed it since.
func (r *deliveryRound) save(ctx context.Context, lease *deliveryLease) error {
	r.progress.Version++
	r.progress.Lease = lease
	if err := r.store.SaveDocument(ctx, progressCodec().Document(r.progress), nil); err != nil {
		return fmt.Errorf("store the progress of webhook %s: %w", r.endpoint.ID, err)
	}
	return nil
}

// disable stops deliveries to the endpoint, with a log entry. After a concurrent change of the endpoint, the next round decides
// again.
func (r *deliveryRound) disable(ctx context.Context, reason DisabledReason, detail string) error {
	before := r.endpoint
	after := before
	after.Version++
	after.State, after.DisabledReason, after.ChangedAt = StateDisabled, reason, r.clock.Now()
	if detail == "" {
		detail = string(reason)
	}
	err := r.store.SaveDocument(ctx, endpointCodec().Document(after), []cloudtag.Entry{after.entry(&before, systemActor, cloudtag.ActionWebhookDisabled, detail)})
	if err != nil {
		return cloudtag.IgnoreConflict(fmt.Errorf("disable webhook %s: %w", after.ID, err))
	}
	r.observer.Disabled(after)
	return nil
}
