package cloudtag

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// ActionWebhookPing is the type of the message that tries an endpoint out; the log has no such entry.
const ActionWebhookPing Action = "webhook.ping"

// The limits of pings.
const (
	maxWebhookPings   = 6 // of one owner within webhookPingPeriod
	webhookPingPeriod = time.Minute
	webhookPingsKept  = 60 // of one owner, the newest; more than can wait at once, one of each endpoint
	webhookPingsDue   = 100
	webhookPingLease  = 30 * time.Second // after which a ping is sent again whose sender has died: longer than a request takes
)

// webhookPing is one message that tries an endpoint out. It is sent once: nothing is lost with it.
type webhookPing struct {
	ID       string               `json:"id"` // of the message
	Endpoint string               `json:"endpoint"`
	At       time.Time            `json:"at"` // when it was asked for
	State    WebhookDeliveryState `json:"state"`
	Attempt  *WebhookAttempt      `json:"attempt,omitempty"`
	SentBy   time.Time            `json:"sentBy,omitzero"` // somebody is sending it until then; zero: nobody has begun
}

// webhookPings are the pings of one owner's endpoints, oldest first.
type webhookPings struct {
	Owner      string        `json:"owner"` // whose they are, see webhookOwner
	Version    int           `json:"version"`
	MerchantID MerchantID    `json:"merchantId,omitempty"`
	Pings      []webhookPing `json:"pings"`
}

// webhookOwner identifies who has endpoints: a shop, or the platform for none.
func webhookOwner(merchant MerchantID) string {
	if merchant == "" {
		return "platform"
	}
	return "merchant/" + string(merchant)
}

func webhookPingsCodec() Codec[webhookPings] {
	return Codec[webhookPings]{KindWebhookPings, func(p webhookPings) Document {
		document := Document{ID: p.Owner, Version: p.Version, State: "DONE", MerchantID: p.MerchantID, WakeAt: p.dueAt()}
		if !document.WakeAt.IsZero() {
			document.State = "QUEUED"
		}
		return document
	}}
}

// dueAt is when the next ping is to be sent; zero: none waits.
func (p webhookPings) dueAt() time.Time {
	var next time.Time
	for _, ping := range p.Pings {
		if at := ping.dueAt(); ping.State == WebhookPending && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next
}

func (p webhookPing) dueAt() time.Time {
	if p.SentBy.IsZero() {
		return p.At
	}
	return p.SentBy
}

// delivery is what is told of a ping.
func (p webhookPing) delivery() WebhookDelivery {
	delivery := WebhookDelivery{
		ID: p.Endpoint + "/ping/" + p.ID, MessageID: p.ID, Type: ActionWebhookPing, Subject: Subject("webhook:" + p.Endpoint),
		EntryAt: p.At, State: p.State,
	}
	if p.State == WebhookPending {
		delivery.NextAt = p.dueAt()
	}
	if p.Attempt != nil {
		delivery.Attempts, delivery.Tries = []WebhookAttempt{*p.Attempt}, 1
	}
	return delivery
}

// queue adds a ping of an endpoint, unless one waits already, which it returns then. RATE_LIMITED when the owner has
// asked for too many.
func (p *webhookPings) queue(ping webhookPing) (webhookPing, error) {
	recent := 0
	var oldest time.Time
	for _, before := range p.Pings {
		if before.Endpoint == ping.Endpoint && before.State == WebhookPending {
			return before, nil
		}
		if age := ping.At.Sub(before.At); age < webhookPingPeriod {
			if recent++; recent == 1 {
				oldest = before.At
			}
		}
	}
	if recent >= maxWebhookPings {
		return ping, errTooManyPings(oldest.Add(webhookPingPeriod).Sub(ping.At))
	}
	p.Pings = append(p.Pings, ping)
	p.Pings = p.Pings[max(0, len(p.Pings)-webhookPingsKept):]
	return ping, nil
}

func errTooManyPings(wait time.Duration) error {
	seconds := max(1, int((wait+time.Second-1)/time.Second))
	refusal := Refuse(CodeRateLimited, Text{
		ZH: fmt.Sprintf("每分钟最多发送 %d 条测试消息，请 %d 秒后重试。", maxWebhookPings, seconds),
		EN: fmt.Sprintf("There may be at most %d pings a minute: try again in %d s.", maxWebhookPings, seconds),
	}, "input", "id")
	refusal.RetryAfter = time.Duration(seconds) * time.Second
	return refusal
}

// find returns the ping with an identifier that waits; nil without one.
func (p *webhookPings) find(id string) *webhookPing {
	at := slices.IndexFunc(p.Pings, func(ping webhookPing) bool { return ping.ID == id && ping.State == WebhookPending })
	if at < 0 {
		return nil
	}
	return &p.Pings[at]
}

// errUnchanged is an error of edits that leave everything as it is.
var errUnchanged = errors.New("nothing changed")

// editWebhookPings changes an owner's pings, again on what is stored when another was faster. Errors: those of edit, after
// which nothing is stored.
func editWebhookPings(ctx context.Context, store DocumentStore, merchant MerchantID, edit func(*webhookPings) error) error {
	for {
		pings, err := webhookPingsCodec().Find(ctx, store, webhookOwner(merchant))
		if CodeOf(err) == CodeNotFound {
			pings, err = webhookPings{Owner: webhookOwner(merchant), MerchantID: merchant}, nil
		}
		if err != nil {
			return err
		}
		if err := edit(&pings); err != nil {
			return err
		}
		pings.Version++
		err = store.SaveDocument(ctx, webhookPingsCodec().Document(pings), nil)
		if err == nil {
			return nil
		}
		if CodeOf(err) != CodeConflict || ctx.Err() != nil {
			return fmt.Errorf("store the pings of %s: %w", pings.Owner, err)
		}
	}
}

// Ping queues a message of the type webhook.ping to an endpoint, whatever its state, and returns its delivery, which waits
// to be sent: what becomes of it is among [Webhooks.Deliveries]. While one of the endpoint waits, that is returned. Errors:
// NOT_FOUND, FORBIDDEN, RATE_LIMITED.
func (w *Webhooks) Ping(ctx context.Context, caller Caller, id string) (WebhookDelivery, error) {
	endpoint, err := w.find(ctx, caller, id, WebhookEndpoint.MayManage)
	if err != nil {
		return WebhookDelivery{}, err
	}
	asked := webhookPing{ID: "msg_ping_" + w.ids.NewID(), Endpoint: endpoint.ID, At: w.clock.Now(), State: WebhookPending}
	queued := asked
	err = editWebhookPings(ctx, w.store, endpoint.MerchantID, func(pings *webhookPings) error {
		var refusal error
		if queued, refusal = pings.queue(asked); refusal == nil && queued.ID != asked.ID {
			return errUnchanged
		}
		return refusal
	})
	if err != nil && !errors.Is(err, errUnchanged) {
		return WebhookDelivery{}, err
	}
	w.pinged()
	return queued.delivery(), nil
}

// WebhookPing names a ping that is to be sent.
type WebhookPing struct {
	ID       string // of the message
	Merchant MerchantID
	Endpoint string
}

// DuePings returns the pings that are to be sent now, those of the owners that wait longest first.
func (d *WebhookDeliveries) DuePings(ctx context.Context) ([]WebhookPing, error) {
	now := d.clock.Now()
	found, err := d.store.WakingDocuments(ctx, KindWebhookPings, now, webhookPingsDue)
	if err != nil {
		return nil, fmt.Errorf("find pings: %w", err)
	}
	owners, err := webhookPingsCodec().Records(found)
	if err != nil {
		return nil, err
	}
	var due []WebhookPing
	for _, owner := range owners {
		for _, ping := range owner.Pings {
			if ping.State == WebhookPending && !now.Before(ping.dueAt()) {
				due = append(due, WebhookPing{ID: ping.ID, Merchant: owner.MerchantID, Endpoint: ping.Endpoint})
			}
		}
	}
	return due, nil
}

// SendPing sends a ping and stores what became of it, unless another instance is sending it. When the process dies in
// between, the ping is due again after a while, and its receiver may see it twice.
func (d *WebhookDeliveries) SendPing(ctx context.Context, due WebhookPing) error {
	asked, err := d.claimPing(ctx, due)
	if errors.Is(err, errUnchanged) {
		return nil
	}
	if err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx) // what was begun is finished
	endpoint, err := webhookCodec().Find(ctx, d.store, due.Endpoint)
	if err != nil && CodeOf(err) != CodeNotFound {
		return err
	}
	state, attempt := WebhookSkipped, (*WebhookAttempt)(nil) // the endpoint was deleted meanwhile
	if err == nil && endpoint.State != webhookDeleted {
		answer := d.ping(ctx, endpoint, asked)
		attempt, state = &answer.WebhookAttempt, WebhookFailed
		if answer.accepted() {
			state = WebhookDelivered
		}
	}
	saving, cancel := context.WithTimeout(ctx, webhookSaveWithin)
	defer cancel()
	err = editWebhookPings(saving, d.store, due.Merchant, func(pings *webhookPings) error {
		ping := pings.find(due.ID)
		if ping == nil {
			return errUnchanged
		}
		ping.State, ping.Attempt, ping.SentBy = state, attempt, time.Time{}
		return nil
	})
	if errors.Is(err, errUnchanged) {
		return nil
	}
	return err
}

// claimPing keeps other instances from sending a ping. Its error is errUnchanged when one was faster.
func (d *WebhookDeliveries) claimPing(ctx context.Context, due WebhookPing) (asked webhookPing, err error) {
	err = editWebhookPings(ctx, d.store, due.Merchant, func(pings *webhookPings) error {
		now, ping := d.clock.Now(), pings.find(due.ID)
		if ping == nil || now.Before(ping.dueAt()) {
			return errUnchanged
		}
		ping.SentBy = now.Add(webhookPingLease)
		asked = *ping
		return nil
	})
	return asked, err
}

func (d *WebhookDeliveries) ping(ctx context.Context, endpoint WebhookEndpoint, asked webhookPing) WebhookAnswer {
	body := MustJSON(webhookEvent{Type: ActionWebhookPing, At: asked.At, Data: map[string]string{"endpointId": endpoint.ID}})
	answer := d.sender.Send(ctx, WebhookMessage{URL: endpoint.URL, ID: asked.ID, Body: body, Keys: endpoint.keys(d.clock.Now())})
	d.observer.Attempted(endpoint, answer.WebhookAttempt, d.clock.Now().Sub(asked.At))
	return answer
}

// webhookPingsOf returns the deliveries of an endpoint's pings.
func webhookPingsOf(ctx context.Context, store DocumentStore, endpoint WebhookEndpoint) ([]WebhookDelivery, error) {
	pings, err := webhookPingsCodec().Find(ctx, store, webhookOwner(endpoint.MerchantID))
	if err != nil && CodeOf(err) != CodeNotFound {
		return nil, err
	}
	var deliveries []WebhookDelivery
	for _, ping := range pings.Pings {
		if ping.Endpoint == endpoint.ID {
			deliveries = append(deliveries, ping.delivery())
		}
	}
	return deliveries, nil
}
