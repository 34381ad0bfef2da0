package cloudtag

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// UntaggedQuery selects a shop's orders that are not tagged yet; zero fields select all.
type UntaggedQuery struct {
	Search       string    // a part of the number
	PlacedAfter  time.Time // exclusive
	PlacedBefore time.Time // exclusive
	Outcomes     []ReportOutcome
}

// Matches reports whether an order is selected, tagged or not.
func (q UntaggedQuery) Matches(o Order) bool {
	return strings.Contains(string(o.OrderNo), q.Search) && (len(q.Outcomes) == 0 || slices.Contains(q.Outcomes, o.ReportOutcome))
}

const (
	untaggedList = "ou-" // names the list in cursors

	untaggedRead = 200  // how many orders are read at once
	untaggedMost = 1000 // how many are looked at for one page: a shop may have tagged them all
)

// UntaggedOrders returns a page of the orders of the caller's shop that are not tagged yet, the latest placed ahead. So
// many orders are looked at for a page that it may be short, or empty, while others follow behind its End. Errors:
// FORBIDDEN unless the caller acts for a shop, BAD_USER_INPUT.
func (r *Records) UntaggedOrders(ctx context.Context, caller Caller, query UntaggedQuery, request PageRequest) (Page[Order], error) {
	if !caller.ActsFor(caller.MerchantID) {
		return Page[Order]{}, Forbidden()
	}
	if err := CheckAllKnown(query.Outcomes, ReportOutcomes(), "filter", "reportOutcome"); err != nil {
		return Page[Order]{}, err
	}
	slice, err := request.slice(untaggedList)
	if err != nil {
		return Page[Order]{}, err
	}
	var found []Order
	place, more := slice.After, true
	for looked := 0; more && len(found) < slice.Limit && looked < untaggedMost; looked += untaggedRead {
		var orders []Order
		filter := OrderFilter{MerchantID: caller.MerchantID, PlacedAfter: query.PlacedAfter, PlacedBefore: query.PlacedBefore}
		if orders, more, err = r.store.OrdersPlaced(ctx, filter, place, untaggedRead); err != nil {
			return Page[Order]{}, fmt.Errorf("read orders: %w", err)
		}
		untagged, err := r.untagged(ctx, caller.MerchantID, slices.DeleteFunc(slices.Clone(orders), func(o Order) bool { return !query.Matches(o) }))
		if err != nil {
			return Page[Order]{}, err
		}
		found = append(found, untagged...)
		if len(orders) > 0 {
			place = placedPosition(orders[len(orders)-1])
		}
	}
	if len(found) > slice.Limit || len(found) == slice.Limit && *placedPosition(found[len(found)-1]) != *place {
		found, more = found[:slice.Limit], true
		place = placedPosition(found[slice.Limit-1])
	}
	page := newPage(untaggedList, found, more, slice, func(o Order) Position { return *placedPosition(o) })
	if place != nil {
		page.End = encodeCursor(untaggedList, *place)
	}
	return page, nil
}

// untagged returns those of a shop's orders that are not tagged, in their order.
func (r *Records) untagged(ctx context.Context, shop MerchantID, orders []Order) ([]Order, error) {
	numbers := make([]OrderNo, len(orders))
	for i, order := range orders {
		numbers[i] = order.OrderNo
	}
	tags, err := r.store.TagsOf(ctx, shop, numbers)
	if err != nil {
		return nil, fmt.Errorf("find tags: %w", err)
	}
	return slices.DeleteFunc(orders, func(o Order) bool {
		_, tagged := tags[o.OrderNo]
		return tagged
	}), nil
}

// placedPosition is an order's place among its shop's.
func placedPosition(o Order) *Position {
	return &Position{Key: o.PlacedAt.UnixMilli(), ID: string(o.OrderNo)}
}
