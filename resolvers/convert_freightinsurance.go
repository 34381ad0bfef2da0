package resolvers

import (
	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/freightinsurance"
)

func (v *view) freightDecision(d freightinsurance.Decision) *model.FreightInsuranceDecision {
	return &model.FreightInsuranceDecision{
		Localizer: v.Localizer, OrderNo: string(d.OrderNo), Answer: d.Answer, DecidedAt: d.DecidedAt, Version: d.Version,
		PolicyVersion: d.PolicyVersion, Ground: d.Ground.Text(),
	}
}

func convertComplaint(c freightinsurance.Complaint) *model.Complaint {
	return &model.Complaint{
		ID: c.ID, OrderNo: string(c.OrderNo), State: c.State, OpenedAt: c.OpenedAt, DecidedAt: nonZero(c.DecidedAt),
	}
}

// complaintsOf converts each account's complaints.
func complaintsOf(found map[cloudtag.BuyerID][]freightinsurance.Complaint) map[cloudtag.BuyerID][]*model.Complaint {
	return mapped(found, func(of []freightinsurance.Complaint) []*model.Complaint {
		converted := make([]*model.Complaint, len(of))
		for i, complaint := range of {
			converted[i] = convertComplaint(complaint)
		}
		return converted
	})
}

// complaintPayload converts a changed complaint, or a refusal.
func (v *view) complaintPayload(complaint freightinsurance.Complaint, failure error) (*model.ComplaintPayload, error) {
	userErrors, err := v.userErrors(failure)
	if err != nil {
		return nil, err
	}
	payload := &model.ComplaintPayload{UserErrors: userErrors}
	if failure == nil {
		payload.Complaint = convertComplaint(complaint)
	}
	return payload, nil
}
