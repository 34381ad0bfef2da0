package resolvers

import (
	"context"
	"slices"

	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/collusion"
)

// linkedPairs converts pairs that were read together; merchants loads their shops.
func (v *view) linkedPairs(pairs []collusion.LinkedPair, merchants *model.Batch[cloudtag.MerchantID, *model.Merchant]) []*model.LinkedPair {
	converted := make([]*model.LinkedPair, len(pairs))
	for i, pair := range pairs {
		converted[i] = &model.LinkedPair{LinkedPair: pair, Merchants: merchants}
	}
	return converted
}

// pairedShops returns the loader of the shops of pairs that were read together.
func (v *view) pairedShops(pairs func() []collusion.LinkedPair) *model.Batch[cloudtag.MerchantID, *model.Merchant] {
	return v.merchantBatch(func() []cloudtag.MerchantID {
		var ids []cloudtag.MerchantID
		for _, pair := range pairs() {
			ids = append(ids, pair.A, pair.B)
		}
		return distinct(ids, func(id cloudtag.MerchantID) cloudtag.MerchantID { return id })
	})
}

// liveTags finds the live tags of cases.
func (v *view) liveTags(ctx context.Context, cases []cloudtag.Case) (map[cloudtag.CaseID][]cloudtag.Tag, error) {
	ids := make([]cloudtag.CaseID, len(cases))
	for i, c := range cases {
		ids[i] = c.ID
	}
	return v.Records.LiveTags(ctx, v.caller, ids)
}

// signals converts the signals of cases that were read together.
func (v *view) signals(cases []cloudtag.Case, found map[cloudtag.CaseID]collusion.Signals) map[cloudtag.CaseID]*model.CaseSignals {
	merchants := v.pairedShops(func() []collusion.LinkedPair {
		var all []collusion.LinkedPair
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
		converted[id] = &model.CaseSignals{Burst: s.Burst, LinkedPairs: v.linkedPairs(s.Pairs, merchants), CaseID: id, Standing: standing}
	}
	return converted
}

// standingOut returns the loader of the shops that stand out by themselves, by case.
func (v *view) standingOut(ctx context.Context, cases []cloudtag.Case) (map[cloudtag.CaseID][]*model.Merchant, error) {
	live, err := v.liveTags(ctx, cases)
	if err != nil {
		return nil, err
	}
	found, err := v.Collusion.StandingOut(ctx, v.caller, cases, live)
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
