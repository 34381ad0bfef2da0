//go:build unix

package dbbench

import (
	"context"
	"fmt"
	"testing"
	"time"

	"cloudtag/db/dbtest"
	"cloudtag/internal/cloudtag"
)

// OrdersOf compares what a shop's own order takes with another shop's and one that there is not: the last two
// must not be told apart (rule 2).
func (m *Benchmarks) OrdersOf(b *testing.B, store dbtest.Store) {
	const count = 20_000
	ctx := context.Background()
	number := func(shop string, n int) cloudtag.OrderNo { return cloudtag.OrderNo(fmt.Sprintf("%s%09d", shop, n)) }
	entry := func(cloudtag.Order, cloudtag.Order) cloudtag.Entry { return cloudtag.Entry{Actor: "test"} }
	for start := 0; start < count; start += 1000 {
		var orders []cloudtag.Order
		for n := range 1000 {
			for shop, digit := range map[cloudtag.MerchantID]string{"own": "1", "other": "2"} {
				orders = append(orders, cloudtag.Order{
					OrderNo: number(digit, start+n), MerchantID: shop, BuyerID: "b", PlacedAt: time.UnixMilli(1), Currency: "CNY",
					ReportOutcome: cloudtag.ReportNone,
				})
			}
		}
		if _, err := store.PutOrders(ctx, orders, entry, func(int) cloudtag.Entry { return cloudtag.Entry{Actor: "test"} }); err != nil {
			b.Fatal(err)
		}
	}
	// Those that there are not lie between those that there are, on the same pages.
	for _, test := range []struct{ name, digit, behind string }{{"own", "1", ""}, {"other", "2", ""}, {"none", "2", "x"}} {
		b.Run(test.name, func(b *testing.B) {
			n := 0
			for b.Loop() {
				n = (n + 7919) % count
				if _, err := store.OrdersOf(ctx, "own", []cloudtag.OrderNo{number(test.digit, n) + cloudtag.OrderNo(test.behind)}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
