package dbtest

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"cloudtag/internal/cloudtag"
)

func orderCases() []testCase {
	return []testCase{
		inWorld("FoundAndNotFound", ordersFound),
		inWorld("Placed", ordersPlaced),
		inWorld("PutResults", orderPutResults),
		inWorld("RowsOfOneCallInOrder", orderRowsInOrder),
		inWorld("NothingNewNoEntry", orderNothingNew),
		inWorld("Exposures", orderExposures),
		inWorld("KnownBuyers", orderKnownBuyers),
	}
}

func (w *world) ordersBy(orders ...cloudtag.OrderNo) map[cloudtag.OrderNo]cloudtag.Order {
	w.Helper()
	found, err := w.store.Orders(w.ctx, orders)
	w.noError(err, "orders")
	return found
}

func ordersFound(w *world) {
	w.openShops(2)
	first, second := w.purchase("1", 1, "a"), w.purchase("2", 2, "b")
	second.FreightInsured, second.AmountCents, second.Currency, second.ReportOutcome = false, 0, "USD", cloudtag.ReportRejected
	equal(w, "results", w.putOrders(first, second), puts(cloudtag.PutStored, cloudtag.PutStored))
	w.reopen()
	equal(w, "orders", w.ordersBy(second.OrderNo, "nothing", first.OrderNo, first.OrderNo),
		map[cloudtag.OrderNo]cloudtag.Order{first.OrderNo: first, second.OrderNo: second})
	equal(w, "orders of no number", len(w.ordersBy()), 0)
	for shop, want := range map[cloudtag.MerchantID]cloudtag.Order{w.shop(1): first, w.shop(2): second} {
		own, err := w.store.OrdersOf(w.ctx, shop, []cloudtag.OrderNo{second.OrderNo, "nothing", first.OrderNo})
		w.noError(err, "orders of a shop")
		equal(w, "orders of a shop", own, map[cloudtag.OrderNo]cloudtag.Order{want.OrderNo: want})
	}
	none, err := w.store.OrdersOf(w.ctx, "no shop", []cloudtag.OrderNo{first.OrderNo})
	w.noError(err, "orders of no shop")
	equal(w, "orders of no shop", len(none), 0)
	equal(w, "results of no row", len(w.putOrders()), 0)
}

func ordersPlaced(w *world) {
	w.openShops(2)
	var own []cloudtag.Order // latest first
	for i, at := range []time.Duration{2 * time.Hour, time.Hour, time.Hour, time.Millisecond, 0} {
		order := w.purchase(strconv.Itoa(5-i), 1, "a")
		order.PlacedAt = day0.Add(at)
		own = append(own, order)
	}
	w.putOrders(append(slices.Clone(own), w.purchase("6", 2, "a"))...)
	w.reopen()
	for name, test := range map[string]struct {
		filter cloudtag.OrderFilter
		want   []cloudtag.Order
	}{
		"all":    {cloudtag.OrderFilter{}, own},
		"after":  {cloudtag.OrderFilter{PlacedAfter: day0}, own[:4]},
		"before": {cloudtag.OrderFilter{PlacedBefore: day0.Add(time.Hour)}, own[3:]},
		"both":   {cloudtag.OrderFilter{PlacedAfter: day0.Add(time.Millisecond), PlacedBefore: day0.Add(2 * time.Hour)}, own[1:3]},
		"none":   {cloudtag.OrderFilter{PlacedAfter: day0.Add(2 * time.Hour)}, nil},
	} {
		test.filter.MerchantID = w.shop(1)
		for _, limit := range []int{1, 2, 3, 5, 6} {
			var read []cloudtag.Order
			var after *cloudtag.Position
			for more := true; more; {
				var orders []cloudtag.Order
				var err error
				orders, more, err = w.store.OrdersPlaced(w.ctx, test.filter, after, limit)
				w.noError(err, "orders placed")
				if len(orders) > limit || more && len(orders) < limit {
					w.Fatalf("%s by %d: a page of %d, more %t", name, limit, len(orders), more)
				}
				read = append(read, orders...)
				if len(orders) > 0 {
					last := orders[len(orders)-1]
					after = &cloudtag.Position{Key: last.PlacedAt.UnixMilli(), ID: string(last.OrderNo)}
				}
			}
			equal(w, name+" by "+strconv.Itoa(limit), read, test.want)
		}
	}
	none, _, err := w.store.OrdersPlaced(w.ctx, cloudtag.OrderFilter{MerchantID: "no shop"}, nil, 10)
	w.noError(err, "orders of no shop")
	equal(w, "orders of no shop", len(none), 0)
}

func orderPutResults(w *world) {
	w.openShops(2)
	stored := make([]cloudtag.Order, 5)
	for i, name := range []string{"1", "2", "3", "4", "5"} {
		stored[i] = w.purchase(name, 1, "a")
	}
	before := w.lastSeq()
	w.putOrders(stored...)
	equal(w, "entries of new orders", w.logAfter(before), []cloudtag.Entry{w.newOrdersEntry(5)}, withoutSeq)

	otherShop, otherBuyer, changed, moved := stored[1], stored[2], stored[3], stored[4]
	otherShop.MerchantID, otherShop.AmountCents = w.shop(2), 1
	otherBuyer.BuyerID = w.buyer("b")
	changed.AmountCents, changed.Currency, changed.FreightInsured = 1<<52, "EUR", false
	changed.ReportOutcome = cloudtag.ReportApproved
	moved.PlacedAt = day0.Add(time.Millisecond)
	before = w.lastSeq()
	equal(w, "results", w.putOrders(stored[0], otherShop, otherBuyer, changed, moved, w.purchase("6", 2, "c")), puts(
		cloudtag.PutUnchanged, cloudtag.PutConflict, cloudtag.PutConflict, cloudtag.PutStored, cloudtag.PutStored,
		cloudtag.PutStored))
	equal(w, "orders", w.ordersBy(w.order("1"), w.order("2"), w.order("3"), w.order("4"), w.order("5"), w.order("6")),
		map[cloudtag.OrderNo]cloudtag.Order{
			w.order("1"): stored[0], w.order("2"): stored[1], w.order("3"): stored[2], w.order("4"): changed,
			w.order("5"): moved, w.order("6"): w.purchase("6", 2, "c"),
		})
	w.wantEntries(before, orderEntry(stored[3], changed), orderEntry(stored[4], moved), w.newOrdersEntry(1))
}

// wantEntries checks the entries since a sequence number, in any order.
func (w *world) wantEntries(since int64, want ...cloudtag.Entry) {
	w.Helper()
	text := func(entries []cloudtag.Entry) []string {
		lines := make([]string, len(entries))
		for i, entry := range entries {
			entry.Seq, entry.Hash = 0, nil
			lines[i] = string(canonical(mustJSON(entry)))
		}
		return w.neutral(lines, nil)
	}
	if diff := sameSnapshot(text(w.logAfter(since)), text(want)); diff != "" {
		w.Fatalf("entries (- want, + got):\n%s", diff)
	}
}

func orderRowsInOrder(w *world) {
	w.openShops(2)
	first, second, foreign := w.purchase("1", 1, "a"), w.purchase("1", 1, "a"), w.purchase("1", 1, "b")
	second.ReportOutcome = cloudtag.ReportInsufficientEvidence
	before := w.lastSeq()
	equal(w, "results", w.putOrders(first, first, foreign, second, second), puts(
		cloudtag.PutStored, cloudtag.PutUnchanged, cloudtag.PutConflict, cloudtag.PutStored, cloudtag.PutUnchanged))
	equal(w, "order", w.ordersBy(first.OrderNo)[first.OrderNo], second)
	w.wantEntries(before, w.newOrdersEntry(1), orderEntry(first, second))
}

func orderNothingNew(w *world) {
	w.openShops(1)
	w.putOrders(w.purchase("1", 1, "a"))
	before := w.lastSeq()
	w.putOrders(w.purchase("1", 1, "a"), w.purchase("1", 1, "someone else"))
	equal(w, "last sequence number", w.lastSeq(), before)
}

func orderExposures(w *world) {
	w.openShops(3)
	since := day0.AddDate(0, 0, -180)
	at := func(name string, shop int, buyer string, placed time.Time) cloudtag.Order {
		order := w.purchase(name, shop, buyer)
		order.PlacedAt = placed
		return order
	}
	w.putOrders(
		at("1", 1, "many", since.Add(time.Millisecond)), // just within
		at("2", 1, "many", day0),
		at("3", 2, "many", day0),
		at("4", 3, "many", since), // exactly as old as the window: out
		at("5", 3, "old", since),
		at("6", 3, "older", since.AddDate(-5, 0, 0)),
		at("7", 3, "one", day0.AddDate(0, 0, 1)),
	)
	exposures, err := w.store.Exposures(w.ctx, []cloudtag.BuyerID{
		w.buyer("many"), w.buyer("old"), w.buyer("older"), w.buyer("one"), w.buyer("nobody"),
	}, since)
	w.noError(err, "exposures")
	equal(w, "exposures", exposures, map[cloudtag.BuyerID]cloudtag.Exposure{
		w.buyer("many"): {Orders: 3, Merchants: 2}, w.buyer("one"): {Orders: 1, Merchants: 1},
	})
}

func orderKnownBuyers(w *world) {
	w.openShops(1)
	w.putOrders(w.purchase("1", 1, "ordered"), w.purchase("2", 1, "both"))
	w.putRisks(w.risk("both", 10), w.risk("judged", 90))
	known, err := w.store.KnownBuyers(w.ctx, []cloudtag.BuyerID{
		w.buyer("ordered"), w.buyer("both"), w.buyer("judged"), w.buyer("nobody"), w.buyer("nobody"),
	})
	w.noError(err, "known buyers")
	equal(w, "known buyers", known, map[cloudtag.BuyerID]bool{
		w.buyer("ordered"): true, w.buyer("both"): true, w.buyer("judged"): true,
	})
	many := make([]cloudtag.Order, 1001) // more than a store reads at once, all before those of another account
	for i := range many {
		many[i] = w.purchase(fmt.Sprint("many-", i), 1, "often")
		many[i].PlacedAt = day0.Add(-time.Hour)
	}
	w.putOrders(many...)
	again, err := w.store.KnownBuyers(w.ctx, []cloudtag.BuyerID{w.buyer("ordered"), w.buyer("often"), w.buyer("nobody")})
	w.noError(err, "known buyers among many orders")
	equal(w, "known buyers among many orders", again, map[cloudtag.BuyerID]bool{w.buyer("ordered"): true, w.buyer("often"): true})
	none, err := w.store.KnownBuyers(w.ctx, nil)
	w.noError(err, "known buyers of none")
	equal(w, "known buyers of none", len(none), 0)
}
