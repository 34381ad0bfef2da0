package main

import (
	"context"
	"fmt"
	"time"

	"cloudtag/db/mongo/baseline"
	"cloudtag/internal/cloudtag"
)

// writeBare stores the batches of a data set with the driver alone and several writers.
func writeBare(ctx context.Context, database *baseline.Database, data dataset, writers int) (written, error) {
	began := time.Now()
	durations, err := inTurn(0, data.batches(), writers, func(k int) error {
		return database.Write(ctx, bareBatch(data, k))
	})
	return written{rate: float64(data.batches()*batchSize) / time.Since(began).Seconds(), durations: durations}, err
}

// bareBatch returns a batch as [recordBatch] stores it.
func bareBatch(data dataset, k int) []baseline.Tag {
	_, orders := data.batch(k)
	now := cloudtag.SystemClock{}.Now()
	tags := make([]baseline.Tag, len(orders))
	for j, i := range orders {
		order := data.order(i)
		tags[j] = baseline.Tag{
			Order: string(order.OrderNo), Scenario: string(scenario),
			Merchant: string(order.MerchantID), Entity: string(order.MerchantID), Buyer: string(order.BuyerID),
			Status: string(cloudtag.TagAccumulating), Live: true, SubmittedAt: now, StatusChangedAt: now,
			HandleBy: now.Add(48 * time.Hour), Batch: fmt.Sprintf("batch-%d", k), Version: 1,
		}
	}
	return tags
}
