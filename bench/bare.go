package main

import (
	"context"
	"fmt"
	"time"

	"cloudtag/db/mongo/baseline"
	"cloudtag/internal/cloudtag"
)

// writeBare stores the batches of a data set by the driver alone, with as many writers as the store gets.
func writeBare(ctx context.Context, database *baseline.Database, data dataset, writers int) (written, error) {
	began := time.Now()
	durations, err := inTurn(0, data.batches(), writers, func(k int) error {
		return database.Write(ctx, bareBatch(data, k))
	})
	return written{rate: float64(data.batches()*batchSize) / time.Since(began).Seconds(), durations: durations}, err
}

// bareBatch is a batch as [recordBatch] records it, once carried.
func bareBatch(data dataset, k int) []baseline.Tag {
	_, orders := data.batch(k)
	now := cloudtag.SystemClock{}.Now()
	tags := make([]baseline.Tag, len(orders))
	for j, i := range orders {
		order := data.order(i)
		tags[j] = baseline.Tag{
			Order: string(order.OrderNo), Revision: 1, Claim: "bench", Scenario: string(scenario),
			Merchant: string(order.MerchantID), Entity: string(order.MerchantID), Buyer: string(order.BuyerID),
			Status: string(cloudtag.TagAccumulating), Live: true, SubmittedAt: now, ChangedAt: now,
			HandleBy: now.Add(48 * time.Hour), Batch: fmt.Sprintf("batch-%d", k), Version: 1,
		}
	}
	return tags
}

// readBare asks for the pages that have a query of the driver's own, and returns the durations by page.
func readBare(ctx context.Context, database *baseline.Database, data dataset, requests int) (map[string][]time.Duration, error) {
	durations := map[string][]time.Duration{}
	for _, page := range pages() {
		if page.bare == nil {
			continue
		}
		total := 0
		for n := range requests {
			began := time.Now()
			found, err := page.bare(ctx, database, n, data)
			if err != nil {
				return nil, fmt.Errorf("page %q by the driver alone: %w", page.name, err)
			}
			durations[page.name] = append(durations[page.name], time.Since(began))
			total += found
		}
		if total == 0 { // some accounts have no tags, but not all
			return nil, fmt.Errorf("page %q by the driver alone: nothing was found", page.name)
		}
	}
	return durations, nil
}

func plain[T ~string](values []T) []string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = string(value)
	}
	return texts
}
