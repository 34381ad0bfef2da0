package cloudtag

import (
	"context"
	"fmt"
	"slices"
)

// Tags returns tags by order number: a shop's own to the shop, all to reviewers.
func (r *Records) Tags(ctx context.Context, caller Caller, orders []OrderNo) (map[OrderNo]Tag, error) {
	return findAllowed("tags", caller, caller.Reviews(), func(shop MerchantID) (map[OrderNo]Tag, error) {
		return r.store.TagsOf(ctx, shop, orders)
	}, func() (map[OrderNo]Tag, error) { return r.store.TagsByOrder(ctx, orders) })
}

// TagScope restricts a filter to what the caller may see. FORBIDDEN for callers who may see no tags, and for a shop that asks
// for another shop's, or by account, which would reveal which orders are the same person's (rule 15). BAD_USER_INPUT for
// unknown statuses.
func TagScope(caller Caller, filter TagFilter) (TagFilter, error) {
	if err := CheckAllKnown(filter.Statuses, TagStatuses(), "filter", "status"); err != nil {
		return filter, err
	}
	switch {
	case caller.Reviews():
		return filter, nil
	case !caller.ActsFor(caller.MerchantID),
		filter.MerchantID != "" && filter.MerchantID != caller.MerchantID,
		filter.BuyerID != "":
		return filter, Forbidden()
	default:
		filter.MerchantID = caller.MerchantID
		return filter, nil
	}
}

// TagPage returns a page of the tags that match and the caller may see. Errors: FORBIDDEN, BAD_USER_INPUT.
func (r *Records) TagPage(ctx context.Context, caller Caller, filter TagFilter, order TagOrder, request PageRequest) (Page[Tag], error) {
	filter, err := TagScope(caller, filter)
	if err != nil {
		return Page[Tag]{}, err
	}
	if err := CheckKnown(order, TagOrders(), "orderBy"); err != nil {
		return Page[Tag]{}, err
	}
	slice, err := request.slice(order.list())
	if err != nil {
		return Page[Tag]{}, err
	}
	filter, nonEmpty, err := r.resolveBatch(ctx, filter)
	if err != nil {
		return Page[Tag]{}, err
	}
	var tags []Tag
	more := false
	if nonEmpty {
		if tags, more, err = r.store.TagPage(ctx, filter, order, slice); err != nil {
			return Page[Tag]{}, fmt.Errorf("read tags: %w", err)
		}
	}
	return newPage(order.list(), tags, more, slice, order.PositionOf), nil
}

// CountTags counts the tags that match and the caller may see, exactly up to MaxCount, then MaxCount+1. FORBIDDEN as
// for TagPage.
func (r *Records) CountTags(ctx context.Context, caller Caller, filter TagFilter) (int, error) {
	filter, err := TagScope(caller, filter)
	if err != nil {
		return 0, err
	}
	filter, nonEmpty, err := r.resolveBatch(ctx, filter)
	if err != nil || !nonEmpty {
		return 0, err
	}
	return r.store.CountTags(ctx, filter, MaxCount+1)
}

// resolveBatch replaces a filter's batch by the orders of the batch; nonEmpty is false if it selects none. A batch that does not
// exist, or belongs to another shop than the filter's, has no tags.
func (r *Records) resolveBatch(ctx context.Context, filter TagFilter) (resolved TagFilter, nonEmpty bool, err error) {
	if filter.BatchID == "" {
		return filter, true, nil
	}
	batch, err := r.store.BatchByID(ctx, filter.BatchID)
	switch {
	case CodeOf(err) == CodeNotFound:
		return filter, false, nil
	case err != nil:
		return filter, false, fmt.Errorf("find batch: %w", err)
	case filter.MerchantID != "" && filter.MerchantID != batch.MerchantID:
		return filter, false, nil
	}
	asked := filter.OrderNos
	filter.BatchID, filter.MerchantID, filter.OrderNos = "", batch.MerchantID, nil
	for _, result := range batch.Results {
		if result.Accepted() && (len(asked) == 0 || slices.Contains(asked, result.OrderNo)) {
			filter.OrderNos = append(filter.OrderNos, result.OrderNo)
		}
	}
	return filter, len(filter.OrderNos) > 0, nil
}

// Batch returns a submission with its results: its own to a shop, all to reviewers. NOT_FOUND if there is none or the caller
// may not see it.
func (r *Records) Batch(ctx context.Context, caller Caller, id BatchID) (Submitted, error) {
	batch, err := r.store.BatchByID(ctx, id)
	if err != nil {
		return Submitted{}, err
	}
	if !caller.Reviews() && !caller.ActsFor(batch.MerchantID) {
		return Submitted{}, NotFound()
	}
	return withTags(ctx, r.store, batch)
}
