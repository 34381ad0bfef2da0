package cloudtag

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// The size of a round of deliveries. A round ends within webhookRoundTime, one more request and
// a save, which is before the lease does.
const (
	webhookLeaseTime   = 30 * time.Second // so long nobody delivers after a crash
	webhookRoundTime   = 5 * time.Second
	webhookTurnTime    = 30 * time.Second // after which other endpoints may be waiting for room
	webhookPage        = 200              // entries that are read at once
	webhookRoundPages  = 10
	webhookRoundEvents = 64 // that are taken from the log in one round
	webhookLaneEvents  = 16 // of one lane in one round
	webhookParallel    = 8  // requests to one endpoint at once, each of another subject
	webhookSaveWithin  = 10 * time.Second
	statusGone         = 410 // of HTTP: the receiver wants no more
)

// WebhookMessage is one message to an endpoint.
type WebhookMessage struct {
	URL  string
	ID   string
	Body []byte
	Keys [][]byte // to sign with, the current one first
}

// WebhookSender sends messages. Send returns in bounded time, whatever the receiver does, and earlier when the context
// ends.
type WebhookSender interface {
	Send(ctx context.Context, message WebhookMessage) WebhookAnswer
}

// WebhookObserver is told what became of attempts. It must not block.
type WebhookObserver interface {
	// Attempted is told of one attempt, and how long ago the event had happened.
	Attempted(endpoint WebhookEndpoint, attempt WebhookAttempt, age time.Duration)
	// Disabled is told of an endpoint that the product disabled.
	Disabled(endpoint WebhookEndpoint)
}

type webhookStore interface {
	DocumentStore
	LogReader
	Merchants(ctx context.Context, ids []MerchantID) (map[MerchantID]Merchant, error)
}

// WebhookDeliveries sends endpoints what the log says, at least once, in order for each subject: the log is the queue,
// and a place in it all that is stored.
//
// What happens when the process dies: between any attempt and the next save of the progress, the events of that round
// are sent again by whoever takes the lease next; nothing is left out, since the place moves behind an entry only once it
// is delivered or waits in a lane.
type WebhookDeliveries struct {
	store    webhookStore
	sender   WebhookSender
	clock    Clock
	tokens   IDSource
	random   func() float64 // 0 to 1, for the spread of retries
	observer WebhookObserver
}

// NewWebhookDeliveries returns the service over a store.
func NewWebhookDeliveries(store webhookStore, sender WebhookSender, clock Clock, tokens IDSource, random func() float64, observer WebhookObserver) *WebhookDeliveries {
	return &WebhookDeliveries{store: store, sender: sender, clock: clock, tokens: tokens, random: random, observer: observer}
}

// Active returns the endpoints that are to be delivered to.
func (d *WebhookDeliveries) Active(ctx context.Context) ([]WebhookEndpoint, error) {
	return webhookCodec().List(ctx, d.store, DocumentFilter{State: string(WebhookActive)}, maxWebhookEndpointsRead)
}

// findWebhookProgress returns where the deliveries to an endpoint stand; for one that was never delivered to, at its
// start.
func findWebhookProgress(ctx context.Context, store DocumentStore, endpoint WebhookEndpoint) (webhookProgress, error) {
	progress, err := webhookProgressCodec().Find(ctx, store, endpoint.ID)
	if CodeOf(err) == CodeNotFound {
		return webhookProgress{Endpoint: endpoint.ID, Through: endpoint.StartSeq}, nil
	}
	return progress, err
}

// webhookRound is one endpoint being delivered to by this instance.
type webhookRound struct {
	*WebhookDeliveries
	endpoint  WebhookEndpoint
	progress  webhookProgress
	selection webhookSelection
	token     string

	work    []webhookWork
	through int64            // up to where the log is read in this round
	later   map[Subject]bool // subjects that wait, of which the round read more
}

// Carry delivers what is due to an endpoint until nothing is, its turn is over or the context ends; requests that are
// under way then get to finish. It returns when the endpoint needs the next look even if the log does not grow, which is
// at once after a turn; zero: never. Several instances may call it at once: one of them delivers. At each look it tells
// waits when the oldest event happened that the endpoint has still to be told of, as far as this instance has read; zero:
// there is none.
func (d *WebhookDeliveries) Carry(ctx context.Context, id string, waits func(since time.Time)) (next time.Time, err error) {
	round := &webhookRound{WebhookDeliveries: d, token: d.tokens.NewID()}
	turnEnds := d.clock.Now().Add(webhookTurnTime)
	for ctx.Err() == nil {
		due, err := round.look(ctx, id)
		if err == nil {
			waits(round.waitsSince())
		}
		if err != nil || !due {
			return round.nextLook(), errors.Join(err, round.release(ctx))
		}
		if now := d.clock.Now(); !now.Before(turnEnds) {
			return now, round.release(ctx)
		}
		if err := round.hold(ctx); err != nil {
			return d.clock.Now().Add(time.Second), IgnoreConflict(err)
		}
		if err := round.deliver(ctx); err != nil && CodeOf(err) != CodeConflict {
			return time.Time{}, errors.Join(err, round.release(ctx))
		}
	}
	return time.Time{}, round.release(ctx)
}

// nextLook is when there is something to do even if the log does not grow.
func (r *webhookRound) nextLook() time.Time {
	switch {
	case r.endpoint.State != WebhookActive:
		return time.Time{}
	case r.progress.leased(r.token, r.clock.Now()):
		return r.progress.Lease.Until
	default:
		return r.progress.nextAt()
	}
}

// waitsSince is when the oldest event happened that waits, as far as the last look has read: what it has not read is
// behind that in the log. Zero: nothing waits, or the endpoint is not to be delivered to.
func (r *webhookRound) waitsSince() time.Time {
	if r.endpoint.State != WebhookActive {
		return time.Time{}
	}
	var oldest time.Time
	take := func(at time.Time) {
		if !at.IsZero() && (oldest.IsZero() || at.Before(oldest)) {
			oldest = at
		}
	}
	for _, lane := range r.progress.Lanes {
		take(lane.EntryAt)
	}
	for _, work := range r.work {
		for _, entry := range work.entries {
			take(entry.At)
		}
	}
	if oldest.IsZero() && len(r.progress.Lanes) > 0 {
		return r.clock.Now() // nobody has read yet what it is that waits
	}
	return oldest
}

// hold takes the lease, or makes it last for another round: only its holder sends. CONFLICT when another was faster.
func (r *webhookRound) hold(ctx context.Context) error {
	lease, now := r.progress.Lease, r.clock.Now()
	if lease != nil && lease.Token == r.token && lease.Until.Sub(now) > webhookLeaseTime-webhookRoundTime {
		return nil
	}
	return r.save(ctx, &webhookLease{Token: r.token, Until: now.Add(webhookLeaseTime)})
}

// look finds out what there is to do, as everything stands now.
func (r *webhookRound) look(ctx context.Context, id string) (due bool, err error) {
	if r.endpoint, err = webhookCodec().Find(ctx, r.store, id); err != nil {
		return false, err
	}
	if r.progress, err = findWebhookProgress(ctx, r.store, r.endpoint); err != nil {
		return false, err
	}
	now := r.clock.Now()
	r.work, r.through, r.later = nil, r.progress.Through, map[Subject]bool{}
	if r.endpoint.State != WebhookActive || r.progress.leased(r.token, now) {
		return false, nil
	}
	if may, err := r.admit(ctx); err != nil || !may {
		return false, err
	}
	if now.Before(r.progress.NotBefore) {
		return false, nil
	}
	r.selection = newWebhookSelection(r.endpoint)
	if err := r.gatherLanes(ctx, now); err != nil {
		return false, err
	}
	if err := r.gatherLog(ctx); err != nil {
		return false, err
	}
	// Passing over entries that the endpoint is not told of is stored once it spares reading them again.
	return len(r.work) > 0 || r.through-r.progress.Through >= webhookPage, nil
}

// admit disables the endpoint of a shop that lost its permission for good: it is told nothing more (rule 13).
func (r *webhookRound) admit(ctx context.Context) (bool, error) {
	if r.endpoint.MerchantID == "" {
		return true, nil
	}
	found, err := r.store.Merchants(ctx, []MerchantID{r.endpoint.MerchantID})
	if err != nil {
		return false, fmt.Errorf("find merchant: %w", err)
	}
	if found[r.endpoint.MerchantID].Permission != PermissionRevoked {
		return true, nil
	}
	return false, r.disable(ctx, WebhookShopRevoked, "")
}

// gatherLanes takes the events of subjects whose time has come.
func (r *webhookRound) gatherLanes(ctx context.Context, now time.Time) error {
	for _, lane := range r.progress.Lanes {
		if now.Before(lane.NextAt) {
			continue
		}
		work := webhookWork{subject: lane.Subject}
		after := lane.Next - 1
		for more := true; more && len(work.entries) < webhookLaneEvents; {
			var entries []Entry
			var err error
			entries, more, err = r.store.LogPage(ctx, LogFilter{Subject: lane.Subject}, Slice{
				Limit: webhookPage, After: &Position{Key: after}, Before: &Position{Key: r.progress.Through + 1},
			})
			if err != nil {
				return fmt.Errorf("read log: %w", err)
			}
			for _, entry := range entries {
				if len(work.entries) == webhookLaneEvents {
					more = true
					break
				}
				if of, wanted := r.selection.lane(entry); wanted && of == lane.Subject {
					work.entries = append(work.entries, entry)
				}
				after = entry.Seq
			}
			work.more = more
		}
		if work.through = after; !work.more {
			work.through = r.progress.Through
		}
		r.work = append(r.work, work)
	}
	return nil
}

// gatherLog takes events that nobody has looked at yet, as many as there is room for in lanes should they be refused.
func (r *webhookRound) gatherLog(ctx context.Context) error {
	fresh, room := map[Subject]int{}, maxWebhookLanes-len(r.progress.Lanes)
	events := 0
	for page, more := 0, true; more && page < webhookRoundPages && events < webhookRoundEvents; page++ {
		var entries []Entry
		var err error
		entries, more, err = r.store.LogPage(ctx, r.selection.filter(), Slice{Limit: webhookPage, After: &Position{Key: r.through}})
		if err != nil {
			return fmt.Errorf("read log: %w", err)
		}
		for _, entry := range entries {
			subject, wanted := r.selection.lane(entry)
			switch {
			case wanted && r.progress.lane(subject) >= 0:
				r.later[subject] = true
			case wanted:
				at, known := fresh[subject]
				if events == webhookRoundEvents || !known && len(fresh) >= room {
					return nil
				}
				if !known {
					at = len(r.work)
					fresh[subject] = at
					r.work = append(r.work, webhookWork{subject: subject})
				}
				r.work[at].entries = append(r.work[at].entries, entry)
				events++
			}
			r.through = entry.Seq
		}
	}
	return nil
}

// deliver sends what was gathered and stores how far it came: the history first, since it is only told up to what the
// progress says.
func (r *webhookRound) deliver(ctx context.Context) error {
	rounds := r.send(ctx)
	now := r.clock.Now()
	gone := false
	for i, done := range rounds {
		gone = gone || done.refused != nil && done.refused.Status == statusGone
		rounds[i].more = done.more || r.later[done.subject]
	}
	delivered := r.progress.apply(rounds, r.through, now, r.random)
	saving, cancel := context.WithTimeout(context.WithoutCancel(ctx), webhookSaveWithin)
	defer cancel()
	if err := recordWebhooks(saving, r.store, r.endpoint.ID, r.progress.Recorded, delivered); err != nil {
		return err
	}
	r.progress.Recorded += int64(len(delivered))
	if err := r.save(saving, &webhookLease{Token: r.token, Until: now.Add(webhookLeaseTime)}); err != nil {
		return err
	}
	if gone {
		return r.disable(saving, WebhookGone, "")
	}
	for _, lane := range r.progress.Lanes {
		if lane.exhausted(now) {
			return r.disable(saving, WebhookFailing, fmt.Sprintf("an event was refused %d times in %v", lane.Failures, webhookGiveUpAfter))
		}
	}
	return nil
}

// send sends each subject's events one after the other, several subjects at once, until all is sent, something is
// refused, or the round is over.
func (r *webhookRound) send(ctx context.Context) []webhookDone {
	rounds := make([]webhookDone, len(r.work))
	end := r.clock.Now().Add(webhookRoundTime)
	var held atomic.Bool // the receiver asked to be left alone
	Parallel(len(r.work), webhookParallel, func(i int) {
		rounds[i] = webhookDone{webhookWork: r.work[i]}
		for _, entry := range r.work[i].entries {
			if ctx.Err() != nil || held.Load() || !r.clock.Now().Before(end) {
				return
			}
			answer, err := r.attempt(ctx, entry)
			if err != nil {
				answer.Failure = WebhookUnreachable
			}
			if !answer.accepted() {
				if answer.RetryAfter > 0 || answer.Status == statusGone {
					held.Store(true)
				}
				rounds[i].refused = &answer
				return
			}
			rounds[i].delivered = append(rounds[i].delivered, answer.WebhookAttempt)
		}
	})
	return rounds
}

func (r *webhookRound) attempt(ctx context.Context, entry Entry) (WebhookAnswer, error) {
	body, err := r.selection.body(entry)
	if err != nil {
		return WebhookAnswer{WebhookAttempt: WebhookAttempt{At: r.clock.Now()}}, err
	}
	answer := r.sender.Send(context.WithoutCancel(ctx), WebhookMessage{
		URL: r.endpoint.URL, ID: r.endpoint.messageID(entry.Seq), Body: body, Keys: r.endpoint.keys(r.clock.Now()),
	})
	r.observer.Attempted(r.endpoint, answer.WebhookAttempt, r.clock.Now().Sub(entry.At))
	return answer, nil
}

// save stores the progress with a lease, nil for none. CONFLICT when another changed it since.
func (r *webhookRound) save(ctx context.Context, lease *webhookLease) error {
	r.progress.Version++
	r.progress.Lease = lease
	if err := r.store.SaveDocument(ctx, webhookProgressCodec().Document(r.progress), nil); err != nil {
		return fmt.Errorf("store the progress of webhook %s: %w", r.endpoint.ID, err)
	}
	return nil
}

// release gives the lease back, as everything is stored, so that another need not wait for its end.
func (r *webhookRound) release(ctx context.Context) error {
	if r.progress.Lease == nil {
		return nil
	}
	saving, cancel := context.WithTimeout(context.WithoutCancel(ctx), webhookSaveWithin)
	defer cancel()
	stored, err := findWebhookProgress(saving, r.store, r.endpoint)
	if err != nil || stored.Lease == nil || stored.Lease.Token != r.token {
		return err
	}
	r.progress = stored
	return IgnoreConflict(r.save(saving, nil))
}

// disable stops an endpoint and says so in the log. When somebody changes it at the same moment, the next look decides.
func (r *webhookRound) disable(ctx context.Context, reason WebhookDisabledReason, detail string) error {
	before := r.endpoint
	after := before
	after.Version++
	after.State, after.DisabledReason, after.ChangedAt = WebhookDisabled, reason, r.clock.Now()
	if detail == "" {
		detail = string(reason)
	}
	err := r.store.SaveDocument(ctx, webhookCodec().Document(after), []Entry{after.entry(&before, webhookActor, ActionWebhookDisabled, detail)})
	if err != nil {
		return IgnoreConflict(fmt.Errorf("disable webhook %s: %w", after.ID, err))
	}
	r.observer.Disabled(after)
	return nil
}
