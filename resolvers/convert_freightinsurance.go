package resolvers

import (
	"cloudtag/graph/model"
	"cloudtag/internal/freightinsurance"
)

func (v *view) freightDecision(d freightinsurance.Decision) *model.FreightInsuranceDecision {
	return &model.FreightInsuranceDecision{Localizer: v.Localizer, Decision: d}
}

// complaintPayload converts a changed complaint, or a refusal.
func (v *view) complaintPayload(complaint freightinsurance.Complaint, failure error) (*model.ComplaintPayload, error) {
	userErrors, err := v.userErrors(failure)
	if err != nil {
		return nil, err
	}
	payload := &model.ComplaintPayload{UserErrors: userErrors}
	if failure == nil {
		payload.Complaint = &complaint
	}
	return payload, nil
}
