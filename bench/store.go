package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"cloudtag/db"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/importing"
	"cloudtag/internal/policylab"
	"cloudtag/internal/store"
)

// openStore opens a store, with a default policy if it has none.
func openStore(ctx context.Context, uri string) (*store.Store, error) {
	store, err := db.Open(ctx, uri, db.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	if err := policylab.NewPolicies(store, cloudtag.SystemClock{}).EnsureDefault(ctx); err != nil {
		store.Close()
		return nil, err
	}
	return store, nil
}

// loadOrders stores the shops and orders of a data set, in chunks.
func loadOrders(ctx context.Context, store *store.Store, data dataset) error {
	entry := cloudtag.Entry{At: data.start, Actor: "bench", Action: cloudtag.ActionMerchantImported}
	var shops []cloudtag.Merchant
	for shop := range data.shops {
		shops = append(shops, data.merchant(shop))
	}
	if _, err := store.PutMerchants(ctx, shops, func(*cloudtag.Merchant, cloudtag.Merchant) cloudtag.Entry { return entry }); err != nil {
		return fmt.Errorf("store shops: %w", err)
	}
	for first := 0; first < data.tags; first += importing.MaxRows {
		var orders []cloudtag.Order
		for i := first; i < min(first+importing.MaxRows, data.tags); i++ {
			orders = append(orders, data.order(i))
		}
		_, err := store.PutOrders(ctx, orders,
			func(cloudtag.Order, cloudtag.Order) cloudtag.Entry { return entry },
			func(int) cloudtag.Entry { return entry })
		if err != nil {
			return fmt.Errorf("store orders: %w", err)
		}
	}
	return nil
}

// recordBatches records the first batches of a data set directly through the store with several writers, each submitted at
// the time that at returns, and returns their durations.
func recordBatches(ctx context.Context, store *store.Store, data dataset, batches, writers int, at func(k int) time.Time) ([]time.Duration, error) {
	return inTurn(0, batches, writers, func(k int) error { return recordBatch(ctx, store, data, k, at(k)) })
}

func recordBatch(ctx context.Context, store *store.Store, data dataset, k int, at time.Time) error {
	shop, orders := data.batch(k)
	submission := cloudtag.Submission{Batch: cloudtag.Batch{
		ID: cloudtag.BatchID(fmt.Sprintf("batch-%d", k)), MerchantID: data.merchant(shop).ID, Key: fmt.Sprintf("key-%d", k),
		InputHash: "bench", Scenario: scenario, SubmittedAt: at,
	}}
	for _, i := range orders {
		order := data.order(i)
		submission.Batch.Results = append(submission.Batch.Results, cloudtag.OrderResult{OrderNo: order.OrderNo})
		submission.Tags = append(submission.Tags, cloudtag.Tag{
			OrderNo: order.OrderNo, Scenario: scenario, MerchantID: order.MerchantID, EntityID: cloudtag.EntityID(order.MerchantID),
			BuyerID: order.BuyerID, SubmittedAt: at, HandleBy: at.Add(48 * time.Hour), BatchID: submission.Batch.ID,
		})
	}
	stored, _, err := store.Record(ctx, submission, func(file *cloudtag.CaseFile, tags []cloudtag.Tag) {
		for _, tag := range tags {
			file.Add(tag, "bench")
		}
	})
	if err != nil {
		return fmt.Errorf("record batch %d: %w", k, err)
	}
	if accepted := stored.AcceptedCount(); accepted != batchSize {
		return fmt.Errorf("batch %d: %d of %d accepted", k, accepted, batchSize)
	}
	return nil
}
