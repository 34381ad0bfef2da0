package store

import (
	"context"
	"maps"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// Orders returns orders by number.
func (s *Store) Orders(ctx context.Context, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Order, error) {
	return find(ctx, s, s.kinds.Orders, orders, itself[cloudtag.Order])
}

// OrdersOf returns a shop's orders by number. Orders of other shops are read by number and left out, which takes about as
// long as looking for an order that does not exist.
func (s *Store) OrdersOf(ctx context.Context, merchant cloudtag.MerchantID, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Order, error) {
	found, err := s.Orders(ctx, orders)
	maps.DeleteFunc(found, func(_ cloudtag.OrderNo, order cloudtag.Order) bool { return order.MerchantID != merchant })
	return found, err
}

// OrdersPlaced returns a shop's orders, those placed last first.
func (s *Store) OrdersPlaced(ctx context.Context, filter cloudtag.OrderFilter, last *cloudtag.Position, limit int) ([]cloudtag.Order, bool, error) {
	query := Query{Kind: s.kinds.Orders, Index: byMerchant, Equal: []any{string(filter.MerchantID)}, Sort: "placedAt"}
	query.between("placedAt", after(filter.PlacedAfter), before(filter.PlacedBefore))
	return page(ctx, s, query, true, cloudtag.Slice{Limit: limit, After: last}, itself[cloudtag.Order])
}

// PutOrders stores orders by number.
func (s *Store) PutOrders(
	ctx context.Context, orders []cloudtag.Order,
	entryFor func(before, after cloudtag.Order) cloudtag.Entry, entryForNew func(count int) cloudtag.Entry,
) ([]cloudtag.PutResult, error) {
	put := func(tx Tx, next, stored *cloudtag.Order) cloudtag.PutResult {
		result := next.PutOver(stored)
		if result == cloudtag.PutStored && stored != nil {
			tx.Append(entryFor(*stored, *next))
		}
		return result
	}
	return putRows(ctx, s, "store orders", s.kinds.Orders, orders, put, func(tx Tx, created int) {
		if created > 0 {
			tx.Append(entryForNew(created))
		}
	})
}

// Exposures counts each account's orders placed after a time, and their distinct shops.
func (s *Store) Exposures(ctx context.Context, buyers []cloudtag.BuyerID, since time.Time) (map[cloudtag.BuyerID]cloudtag.Exposure, error) {
	shops := make(map[cloudtag.BuyerID]map[cloudtag.MerchantID]bool)
	counts := make(map[cloudtag.BuyerID]cloudtag.Exposure)
	for chunk := range slices.Chunk(slices.Compact(slices.Sorted(slices.Values(buyers))), scanPage) {
		query := Query{
			Kind: s.kinds.Orders, Index: byBuyer, AnyOf: anyOf(chunk...), Sort: "placedAt", Above: bound(millis(since) + 1),
			Limit: 10 * scanPage,
		}
		for more := true; more; {
			var orders []cloudtag.Order
			var err error
			if orders, more, err = list(ctx, s, query, itself[cloudtag.Order]); err != nil {
				return nil, err
			}
			for _, order := range orders {
				if shops[order.BuyerID] == nil {
					shops[order.BuyerID] = make(map[cloudtag.MerchantID]bool)
				}
				shops[order.BuyerID][order.MerchantID] = true
				counts[order.BuyerID] = cloudtag.Exposure{
					Orders: counts[order.BuyerID].Orders + 1, Merchants: len(shops[order.BuyerID]),
				}
				query.Above = &Position{Key: millis(order.PlacedAt), ID: string(order.OrderNo)}
			}
		}
	}
	return counts, ctx.Err()
}

// KnownBuyers returns those of the accounts that have an order or a risk profile. One query finds the accounts with orders,
// and one for each remaining account only if that was not enough.
func (s *Store) KnownBuyers(ctx context.Context, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID]bool, error) {
	known := make(map[cloudtag.BuyerID]bool)
	risks, err := s.Risks(ctx, buyers)
	if err != nil {
		return nil, err
	}
	for buyer := range risks {
		known[buyer] = true
	}
	isKnown := func(buyer cloudtag.BuyerID) bool { return known[buyer] }
	rest := slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(buyers))), isKnown)
	if len(rest) == 0 {
		return known, nil
	}
	query := Query{Kind: s.kinds.Orders, Index: byBuyer, AnyOf: anyOf(rest...), Sort: "placedAt", Limit: scanPage}
	ordered, more, err := list(ctx, s, query, func(order *cloudtag.Order) cloudtag.BuyerID { return order.BuyerID })
	if err != nil {
		return nil, err
	}
	for _, buyer := range ordered {
		known[buyer] = true
	}
	if !more {
		return known, nil
	}
	for _, buyer := range slices.DeleteFunc(rest, isKnown) {
		query.AnyOf, query.Limit = anyOf(buyer), 1
		orders, err := s.engine.Count(ctx, query)
		if err != nil {
			return nil, err
		}
		if orders > 0 {
			known[buyer] = true
		}
	}
	return known, nil
}
