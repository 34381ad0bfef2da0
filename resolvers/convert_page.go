package resolvers

import (
	"context"

	"cloudtag/graph/model"
	"cloudtag/internal/appeals"
	"cloudtag/internal/casework"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/collusion"
	"cloudtag/internal/restrictions"
	"cloudtag/internal/revocations"
)

// request converts the paging arguments of a connection.
func request(first *int, after *cloudtag.Cursor, last *int, before *cloudtag.Cursor) cloudtag.PageRequest {
	return cloudtag.PageRequest{First: first, After: orZero(after), Last: last, Before: orZero(before)}
}

// page returns the parts that all connections share.
func page[T, M any](found cloudtag.Page[T], nodes []M, count func(context.Context) (int, error)) model.Page[M] {
	info := &model.PageInfo{HasNextPage: found.HasNextPage, HasPreviousPage: found.HasPreviousPage}
	if length := len(found.Cursors); length > 0 {
		info.StartCursor, info.EndCursor = &found.Cursors[0], &found.Cursors[length-1]
	}
	if found.End != "" {
		info.EndCursor = &found.End
	}
	return model.Page[M]{Nodes: nodes, Cursors: found.Cursors, PageInfo: info, Count: count}
}

// tagPage reads a page of tags.
func (v *view) tagPage(ctx context.Context, filter cloudtag.TagFilter, order cloudtag.TagOrder, request cloudtag.PageRequest) (*model.TagConnection, error) {
	found, err := v.Records.TagPage(ctx, v.caller, filter, order, request)
	if err != nil {
		return nil, err
	}
	return &model.TagConnection{Page: page(found, v.tags(found.Items), func(ctx context.Context) (int, error) {
		return v.Records.CountTags(ctx, v.caller, filter)
	})}, nil
}

// untaggedPage reads a page of the orders that the caller's shop has not tagged yet.
func (v *view) untaggedPage(ctx context.Context, query cloudtag.UntaggedQuery, request cloudtag.PageRequest) (*model.OrderConnection, error) {
	found, err := v.Records.UntaggedOrders(ctx, v.caller, query, request)
	if err != nil {
		return nil, err
	}
	byNumber := make(map[cloudtag.OrderNo]cloudtag.Order, len(found.Items))
	for _, order := range found.Items {
		byNumber[order.OrderNo] = order
	}
	converted := v.orders(byNumber)
	nodes := make([]*model.Order, len(found.Items))
	for i, order := range found.Items {
		nodes[i] = converted[order.OrderNo]
	}
	return &model.OrderConnection{Page: page(found, nodes, nil)}, nil
}

// casePage reads a page of cases.
func (v *view) casePage(ctx context.Context, filter cloudtag.CaseFilter, order cloudtag.CaseOrder, request cloudtag.PageRequest) (*model.CaseConnection, error) {
	found, err := v.Records.CasePage(ctx, v.caller, filter, order, request)
	if err != nil {
		return nil, err
	}
	return &model.CaseConnection{Page: page(found, v.cases(found.Items), func(ctx context.Context) (int, error) {
		return v.Records.CountCases(ctx, v.caller, filter)
	})}, nil
}

// merchantPage reads a page of shops.
func (v *view) merchantPage(ctx context.Context, filter cloudtag.MerchantFilter, request cloudtag.PageRequest) (*model.MerchantConnection, error) {
	found, err := v.Records.MerchantPage(ctx, v.caller, filter, request)
	if err != nil {
		return nil, err
	}
	byID := make(map[cloudtag.MerchantID]cloudtag.Merchant, len(found.Items))
	for _, merchant := range found.Items {
		byID[merchant.ID] = merchant
	}
	converted := v.merchants(byID)
	nodes := make([]*model.Merchant, len(found.Items))
	for i, merchant := range found.Items {
		nodes[i] = converted[merchant.ID]
	}
	return &model.MerchantConnection{Page: page(found, nodes, func(ctx context.Context) (int, error) {
		return v.Records.CountMerchants(ctx, v.caller, filter)
	})}, nil
}

// restrictionPage reads a page of restrictions.
func (v *view) restrictionPage(ctx context.Context, query restrictions.Query, request cloudtag.PageRequest) (*model.RestrictionConnection, error) {
	found, err := v.Restrictions.Page(ctx, v.caller, query, request)
	if err != nil {
		return nil, err
	}
	return &model.RestrictionConnection{Page: page(found, v.restrictions(found.Items), func(ctx context.Context) (int, error) {
		return v.Restrictions.Count(ctx, v.caller, query)
	})}, nil
}

// revocationPage reads a page of revocations.
func (v *view) revocationPage(ctx context.Context, query revocations.Query, request cloudtag.PageRequest) (*model.RevocationConnection, error) {
	found, err := v.Revocations.Page(ctx, v.caller, query, request)
	if err != nil {
		return nil, err
	}
	return &model.RevocationConnection{Page: page(found, v.revocations(found.Items), func(ctx context.Context) (int, error) {
		return v.Revocations.Count(ctx, v.caller, query)
	})}, nil
}

// appealPage reads a page of appeals.
func (v *view) appealPage(ctx context.Context, query appeals.Query, request cloudtag.PageRequest) (*model.AppealConnection, error) {
	found, err := v.Appeals.Page(ctx, v.caller, query, request)
	if err != nil {
		return nil, err
	}
	return &model.AppealConnection{Page: page(found, v.appeals(found.Items), func(ctx context.Context) (int, error) {
		return v.Appeals.Count(ctx, v.caller, query)
	})}, nil
}

// tokenRevocationPage reads a page of revocations of tokens.
func (v *view) tokenRevocationPage(ctx context.Context, request cloudtag.PageRequest) (*model.TokenRevocationConnection, error) {
	found, err := v.Revoker.Page(ctx, v.caller, request)
	if err != nil {
		return nil, err
	}
	return &model.TokenRevocationConnection{Page: page(found, pointers(found.Items), func(ctx context.Context) (int, error) {
		return v.Revoker.Count(ctx, v.caller)
	})}, nil
}

// linkedPairPage reads a page of linked pairs.
func (v *view) linkedPairPage(ctx context.Context, request cloudtag.PageRequest) (*model.LinkedPairConnection, error) {
	found, count, err := v.Collusion.Page(ctx, v.caller, request)
	if err != nil {
		return nil, err
	}
	nodes := v.linkedPairs(found.Items, v.pairedShops(func() []collusion.LinkedPair { return found.Items }))
	return &model.LinkedPairConnection{Page: page(found, nodes, counted(min(count, cloudtag.MaxCount+1)))}, nil
}

// savedViewPage reads a page of views.
func (v *view) savedViewPage(ctx context.Context, query casework.ViewQuery, request cloudtag.PageRequest) (*model.SavedViewConnection, error) {
	found, err := v.Views.Page(ctx, v.caller, query, request)
	if err != nil {
		return nil, err
	}
	nodes := make([]*model.SavedView, len(found.Items))
	for i, saved := range found.Items {
		nodes[i] = v.savedView(saved)
	}
	return &model.SavedViewConnection{Page: page(found, nodes, func(ctx context.Context) (int, error) {
		return v.Views.Count(ctx, v.caller, query)
	})}, nil
}
