package mongo_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cloudtag/db/dbtest"
	store "cloudtag/db/mongo"
	"cloudtag/db/mongo/mongotest"
	"cloudtag/internal/cloudtag"
)

const (
	clients   = 8
	benchShop = 200
	batchSize = cloudtag.MaxBatchOrders
)

var day0 = time.Date(2025, 3, 1, 8, 0, 0, 0, time.UTC)

func openStore(t testing.TB, uri string, opts store.Options) *store.Store {
	t.Helper()
	opened, err := store.Open(t.Context(), uri, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := opened.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return opened
}

// furnish stores a policy and shops.
func furnish(t testing.TB, s dbtest.Store, shops int) {
	t.Helper()
	policy := cloudtag.DefaultPolicy(day0)
	if err := s.AddPolicy(t.Context(), policy, cloudtag.Entry{At: day0, Action: "policy.created"}); err != nil {
		t.Fatal(err)
	}
	merchants := make([]cloudtag.Merchant, shops)
	for i := range merchants {
		id := fmt.Sprintf("shop-%03d", i)
		merchants[i] = cloudtag.Merchant{
			ID: cloudtag.MerchantID(id), Name: id, EntityID: cloudtag.EntityID("of " + id),
			Permission: cloudtag.PermissionActive, CreatedAt: day0,
		}
	}
	_, err := s.PutMerchants(t.Context(), merchants, func(_ *cloudtag.Merchant, after cloudtag.Merchant) cloudtag.Entry {
		return cloudtag.Entry{At: day0, Action: "merchant.imported", Subjects: []cloudtag.Subject{cloudtag.MerchantSubject(after.ID)}}
	})
	if err != nil {
		t.Fatal(err)
	}
}

// batchOf is the n-th batch of a shop: orders of as many buyers, of whom there are some.
func batchOf(n, shop, buyers int) cloudtag.Submission {
	at := day0.Add(time.Duration(n) * time.Second)
	merchant := cloudtag.MerchantID(fmt.Sprintf("shop-%03d", shop))
	id := cloudtag.BatchID(fmt.Sprintf("batch-%d", n))
	s := cloudtag.Submission{Batch: cloudtag.Batch{
		ID: id, MerchantID: merchant, Key: fmt.Sprint("key-", n), InputHash: "hash", Scenario: "RETURN_SWAPPED", SubmittedAt: at,
	}}
	for i := range batchSize {
		tag := n*batchSize + i
		order := cloudtag.OrderNo(fmt.Sprintf("1%011d", tag))
		s.Batch.Results = append(s.Batch.Results, cloudtag.OrderResult{OrderNo: order})
		s.Tags = append(s.Tags, cloudtag.Tag{
			OrderNo: order, Scenario: s.Batch.Scenario, MerchantID: merchant, EntityID: cloudtag.EntityID("of " + merchant),
			BuyerID: cloudtag.BuyerID(fmt.Sprintf("buyer-%06d", tag*7919%buyers)), SubmittedAt: at, HandleBy: at.Add(48 * time.Hour),
			BatchID: id,
		})
	}
	return s
}

func addAll(file *cloudtag.CaseFile, tags []cloudtag.Tag) {
	for _, tag := range tags {
		file.Add(tag, "bench")
	}
}

// atOnce runs work 0 to n-1 on as many clients, and returns how long each piece took, in order of length.
func atOnce(b *testing.B, n int, work func(i int) error) []time.Duration {
	var next atomic.Int64
	var running sync.WaitGroup
	took := make([]time.Duration, n)
	for range clients {
		running.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				began := time.Now()
				if err := work(i); err != nil {
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

// BenchmarkRecord has 8 clients record batches of 20 orders; three tags in the end for each of the cases. One
// iteration is one batch.
func BenchmarkRecord(b *testing.B) {
	s := openStore(b, mongotest.FreshURI(b), store.Options{})
	furnish(b, s, benchShop)
	b.ResetTimer()
	took := atOnce(b, b.N, func(i int) error {
		_, _, err := s.Record(context.Background(), batchOf(i, i%benchShop, max(batchSize, b.N*batchSize/3)), addAll)
		return err
	})
	b.ReportMetric(float64(b.N*batchSize)/b.Elapsed().Seconds(), "tags/s")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(0, "ns/op")
}
