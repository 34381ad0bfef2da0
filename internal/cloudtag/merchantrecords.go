package cloudtag

import (
	"context"
	"fmt"
)

// Merchants returns shops by identifier: its own to a shop, all to reviewers.
func (r *Records) Merchants(ctx context.Context, caller Caller, ids []MerchantID) (map[MerchantID]Merchant, error) {
	found, err := r.store.Merchants(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("find merchants: %w", err)
	}
	return visible(found, func(m Merchant) bool { return caller.MaySeeMerchant(m.ID) }), nil
}

// MerchantsOfOrders returns the shops of orders that the caller has seen: whoever may see an order, services included, may
// see the name of its shop.
func (r *Records) MerchantsOfOrders(ctx context.Context, caller Caller, ids []MerchantID) (map[MerchantID]Merchant, error) {
	found, err := r.store.Merchants(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("find merchants: %w", err)
	}
	return visible(found, func(m Merchant) bool { return caller.MaySeeOrder(m.ID) }), nil
}

// merchantList is the name of the list of shops in cursors; maxSearchLength is in characters.
const (
	merchantList    = "merchants"
	maxSearchLength = 200
)

// MerchantPage returns a page of the shops that match, by identifier. Errors: FORBIDDEN unless the caller reviews,
// BAD_USER_INPUT.
func (r *Records) MerchantPage(ctx context.Context, caller Caller, filter MerchantFilter, request PageRequest) (Page[Merchant], error) {
	if !caller.Reviews() {
		return Page[Merchant]{}, Forbidden()
	}
	if !ValidText(filter.Search, maxSearchLength) {
		return Page[Merchant]{}, Refuse(CodeBadInput, Text{
			ZH: fmt.Sprintf("搜索内容最多 %d 个字，不能含控制字符。", maxSearchLength),
			EN: fmt.Sprintf("Search for at most %d characters, none of them control characters.", maxSearchLength),
		}, "filter", "search")
	}
	if err := CheckKnownOrEmpty(filter.Permission, Permissions(), "filter", "permission"); err != nil {
		return Page[Merchant]{}, err
	}
	slice, err := request.slice(merchantList)
	if err != nil {
		return Page[Merchant]{}, err
	}
	merchants, more, err := r.store.MerchantPage(ctx, filter, slice)
	if err != nil {
		return Page[Merchant]{}, fmt.Errorf("read merchants: %w", err)
	}
	return newPage(merchantList, merchants, more, slice, func(m Merchant) Position { return Position{ID: string(m.ID)} }), nil
}

// CountMerchants counts the shops that match, exactly up to MaxCount, then MaxCount+1. Errors: FORBIDDEN unless the
// caller reviews, BAD_USER_INPUT.
func (r *Records) CountMerchants(ctx context.Context, caller Caller, filter MerchantFilter) (int, error) {
	if !caller.Reviews() {
		return 0, Forbidden()
	}
	if err := CheckKnownOrEmpty(filter.Permission, Permissions(), "filter", "permission"); err != nil {
		return 0, err
	}
	return r.store.CountMerchants(ctx, filter, MaxCount+1)
}

// MerchantCounts returns the numbers of each shop's tags by outcome. FORBIDDEN for a shop that the caller may not see.
func (r *Records) MerchantCounts(ctx context.Context, caller Caller, ids []MerchantID) (map[MerchantID]MerchantCounts, error) {
	for _, id := range ids {
		if !caller.MaySeeMerchant(id) {
			return nil, Forbidden()
		}
	}
	return r.store.MerchantCounts(ctx, ids)
}
