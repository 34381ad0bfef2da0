package resolvers

import (
	"context"

	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/freightinsurance"
)

// buyers returns the accounts with these identifiers; their relations are read together.
func (v *view) buyers(ids []cloudtag.BuyerID) map[cloudtag.BuyerID]*model.Buyer {
	tagged := model.NewBatch(func(ctx context.Context) (map[cloudtag.BuyerID]int, error) {
		return v.Records.TaggedOrders(ctx, v.caller, ids)
	})
	loaders := &model.BuyerLoaders{
		Risks: model.NewBatch(func(ctx context.Context) (map[cloudtag.BuyerID]*model.RiskProfile, error) {
			risks, err := v.Records.Risks(ctx, v.caller, ids)
			return mapped(risks, v.riskProfile), err
		}),
		Exposures: model.NewBatch(func(ctx context.Context) (map[cloudtag.BuyerID]*model.Exposure, error) {
			exposures, err := v.Records.Exposures(ctx, v.caller, ids)
			converted := make(map[cloudtag.BuyerID]*model.Exposure, len(ids))
			for _, id := range ids { // an account without orders in the window has one too
				converted[id] = &model.Exposure{Exposure: exposures[id], BuyerID: id, Tagged: tagged}
			}
			return converted, err
		}),
		Cases: model.NewBatch(func(ctx context.Context) (map[cloudtag.BuyerID][]*model.Case, error) {
			cases, err := v.Records.CasesOfBuyers(ctx, v.caller, ids)
			return v.again().casesByBuyer(cases), err
		}),
		Complaints: model.NewBatch(func(ctx context.Context) (map[cloudtag.BuyerID][]*freightinsurance.Complaint, error) {
			complaints, err := v.FreightInsurance.ComplaintsOf(ctx, v.caller, ids)
			return mapped(complaints, pointers[freightinsurance.Complaint]), err
		}),
		Restrictions: model.NewBatch(func(ctx context.Context) (map[cloudtag.BuyerID][]*model.Restriction, error) {
			restrictions, err := v.Restrictions.Of(ctx, v.caller, ids)
			return v.restrictionsOf(restrictions), err
		}),
		Appeals: model.NewBatch(func(ctx context.Context) (map[cloudtag.BuyerID][]*model.Appeal, error) {
			appeals, err := v.Appeals.Of(ctx, v.caller, ids)
			return v.appealsOf(appeals), err
		}),
	}
	buyers := make(map[cloudtag.BuyerID]*model.Buyer, len(ids))
	for _, id := range ids {
		buyers[id] = &model.Buyer{ID: id, Loaders: loaders}
	}
	return buyers
}

func (v *view) riskProfile(risk cloudtag.BuyerRisk) *model.RiskProfile {
	converted := &model.RiskProfile{
		Score: risk.Profile.Score, Level: risk.Level, UpdatedAt: risk.Profile.UpdatedAt,
		Signals: make([]*model.RiskSignal, len(risk.Profile.Signals)),
	}
	for i, signal := range risk.Profile.Signals {
		converted.Signals[i] = v.riskSignal(signal)
	}
	if strongest, ok := risk.Profile.Strongest(); ok {
		converted.Strongest = v.riskSignal(strongest)
	}
	return converted
}

func (v *view) riskSignal(signal cloudtag.RiskSignal) *model.RiskSignal {
	return &model.RiskSignal{Localizer: v.Localizer, RiskSignal: signal}
}
