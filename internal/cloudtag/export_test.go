package cloudtag

import (
	"context"
	"time"
)

// What the tests of this package, which are outside of it because they run on a store, look at inside of it.

type (
	WebhookEvent = webhookEvent
	WebhookStore = webhookStore
)

const (
	EngineActor         = engineActor
	MaxWebhookAttempts  = maxWebhookAttempts
	ReasonLostThreshold = reasonLostThreshold
	UpkeepPage          = upkeepPage
	WebhookActor        = webhookActor
	WebhookChunk        = webhookChunk
	WebhookChunks       = webhookChunks
	WebhookRoundTime    = webhookRoundTime
	WebhookTurnTime     = webhookTurnTime
)

func EncodeCursor(list string, position Position) Cursor { return encodeCursor(list, position) }

func DecodeCursor(list string, cursor Cursor, field string) (Position, error) {
	return decodeCursor(list, cursor, field)
}

func (r PageRequest) Slice(list string) (Slice, error) { return r.slice(list) }

func (p Policy) Check() error { return p.check() }

func (a Action) IsLease() bool { return a.isLease() }

func (a Appeal) Document() Document { return appealCodec().document(a) }

func (r Restriction) Entry(caller Caller, action Action, at time.Time, reason string) Entry {
	return r.entry(caller, action, at, reason)
}

func SignalNames() map[string]Text { return signalNames }

func (a WebhookAnswer) Accepted() bool { return a.accepted() }

func (w WebhookEndpoint) Keys(now time.Time) [][]byte { return w.keys(now) }

func (r WebhookRules) Check(address string) error { return r.check(address) }

func WebhookDelay(failures int, random float64) time.Duration { return webhookDelay(failures, random) }

// WebhookLanes is how many subjects of an endpoint wait, and whether somebody holds its lease.
func WebhookLanes(ctx context.Context, store DocumentStore, endpoint WebhookEndpoint, now time.Time) (lanes int, leased bool, err error) {
	progress, err := findWebhookProgress(ctx, store, endpoint)
	return len(progress.Lanes), progress.leased("", now), err
}
