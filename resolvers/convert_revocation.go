package resolvers

import (
	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/revocations"
)

// revocations converts revocations that were read together, in order.
func (v *view) revocations(found []revocations.Revocation) []*model.Revocation {
	merchants := v.merchantBatch(func() []cloudtag.MerchantID {
		return distinct(found, func(r revocations.Revocation) cloudtag.MerchantID { return r.MerchantID })
	})
	converted := make([]*model.Revocation, len(found))
	for i, r := range found {
		converted[i] = &model.Revocation{Revocation: r, CanDecide: r.MayDecide(v.caller), Merchants: merchants}
	}
	return converted
}

// revocationPayload converts a changed revocation, or a refusal.
func (v *view) revocationPayload(revocation revocations.Revocation, failure error) (*model.RevocationPayload, error) {
	userErrors, err := v.userErrors(failure)
	if err != nil {
		return nil, err
	}
	payload := &model.RevocationPayload{UserErrors: userErrors}
	if failure == nil {
		payload.Revocation = v.revocations([]revocations.Revocation{revocation})[0]
	}
	return payload, nil
}
