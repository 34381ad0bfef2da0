package webhooks

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// ActionPing is the type of the message that tests an endpoint; the log has no such entry.
const ActionPing cloudtag.Action = "webhook.ping"

// The limits of pings.
const (
	maxPings   = 6 // of one owner within pingPeriod
	pingPeriod = time.Minute
	pingsKept  = 60 // of one owner, the newest; more than can be queued at once, one of each endpoint
	pingsDue   = 100
	pingLease  = 30 * time.Second // after which a ping whose sender has died is sent again: longer than a request takes
)

// queuedPing is a message that tests an endpoint. It is sent once, without retries.
type queuedPing struct {
	ID       string        `json:"id"` // of the message
	Endpoint string        `json:"endpoint"`
	At       time.Time     `json:"at"` // when it was asked for
	State    DeliveryState `json:"state"`
	Attempt  *Attempt      `json:"attempt,omitempty"`
	SentBy   time.Time     `json:"sentBy,omitzero"` // until when an instance has leased it for sending; zero: none has
}

// ownerPings are the pings of one owner's endpoints, oldest first.
type ownerPings struct {
	Owner      string              `json:"owner"` // see ownerName
	Version    int                 `json:"version"`
	MerchantID cloudtag.MerchantID `json:"merchantId,omitempty"`
	Pings      []queuedPing        `json:"pings"`
}

// ownerName identifies an owner of endpoints: a shop, or the platform for none.
func ownerName(merchant cloudtag.MerchantID) string {
	if merchant == "" {
		return "platform"
	}
	return "merchant/" + string(merchant)
}

func pingsCodec() cloudtag.Codec[ownerPings] {
	return cloudtag.Codec[ownerPings]{Kind: cloudtag.KindWebhookPings, Encode: func(p ownerPings) cloudtag.Document {
		document := cloudtag.Document{ID: p.Owner, Version: p.Version, State: "DONE", MerchantID: p.MerchantID, WakeAt: p.dueAt()}
		if !document.WakeAt.IsZero() {
			document.State = "QUEUED"
		}
		return document
	}}
}

// dueAt is when the next ping is to be sent; zero: none is queued.
func (p ownerPings) dueAt() time.Time {
	var next time.Time
	for _, ping := range p.Pings {
		if at := ping.dueAt(); ping.State == DeliveryPending && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next
}

func (p queuedPing) dueAt() time.Time {
	if p.SentBy.IsZero() {
		return p.At
	}
	return p.SentBy
}

// delivery is the record of a ping.
func (p queuedPing) delivery() Delivery {
	delivery := Delivery{
		ID: p.Endpoint + "/ping/" + p.ID, MessageID: p.ID, Type: ActionPing, Subject: cloudtag.Subject("webhook:" + p.Endpoint),
		EntryAt: p.At, State: p.State,
	}
	if p.State == DeliveryPending {
		delivery.NextAt = p.dueAt()
	}
	if p.Attempt != nil {
		delivery.Attempts, delivery.Tries = []Attempt{*p.Attempt}, 1
	}
	return delivery
}

// queue adds a ping of an endpoint, or returns the one that is queued already. RATE_LIMITED when the owner has asked for too
// many.
func (p *ownerPings) queue(ping queuedPing) (queuedPing, error) {
	recent := 0
	var oldest time.Time
	for _, before := range p.Pings {
		if before.Endpoint == ping.Endpoint && before.State == DeliveryPending {
			return before, nil
		}
		if age := ping.At.Sub(before.At); age < pingPeriod {
			if recent++; recent == 1 {
				oldest = before.At
			}
		}
	}
	if recent >= maxPings {
		return ping, errTooManyPings(oldest.Add(pingPeriod).Sub(ping.At))
	}
	p.Pings = append(p.Pings, ping)
	p.Pings = p.Pings[max(0, len(p.Pings)-pingsKept):]
	return ping, nil
}

func errTooManyPings(wait time.Duration) error {
	seconds := max(1, int((wait+time.Second-1)/time.Second))
	refusal := cloudtag.Refuse(cloudtag.CodeRateLimited, cloudtag.Text{
		ZH: fmt.Sprintf("每分钟最多发送 %d 条测试消息，请 %d 秒后重试。", maxPings, seconds),
		EN: fmt.Sprintf("There may be at most %d pings a minute: try again in %d s.", maxPings, seconds),
	}, "input", "id")
	refusal.RetryAfter = time.Duration(seconds) * time.Second
	return refusal
}

// find returns the queued ping of an identifier; nil without one.
func (p *ownerPings) find(id string) *queuedPing {
	at := slices.IndexFunc(p.Pings, func(ping queuedPing) bool { return ping.ID == id && ping.State == DeliveryPending })
	if at < 0 {
		return nil
	}
	return &p.Pings[at]
}

// errUnchanged is returned by edits that have nothing to change.
var errUnchanged = errors.New("nothing changed")

// editPings changes an owner's pings; it retries on the stored pings after a concurrent change. Errors: those of edit, after
// which nothing is stored.
func editPings(ctx context.Context, store cloudtag.DocumentStore, merchant cloudtag.MerchantID, edit func(*ownerPings) error) error {
	for {
		pings, err := pingsCodec().Find(ctx, store, ownerName(merchant))
		if cloudtag.CodeOf(err) == cloudtag.CodeNotFound {
			pings, err = ownerPings{Owner: ownerName(merchant), MerchantID: merchant}, nil
		}
		if err != nil {
			return err
		}
		if err := edit(&pings); err != nil {
			return err
		}
		pings.Version++
		err = store.SaveDocument(ctx, pingsCodec().Document(pings), nil)
		if err == nil {
			return nil
		}
		if cloudtag.CodeOf(err) != cloudtag.CodeConflict || ctx.Err() != nil {
			return fmt.Errorf("store the pings of %s: %w", pings.Owner, err)
		}
	}
}

// Ping queues a message of the type [ActionPing] to an endpoint, whatever its state, and returns its pending delivery, whose
// outcome is among [Endpoints.Deliveries]. When one of the endpoint is queued already, that is returned. Errors: NOT_FOUND,
// FORBIDDEN, RATE_LIMITED.
func (s *Endpoints) Ping(ctx context.Context, caller cloudtag.Caller, id string) (Delivery, error) {
	endpoint, err := s.find(ctx, caller, id, Endpoint.MayManage)
	if err != nil {
		return Delivery{}, err
	}
	asked := queuedPing{ID: "msg_ping_" + s.ids.NewID(), Endpoint: endpoint.ID, At: s.clock.Now(), State: DeliveryPending}
	queued := asked
	err = editPings(ctx, s.store, endpoint.MerchantID, func(pings *ownerPings) error {
		var refusal error
		if queued, refusal = pings.queue(asked); refusal == nil && queued.ID != asked.ID {
			return errUnchanged
		}
		return refusal
	})
	if err != nil && !errors.Is(err, errUnchanged) {
		return Delivery{}, err
	}
	s.pinged()
	return queued.delivery(), nil
}

// DuePing names a ping that is to be sent.
type DuePing struct {
	ID       string // of the message
	Merchant cloudtag.MerchantID
	Endpoint string
}

// DuePings returns the pings that are to be sent now, those of the owner that has waited longest first.
func (d *Deliverer) DuePings(ctx context.Context) ([]DuePing, error) {
	now := d.clock.Now()
	found, err := d.store.WakingDocuments(ctx, cloudtag.KindWebhookPings, now, pingsDue)
	if err != nil {
		return nil, fmt.Errorf("find pings: %w", err)
	}
	owners, err := pingsCodec().Records(found)
	if err != nil {
		return nil, err
	}
	var due []DuePing
	for _, owner := range owners {
		for _, ping := range owner.Pings {
			if ping.State == DeliveryPending && !now.Before(ping.dueAt()) {
				due = append(due, DuePing{ID: ping.ID, Merchant: owner.MerchantID, Endpoint: ping.Endpoint})
			}
		}
	}
	return due, nil
}

// SendPing sends a ping and stores its outcome, unless another instance is sending it. When the process dies in between, the
// ping is due again after [pingLease], and its receiver may get it twice.
func (d *Deliverer) SendPing(ctx context.Context, due DuePing) error {
	asked, err := d.leasePing(ctx, due)
	if errors.Is(err, errUnchanged) {
		return nil
	}
	if err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx) // a ping that was begun is finished
	endpoint, err := endpointCodec().Find(ctx, d.store, due.Endpoint)
	if err != nil && cloudtag.CodeOf(err) != cloudtag.CodeNotFound {
		return err
	}
	state, attempt := DeliverySkipped, (*Attempt)(nil) // the endpoint was deleted meanwhile
	if err == nil && endpoint.State != stateDeleted {
		answer := d.ping(ctx, endpoint, asked)
		attempt, state = &answer.Attempt, DeliveryFailed
		if answer.accepted() {
			state = DeliveryDelivered
		}
	}
	saving, cancel := context.WithTimeout(ctx, saveTimeout)
	defer cancel()
	err = editPings(saving, d.store, due.Merchant, func(pings *ownerPings) error {
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

// leasePing keeps other instances from sending a ping. Its error is errUnchanged when another one was faster.
func (d *Deliverer) leasePing(ctx context.Context, due DuePing) (asked queuedPing, err error) {
	err = editPings(ctx, d.store, due.Merchant, func(pings *ownerPings) error {
		now, ping := d.clock.Now(), pings.find(due.ID)
		if ping == nil || now.Before(ping.dueAt()) {
			return errUnchanged
		}
		ping.SentBy = now.Add(pingLease)
		asked = *ping
		return nil
	})
	return asked, err
}

func (d *Deliverer) ping(ctx context.Context, endpoint Endpoint, asked queuedPing) Answer {
	body := cloudtag.MustJSON(eventMessage{Type: ActionPing, At: asked.At, Data: map[string]string{"endpointId": endpoint.ID}})
	answer := d.sender.Send(ctx, Message{URL: endpoint.URL, ID: asked.ID, Body: body, Keys: endpoint.keys(d.clock.Now())})
	d.observer.Attempted(endpoint, answer.Attempt, d.clock.Now().Sub(asked.At))
	return answer
}

// pingDeliveries returns the deliveries of an endpoint's pings.
func pingDeliveries(ctx context.Context, store cloudtag.DocumentStore, endpoint Endpoint) ([]Delivery, error) {
	pings, err := pingsCodec().Find(ctx, store, ownerName(endpoint.MerchantID))
	if err != nil && cloudtag.CodeOf(err) != cloudtag.CodeNotFound {
		return nil, err
	}
	var deliveries []Delivery
	for _, ping := range pings.Pings {
		if ping.Endpoint == endpoint.ID {
			deliveries = append(deliveries, ping.delivery())
		}
	}
	return deliveries, nil
}
