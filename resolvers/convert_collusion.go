package resolvers

import (
	"context"
	"slices"

	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
)

// linkedPairs converts pairs that were read together; merchants loads their shops.
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

// pairedShops returns the loader of the shops of pairs that were read together.
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
func (v *view) signals(cases []cloudtag.Case, found map[cloudtag.CaseID]cloudtag.Signals) map[cloudtag.CaseID]*model.CaseSignals {
	merchants := v.pairedShops(func() []cloudtag.LinkedPair {
		var all []cloudtag.LinkedPair
		for _, signals := range found {
			all = append(all, signals.Pairs...)
		}
		return all
	})
	standing := model.NewBatch(func(ctx context.Context) (map[cloudtag.CaseID][]*model.Merchant, error) {
		return v.standingOut(ctx, cases)
	})
	converted := make(map[cloudtag.CaseID]*model.CaseSignals, len(found))
	for id, s := range found {
		signals := &model.CaseSignals{LinkedPairs: v.linkedPairs(s.Pairs, merchants), CaseID: id, Standing: standing}
		if s.Burst != nil {
			signals.Burst = &model.Burst{Entities: s.Burst.Entities, From: s.Burst.From, To: s.Burst.To}
		}
		converted[id] = signals
	}
	return converted
}

// standingOut returns the loader of the shops that stand out by themselves, by case.
func (v *view) standingOut(ctx context.Context, cases []cloudtag.Case) (map[cloudtag.CaseID][]*model.Merchant, error) {
	found, err := v.Records.StandingOut(ctx, v.caller, cases)
	if err != nil {
		return nil, err
	}
	merchants := v.merchantBatch(func() []cloudtag.MerchantID {
		return distinct(slices.Concat(values(found)...), func(id cloudtag.MerchantID) cloudtag.MerchantID { return id })
	})
	standing := make(map[cloudtag.CaseID][]*model.Merchant, len(found))
	for id, shops := range found {
		if standing[id], err = shopsIn(ctx, merchants, shops); err != nil {
			return nil, err
		}
	}
	return standing, nil
}
