package cloudtag

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// WebhookDeliveryState is where a delivery stands.
type WebhookDeliveryState string

// The states of a delivery.
const (
	WebhookPending   WebhookDeliveryState = "PENDING"   // refused so far, or not sent yet; it is tried again
	WebhookDelivered WebhookDeliveryState = "DELIVERED" // the receiver answered 2xx
	WebhookSkipped   WebhookDeliveryState = "SKIPPED"   // a person passed over it
	WebhookFailed    WebhookDeliveryState = "FAILED"    // refused, and not tried again: a ping
)

// WebhookDeliveryStates lists every state.
func WebhookDeliveryStates() []WebhookDeliveryState {
	return []WebhookDeliveryState{WebhookPending, WebhookDelivered, WebhookSkipped, WebhookFailed}
}

// WebhookDelivery is what became of one event at one endpoint. An event that was delivered twice, after a crash or a
// replay, has two.
type WebhookDelivery struct {
	ID        string               `json:"-"`
	MessageID string               `json:"-"` // what the receiver tells repeats by
	Number    int64                `json:"number"`
	Seq       int64                `json:"seq"` // of the event's entry; 0 for a ping, which has none
	Type      Action               `json:"type"`
	Subject   Subject              `json:"subject"`
	EntryAt   time.Time            `json:"entryAt"` // when it happened
	State     WebhookDeliveryState `json:"state"`
	Attempts  []WebhookAttempt     `json:"attempts"` // the newest 10, oldest first
	Tries     int                  `json:"tries"`    // all of them
	NextAt    time.Time            `json:"nextAt,omitzero"`
}

// lastAt is when it was last tried.
func (d WebhookDelivery) lastAt() time.Time {
	if len(d.Attempts) == 0 {
		return d.EntryAt
	}
	return d.Attempts[len(d.Attempts)-1].At
}

// WebhookDeliveryFilter selects deliveries; zero fields select all.
type WebhookDeliveryFilter struct {
	States  []WebhookDeliveryState
	Type    Action
	Subject Subject
}

// Matches reports whether a delivery is selected.
func (f WebhookDeliveryFilter) Matches(d WebhookDelivery) bool {
	return (len(f.States) == 0 || slices.Contains(f.States, d.State)) &&
		(f.Type == "" || f.Type == d.Type) && (f.Subject == "" || f.Subject == d.Subject)
}

// The history of an endpoint is a ring of chunks, each one document: so that it holds the newest and never grows, with
// any number of events and nothing that has to clean up.
const (
	webhookChunk  = 50 // deliveries in one
	webhookChunks = 20
	// WebhookHistory is how many deliveries of one endpoint are kept at least, beside those that wait.
	WebhookHistory = webhookChunk * (webhookChunks - 1)
)

type webhookHistory struct {
	ID         string            `json:"id"`
	Version    int               `json:"version"`
	Deliveries []WebhookDelivery `json:"deliveries"`
}

func webhookHistoryCodec() Codec[webhookHistory] {
	return Codec[webhookHistory]{KindWebhookHistory, func(h webhookHistory) Document {
		return Document{ID: h.ID, Version: h.Version, State: "KEPT"}
	}}
}

func webhookChunkID(endpoint string, chunk int64) string {
	return endpoint + "/" + strconv.FormatInt(chunk%webhookChunks, 10)
}

// recordWebhooks keeps deliveries behind the recorded ones. A crash before the number of recorded ones is stored makes
// the next call put others in their places: what they told of is delivered again then.
func recordWebhooks(ctx context.Context, store DocumentStore, endpoint string, recorded int64, deliveries []WebhookDelivery) error {
	for len(deliveries) > 0 {
		chunk := recorded / webhookChunk
		count := min(int64(len(deliveries)), (chunk+1)*webhookChunk-recorded)
		if err := recordWebhookChunk(ctx, store, endpoint, recorded, deliveries[:count]); err != nil {
			return err
		}
		recorded, deliveries = recorded+count, deliveries[count:]
	}
	return nil
}

func recordWebhookChunk(ctx context.Context, store DocumentStore, endpoint string, recorded int64, deliveries []WebhookDelivery) error {
	chunk := recorded / webhookChunk
	id := webhookChunkID(endpoint, chunk)
	history, err := webhookHistoryCodec().Find(ctx, store, id)
	if err != nil && CodeOf(err) != CodeNotFound {
		return err
	}
	history.ID = id
	history.Version++
	history.Deliveries = slices.DeleteFunc(history.Deliveries, func(d WebhookDelivery) bool {
		return d.Number >= recorded || d.Number < chunk*webhookChunk
	})
	for i, delivery := range deliveries {
		delivery.Number = recorded + int64(i)
		history.Deliveries = append(history.Deliveries, delivery)
	}
	if err := store.SaveDocument(ctx, webhookHistoryCodec().Document(history), nil); err != nil {
		return fmt.Errorf("keep the history of webhook %s: %w", endpoint, err)
	}
	return nil
}

// webhookDeliveries returns what is known of an endpoint's deliveries, the latest tried first.
func webhookDeliveries(ctx context.Context, store DocumentStore, endpoint WebhookEndpoint) ([]WebhookDelivery, error) {
	progress, err := findWebhookProgress(ctx, store, endpoint)
	if err != nil {
		return nil, err
	}
	ids := make([]string, webhookChunks)
	for chunk := range ids {
		ids[chunk] = webhookChunkID(endpoint.ID, int64(chunk))
	}
	chunks, err := store.Documents(ctx, KindWebhookHistory, ids)
	if err != nil {
		return nil, fmt.Errorf("find the history of webhook %s: %w", endpoint.ID, err)
	}
	var found []WebhookDelivery
	for _, lane := range progress.Lanes {
		if lane.Failures > 0 {
			delivery := lane.delivery(WebhookPending)
			delivery.ID = endpoint.ID + "/pending/" + endpoint.messageID(lane.Next)
			found = append(found, delivery)
		}
	}
	for _, document := range chunks {
		history, err := webhookHistoryCodec().Record(document)
		if err != nil {
			return nil, err
		}
		for _, delivery := range history.Deliveries {
			if delivery.Number < progress.Recorded {
				delivery.ID = endpoint.ID + "/" + strconv.FormatInt(delivery.Number, 10)
				found = append(found, delivery)
			}
		}
	}
	for i := range found {
		found[i].MessageID = endpoint.messageID(found[i].Seq)
	}
	pings, err := webhookPingsOf(ctx, store, endpoint)
	if err != nil {
		return nil, err
	}
	found = append(found, pings...)
	slices.SortFunc(found, func(a, b WebhookDelivery) int {
		return webhookPosition(b).Compare(webhookPosition(a))
	})
	return found, nil
}

func webhookPosition(d WebhookDelivery) Position {
	return Position{Key: d.lastAt().UnixMilli(), ID: d.ID}
}

// webhookDeliveryList names the list of deliveries in cursors.
const webhookDeliveryList = "wd"
