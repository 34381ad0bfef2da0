package resolvers

import (
	"context"

	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/restrictions"
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
	return v.restrictions([]restrictions.Restriction{found})[0], nil
}

// restrictions converts restrictions that were read together, in order.
func (v *view) restrictions(found []restrictions.Restriction) []*model.Restriction {
	merchants := v.restrictingShops(func() []restrictions.Restriction { return found })
	converted := make([]*model.Restriction, len(found))
	for i, restriction := range found {
		converted[i] = v.convertRestriction(restriction, merchants)
	}
	return converted
}

// restrictionsOf converts each account's restrictions.
func (v *view) restrictionsOf(found map[cloudtag.BuyerID][]restrictions.Restriction) map[cloudtag.BuyerID][]*model.Restriction {
	merchants := v.restrictingShops(func() []restrictions.Restriction { return flat(found) })
	return mapped(found, func(of []restrictions.Restriction) []*model.Restriction {
		converted := make([]*model.Restriction, len(of))
		for i, restriction := range of {
			converted[i] = v.convertRestriction(restriction, merchants)
		}
		return converted
	})
}

// restrictingShops returns the loader of the shops of restrictions. Whoever may see a restriction may see the name of its
// shop, the platform's services included.
func (v *view) restrictingShops(of func() []restrictions.Restriction) *model.Batch[cloudtag.MerchantID, *model.Merchant] {
	return model.NewBatch(func(ctx context.Context) (map[cloudtag.MerchantID]*model.Merchant, error) {
		ids := distinct(of(), func(r restrictions.Restriction) cloudtag.MerchantID { return r.MerchantID })
		shops, err := v.Records.MerchantsOfOrders(ctx, v.caller, ids)
		return v.merchants(shops), err
	})
}

func (v *view) convertRestriction(r restrictions.Restriction, merchants *model.Batch[cloudtag.MerchantID, *model.Merchant]) *model.Restriction {
	if !r.MaySeeText(v.caller) {
		r.Description, r.Reason = "", ""
	}
	return &model.Restriction{Localizer: v.Localizer, Restriction: r, CanDecide: r.MayDecide(v.caller), Merchants: merchants}
}

// restrictionPayload converts a changed restriction, or a refusal.
func (v *view) restrictionPayload(restriction restrictions.Restriction, failure error) (*model.RestrictionPayload, error) {
	userErrors, err := v.userErrors(failure)
	if err != nil {
		return nil, err
	}
	payload := &model.RestrictionPayload{UserErrors: userErrors}
	if failure == nil {
		payload.Restriction = v.restrictions([]restrictions.Restriction{restriction})[0]
	}
	return payload, nil
}
