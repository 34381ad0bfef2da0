package resolvers

import (
	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
)

// linkedPairs converts pairs that were read together; the shops are the siblings given.
func (v *view) linkedPairs(pairs []cloudtag.LinkedPair, merchants *model.Batch[cloudtag.MerchantID, *model.Merchant]) []*model.LinkedPair {
	converted := make([]*model.LinkedPair, len(pairs))
	for i, pair := range pairs {
		converted[i] = &model.LinkedPair{
			CommonBuyers: pair.Common, BuyersOfA: pair.BuyersOfA, BuyersOfB: pair.BuyersOfB, Lift: pair.Lift(), Chance: pair.Chance(), At: pair.At,
			First: pair.A, Second: pair.B, Merchants: merchants,
		}
	}
	return converted
}

// pairedShops finds the shops of pairs that were read together.
func (v *view) pairedShops(pairs func() []cloudtag.LinkedPair) *model.Batch[cloudtag.MerchantID, *model.Merchant] {
	return v.merchantBatch(func() []cloudtag.MerchantID {
		var ids []cloudtag.MerchantID
		for _, pair := range pairs() {
			ids = append(ids, pair.A, pair.B)
		}
		return distinct(ids, func(id cloudtag.MerchantID) cloudtag.MerchantID { return id })
	})
}

// signals converts the signals of cases that were read together.
func (v *view) signals(found map[cloudtag.CaseID]cloudtag.Signals) map[cloudtag.CaseID]*model.CaseSignals {
	merchants := v.pairedShops(func() []cloudtag.LinkedPair {
		var all []cloudtag.LinkedPair
		for _, signals := range found {
			all = append(all, signals.Pairs...)
		}
		return all
	})
	return mapped(found, func(s cloudtag.Signals) *model.CaseSignals {
		converted := &model.CaseSignals{LinkedPairs: v.linkedPairs(s.Pairs, merchants)}
		if s.Burst != nil {
			converted.Burst = &model.Burst{Entities: s.Burst.Entities, From: s.Burst.From, To: s.Burst.To}
		}
		return converted
	})
}
