package main

import (
	"fmt"
	"time"

	"cloudtag/internal/cloudtag"
)

// dataset is a generated market: orders are distributed evenly over shops, and every account has tagsPerBuyer orders on
// average, at unrelated shops. So some cases stay below the default threshold of 3 votes, some are one vote short and
// pending, and most flip.
type dataset struct {
	tags   int // also the number of orders
	shops  int
	buyers int
	start  time.Time // when the first order was placed
}

const (
	benchShops   = 1000
	tagsPerBuyer = 2 // the bundled real data has 2.1
	batchSize    = cloudtag.MaxBatchOrders
	scenario     = cloudtag.ScenarioCode("RETURN_SWAPPED")
)

func newDataset(tags int, start time.Time) dataset {
	shops := max(1, min(benchShops, tags/batchSize))
	return dataset{tags: tags, shops: shops, buyers: max(1, tags/tagsPerBuyer), start: start}
}

func (d dataset) merchant(shop int) cloudtag.Merchant {
	id := cloudtag.MerchantID(fmt.Sprintf("m-%d", shop))
	return cloudtag.Merchant{
		ID: id, Name: fmt.Sprintf("Shop %d", shop), EntityID: cloudtag.EntityID(id),
		Permission: cloudtag.PermissionActive, CreatedAt: d.start,
	}
}

// order returns the i-th order: shops take turns, buyers are chosen by a hash of the number.
func (d dataset) order(i int) cloudtag.Order {
	return cloudtag.Order{
		OrderNo:    cloudtag.OrderNo(fmt.Sprintf("%010d", 1_000_000_001+i)),
		MerchantID: cloudtag.MerchantID(fmt.Sprintf("m-%d", i%d.shops)),
		BuyerID:    cloudtag.BuyerID(fmt.Sprintf("b-%d", scramble(uint64(i))%uint64(d.buyers))),
		PlacedAt:   d.start, AmountCents: 9900, Currency: "CNY", ReportOutcome: cloudtag.ReportRejected,
	}
}

// someBuyer returns a buyer with orders, a different one for each number.
func (d dataset) someBuyer(n int) cloudtag.BuyerID { return d.order(n * 7919 % d.tags).BuyerID }

// scramble is the finalizer of SplitMix64: consecutive numbers become unrelated ones.
func scramble(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// daysAgo returns a time some days before now.
func daysAgo(days int) time.Time {
	return time.Now().AddDate(0, 0, -days).UTC().Truncate(cloudtag.TimeResolution)
}

// batches returns the number of full batches, the same for each shop.
func (d dataset) batches() int { return d.tags / (batchSize * d.shops) * d.shops }

// batch returns the shop and the orders of the k-th batch: shops take turns.
func (d dataset) batch(k int) (shop int, orders []int) {
	shop = k % d.shops
	first := k / d.shops * batchSize
	for j := range batchSize {
		orders = append(orders, shop+d.shops*(first+j))
	}
	return shop, orders
}
