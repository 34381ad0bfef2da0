package mongo_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/event"

	"cloudtag/db/dbtest"
	"cloudtag/db/mongo"
	"cloudtag/db/mongo/baseline"
	"cloudtag/db/mongo/mongotest"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
)

const (
	benchShops = 200
	batchSize  = cloudtag.MaxBatchOrders
)

// openCounted opens a store whose commands are counted.
func openCounted(b *testing.B, uri string, commands *atomic.Int64) *store.Store {
	b.Helper()
	kinds := store.NewCatalogue()
	monitor := &event.CommandMonitor{Started: func(context.Context, *event.CommandStartedEvent) { commands.Add(1) }}
	engine, err := mongo.Open(b.Context(), uri, kinds, mongo.Options{}.WithMonitor(monitor))
	if err != nil {
		b.Fatal(err)
	}
	opened := store.New(engine, kinds)
	b.Cleanup(func() {
		if err := opened.Close(); err != nil {
			b.Errorf("close: %v", err)
		}
	})
	return opened
}

// benchBatch returns the n-th batch. In the end each account has three tags.
func benchBatch(n, buyers int) cloudtag.Submission {
	orders, accounts := make([]cloudtag.OrderNo, batchSize), make([]cloudtag.BuyerID, batchSize)
	for i := range orders {
		tag := n*batchSize + i
		orders[i] = cloudtag.OrderNo(fmt.Sprintf("1%011d", tag))
		accounts[i] = cloudtag.BuyerID(fmt.Sprintf("buyer-%06d", tag*7919%buyers))
	}
	at := dbtest.Start.Add(time.Duration(n) * time.Second)
	return dbtest.SubmissionOf(dbtest.Shop(n%benchShops), fmt.Sprint("key-", n), at, orders, accounts)
}

// inTurn distributes work 0 to n-1 over clients, and returns the durations in ascending order.
func inTurn(b *testing.B, clients, n int, work func(client, i int) error) []time.Duration {
	b.Helper()
	var next atomic.Int64
	var running sync.WaitGroup
	took := make([]time.Duration, n)
	for client := range clients {
		running.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				began := time.Now()
				if err := work(client, i); err != nil {
					b.Error(err)
					return
				}
				took[i] = time.Since(began)
			}
		})
	}
	running.Wait()
	slices.Sort(took)
	return took
}

func report(b *testing.B, took []time.Duration) {
	b.Helper()
	b.ReportMetric(float64(b.N*batchSize)/b.Elapsed().Seconds(), "tags/s")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkRecord records batches of 20 orders, with the driver alone and through one and two instances of the store. One
// iteration is one batch.
func BenchmarkRecord(b *testing.B) {
	for _, clients := range []int{1, 8} {
		b.Run(fmt.Sprintf("driver alone, %d clients", clients), func(b *testing.B) { recordBare(b, clients) })
		b.Run(fmt.Sprintf("1 instance, %d clients", clients), func(b *testing.B) { recordThrough(b, 1, clients) })
	}
	b.Run("2 instances, 8 clients", func(b *testing.B) { recordThrough(b, 2, 8) })
}

func recordThrough(b *testing.B, instances, clients int) {
	uri := mongotest.FreshURI(b)
	var commands atomic.Int64
	stores := make([]*store.Store, instances)
	for i := range stores {
		stores[i] = openCounted(b, uri, &commands)
	}
	dbtest.Seed(b, stores[0], benchShops)
	commands.Store(0)
	b.ResetTimer()
	took := inTurn(b, clients, b.N, func(client, i int) error {
		_, _, err := stores[client%instances].Record(context.Background(), benchBatch(i, max(batchSize, b.N*batchSize/3)), dbtest.Add)
		return err
	})
	report(b, took)
	b.ReportMetric(float64(commands.Load())/float64(b.N), "commands/batch")
}

func recordBare(b *testing.B, clients int) {
	database, err := baseline.Open(b.Context(), mongotest.FreshURI(b))
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := database.Close(context.Background()); err != nil {
			b.Error(err)
		}
	}()
	b.ResetTimer()
	took := inTurn(b, clients, b.N, func(_, i int) error {
		return database.Write(context.Background(), bareBatch(benchBatch(i, max(batchSize, b.N*batchSize/3))))
	})
	report(b, took)
}

func bareBatch(submission cloudtag.Submission) []baseline.Tag {
	tags := make([]baseline.Tag, len(submission.Tags))
	for i, tag := range submission.Tags {
		tags[i] = baseline.Tag{
			Order: string(tag.OrderNo), Scenario: string(tag.Scenario), Merchant: string(tag.MerchantID), Entity: string(tag.EntityID),
			Buyer: string(tag.BuyerID), Status: string(cloudtag.TagAccumulating), Live: true, SubmittedAt: tag.SubmittedAt,
			StatusChangedAt: tag.SubmittedAt, HandleBy: tag.HandleBy, Batch: string(tag.BatchID), Version: 1,
		}
	}
	return tags
}
