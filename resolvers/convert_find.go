package resolvers

import (
	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
)

// found converts the records whose identifiers have a prefix, in order.
func (v *view) found(found cloudtag.Found) *model.Found {
	buyers := v.buyers(found.Buyers)
	merchants := v.merchants(keyed(found.Merchants, func(m cloudtag.Merchant) cloudtag.MerchantID { return m.ID }))
	orders := v.orders(keyed(found.Orders, func(o cloudtag.Order) cloudtag.OrderNo { return o.OrderNo }))
	converted := &model.Found{
		Buyers: make([]*model.Buyer, len(found.Buyers)), Cases: v.cases(found.Cases),
		Merchants: make([]*model.Merchant, len(found.Merchants)), Orders: make([]*model.Order, len(found.Orders)),
	}
	for i, id := range found.Buyers {
		converted.Buyers[i] = buyers[id]
	}
	for i, merchant := range found.Merchants {
		converted.Merchants[i] = merchants[merchant.ID]
	}
	for i, order := range found.Orders {
		converted.Orders[i] = orders[order.OrderNo]
	}
	return converted
}

// keyed returns a map of records by key.
func keyed[K comparable, V any](records []V, key func(V) K) map[K]V {
	all := make(map[K]V, len(records))
	for _, record := range records {
		all[key(record)] = record
	}
	return all
}
