package webhooks

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"cloudtag/internal/cloudtag"
)

// The history of an endpoint is a ring of chunks, each one document: it holds the newest deliveries and has a fixed size, so
// that no cleanup is needed.
const (
	chunkSize  = 50 // deliveries in one
	chunkCount = 20
	// HistoryKept is how many deliveries of one endpoint are kept at least, beside the pending ones.
	HistoryKept = chunkSize * (chunkCount - 1)
)

type historyChunk struct {
	ID         string     `json:"id"`
	Version    int        `json:"version"`
	Deliveries []Delivery `json:"deliveries"`
}

func historyCodec() cloudtag.Codec[historyChunk] {
	return cloudtag.Codec[historyChunk]{Kind: cloudtag.KindWebhookHistory, Encode: func(h historyChunk) cloudtag.Document {
		return cloudtag.Document{ID: h.ID, Version: h.Version, State: "KEPT"}
	}}
}

func chunkID(endpoint string, chunk int64) string {
	return endpoint + "/" + strconv.FormatInt(chunk%chunkCount, 10)
}

// recordDeliveries appends deliveries to the recorded ones. After a crash before the number of recorded ones is stored, the
// next call overwrites these records: their events are delivered again.
func recordDeliveries(ctx context.Context, store cloudtag.DocumentStore, endpoint string, recorded int64, deliveries []Delivery) error {
	for len(deliveries) > 0 {
		chunk := recorded / chunkSize
		count := min(int64(len(deliveries)), (chunk+1)*chunkSize-recorded)
		if err := recordChunk(ctx, store, endpoint, recorded, deliveries[:count]); err != nil {
			return err
		}
		recorded, deliveries = recorded+count, deliveries[count:]
	}
	return nil
}

func recordChunk(ctx context.Context, store cloudtag.DocumentStore, endpoint string, recorded int64, deliveries []Delivery) error {
	chunk := recorded / chunkSize
	id := chunkID(endpoint, chunk)
	history, err := historyCodec().Find(ctx, store, id)
	if err != nil && cloudtag.CodeOf(err) != cloudtag.CodeNotFound {
		return err
	}
	history.ID = id
	history.Version++
	history.Deliveries = slices.DeleteFunc(history.Deliveries, func(d Delivery) bool {
		return d.Number >= recorded || d.Number < chunk*chunkSize
	})
	for i, delivery := range deliveries {
		delivery.Number = recorded + int64(i)
		history.Deliveries = append(history.Deliveries, delivery)
	}
	if err := store.SaveDocument(ctx, historyCodec().Document(history), nil); err != nil {
		return fmt.Errorf("keep the history of webhook %s: %w", endpoint, err)
	}
	return nil
}

// findDeliveries returns the kept deliveries of an endpoint, latest attempt first.
func findDeliveries(ctx context.Context, store cloudtag.DocumentStore, endpoint Endpoint) ([]Delivery, error) {
	progress, err := findProgress(ctx, store, endpoint)
	if err != nil {
		return nil, err
	}
	ids := make([]string, chunkCount)
	for chunk := range ids {
		ids[chunk] = chunkID(endpoint.ID, int64(chunk))
	}
	chunks, err := store.Documents(ctx, cloudtag.KindWebhookHistory, ids)
	if err != nil {
		return nil, fmt.Errorf("find the history of webhook %s: %w", endpoint.ID, err)
	}
	var found []Delivery
	for _, queue := range progress.Queues {
		if queue.Failures > 0 {
			delivery := queue.delivery(DeliveryPending)
			delivery.ID = endpoint.ID + "/pending/" + endpoint.messageID(queue.Next)
			found = append(found, delivery)
		}
	}
	for _, document := range chunks {
		history, err := historyCodec().Record(document)
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
	pings, err := pingDeliveries(ctx, store, endpoint)
	if err != nil {
		return nil, err
	}
	found = append(found, pings...)
	slices.SortFunc(found, func(a, b Delivery) int { return b.position().Compare(a.position()) })
	return found, nil
}
