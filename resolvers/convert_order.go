package resolvers

import (
	"context"
	"maps"
	"slices"

	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
)

// merchants converts shops that were read together.
func (v *view) merchants(found map[cloudtag.MerchantID]cloudtag.Merchant) map[cloudtag.MerchantID]*model.Merchant {
	ids := slices.Collect(maps.Keys(found))
	counts := model.NewBatch(func(ctx context.Context) (map[cloudtag.MerchantID]cloudtag.MerchantCounts, error) {
		return v.Records.MerchantCounts(ctx, v.caller, ids)
	})
	tracks := v.shopRecords(ids)
	return mapped(found, func(m cloudtag.Merchant) *model.Merchant {
		return &model.Merchant{Merchant: m, Counts: counts, Tracks: tracks}
	})
}

// merchantBatch returns the loader of the shops of records other than orders.
func (v *view) merchantBatch(ids func() []cloudtag.MerchantID) *model.Batch[cloudtag.MerchantID, *model.Merchant] {
	return model.NewBatch(func(ctx context.Context) (map[cloudtag.MerchantID]*model.Merchant, error) {
		found, err := v.Records.Merchants(ctx, v.caller, ids())
		return v.merchants(found), err
	})
}

// orders converts orders that were read together.
func (v *view) orders(found map[cloudtag.OrderNo]cloudtag.Order) map[cloudtag.OrderNo]*model.Order {
	all := values(found)
	loaders := &model.OrderLoaders{
		Merchants: model.NewBatch(func(ctx context.Context) (map[cloudtag.MerchantID]*model.Merchant, error) {
			ids := distinct(all, func(o cloudtag.Order) cloudtag.MerchantID { return o.MerchantID })
			shops, err := v.Records.MerchantsOfOrders(ctx, v.caller, ids)
			return v.merchants(shops), err
		}),
		Tags: model.NewBatch(func(ctx context.Context) (map[cloudtag.OrderNo]*model.Tag, error) {
			numbers := distinct(all, func(o cloudtag.Order) cloudtag.OrderNo { return o.OrderNo })
			tags, err := v.Records.Tags(ctx, v.caller, numbers)
			return v.again().tagsByOrder(tags), err
		}),
		Freight: model.NewBatch(func(ctx context.Context) (map[cloudtag.OrderNo]*model.FreightInsuranceDecision, error) {
			numbers := distinct(all, func(o cloudtag.Order) cloudtag.OrderNo { return o.OrderNo })
			given, err := v.FreightInsurance.Given(ctx, v.caller, numbers)
			return mapped(given, v.freightDecision), err
		}),
		Buyers: model.NewBatch(func(context.Context) (map[cloudtag.BuyerID]*model.Buyer, error) {
			if !v.caller.MaySeeBuyers() {
				return nil, nil
			}
			return v.buyers(distinct(all, func(o cloudtag.Order) cloudtag.BuyerID { return o.BuyerID })), nil
		}),
	}
	return mapped(found, func(o cloudtag.Order) *model.Order {
		return &model.Order{Order: o, Loaders: loaders}
	})
}

// merchant reads one shop; null when there is none, or the caller may not look it up.
func (v *view) merchant(ctx context.Context, id cloudtag.MerchantID) (*model.Merchant, error) {
	found, err := v.Records.Merchants(ctx, v.caller, []cloudtag.MerchantID{id})
	return v.merchants(found)[id], err
}
