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
	Search       string    // part of the order number
	PlacedAfter  time.Time // exclusive
	PlacedBefore time.Time // exclusive
	Outcomes     []ReportOutcome
}

// Matches reports whether an order is selected, tagged or not.
func (q UntaggedQuery) Matches(o Order) bool {
	return strings.Contains(string(o.OrderNo), q.Search) && (len(q.Outcomes) == 0 || slices.Contains(q.Outcomes, o.ReportOutcome))
}

const (
	untaggedList = "ou-" // name of the list in cursors

	untaggedRead = 200  // orders that are read at once
	untaggedMost = 1000 // orders that are read for one page: a shop may have tagged all of them
)

// UntaggedOrders returns a page of the orders of the caller's shop that are not tagged yet, latest placed first. Since only
// untaggedMost orders are read for a page, it may be short or empty although others follow after its End. Errors: FORBIDDEN
// unless the caller acts for a shop, BAD_USER_INPUT.
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
	position, more := slice.After, true
	for read := 0; more && len(found) < slice.Limit && read < untaggedMost; read += untaggedRead {
		var orders []Order
		filter := OrderFilter{MerchantID: caller.MerchantID, PlacedAfter: query.PlacedAfter, PlacedBefore: query.PlacedBefore}
		if orders, more, err = r.store.OrdersPlaced(ctx, filter, position, untaggedRead); err != nil {
			return Page[Order]{}, fmt.Errorf("read orders: %w", err)
		}
		untagged, err := r.untagged(ctx, caller.MerchantID, slices.DeleteFunc(slices.Clone(orders), func(o Order) bool { return !query.Matches(o) }))
		if err != nil {
			return Page[Order]{}, err
		}
		found = append(found, untagged...)
		if len(orders) > 0 {
			position = placedPosition(orders[len(orders)-1])
		}
	}
	if len(found) > slice.Limit || len(found) == slice.Limit && *placedPosition(found[len(found)-1]) != *position {
		found, more = found[:slice.Limit], true
		position = placedPosition(found[slice.Limit-1])
	}
	page := newPage(untaggedList, found, more, slice, func(o Order) Position { return *placedPosition(o) })
	if position != nil {
		page.End = encodeCursor(untaggedList, *position)
	}
	return page, nil
}

// untagged removes a shop's tagged orders from a list.
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

// placedPosition is an order's position among its shop's orders.
func placedPosition(o Order) *Position {
	return &Position{Key: o.PlacedAt.UnixMilli(), ID: string(o.OrderNo)}
}
