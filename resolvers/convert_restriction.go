package resolvers

import (
	"context"

	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
)

// restriction reads one restriction; null when there is none that the caller may see.
func (v *view) restriction(ctx context.Context, id string) (*model.Restriction, error) {
	found, err := v.Restrictions.Find(ctx, v.caller, id)
	if cloudtag.CodeOf(err) == cloudtag.CodeNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return v.restrictions([]cloudtag.Restriction{found})[0], nil
}

// restrictions converts restrictions that were read together, in order.
func (v *view) restrictions(found []cloudtag.Restriction) []*model.Restriction {
	merchants := v.restrictingShops(func() []cloudtag.Restriction { return found })
	converted := make([]*model.Restriction, len(found))
	for i, restriction := range found {
		converted[i] = v.convertRestriction(restriction, merchants)
	}
	return converted
}

// restrictionsOf converts each account's restrictions.
func (v *view) restrictionsOf(found map[cloudtag.BuyerID][]cloudtag.Restriction) map[cloudtag.BuyerID][]*model.Restriction {
	merchants := v.restrictingShops(func() []cloudtag.Restriction { return flat(found) })
	return mapped(found, func(of []cloudtag.Restriction) []*model.Restriction {
		converted := make([]*model.Restriction, len(of))
		for i, restriction := range of {
			converted[i] = v.convertRestriction(restriction, merchants)
		}
		return converted
	})
}

// restrictingShops returns the loader of the shops of restrictions. Whoever may see a restriction may see the name of its
// shop, the platform's services included.
func (v *view) restrictingShops(of func() []cloudtag.Restriction) *model.Batch[cloudtag.MerchantID, *model.Merchant] {
	return model.NewBatch(func(ctx context.Context) (map[cloudtag.MerchantID]*model.Merchant, error) {
		ids := distinct(of(), func(r cloudtag.Restriction) cloudtag.MerchantID { return r.MerchantID })
		shops, err := v.Records.MerchantsOfOrders(ctx, v.caller, ids)
		return v.merchants(shops), err
	})
}

func (v *view) convertRestriction(r cloudtag.Restriction, merchants *model.Batch[cloudtag.MerchantID, *model.Merchant]) *model.Restriction {
	if !r.MaySeeText(v.caller) {
		r.Description, r.Reason = "", ""
	}
	return &model.Restriction{Localizer: v.Localizer, Restriction: r, CanDecide: r.MayDecide(v.caller), Merchants: merchants}
}

// restrictionPayload converts a changed restriction, or a refusal.
func (v *view) restrictionPayload(restriction cloudtag.Restriction, failure error) (*model.RestrictionPayload, error) {
	userErrors, err := v.userErrors(failure)
	if err != nil {
		return nil, err
	}
	payload := &model.RestrictionPayload{UserErrors: userErrors}
	if failure == nil {
		payload.Restriction = v.restrictions([]cloudtag.Restriction{restriction})[0]
	}
	return payload, nil
}
