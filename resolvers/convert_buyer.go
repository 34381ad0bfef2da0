package resolvers

import (
	"context"

	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
)

// buyers makes the accounts of these identifiers, which are read together.
func (v *view) buyers(ids []cloudtag.BuyerID) map[cloudtag.BuyerID]*model.Buyer {
	siblings := &model.BuyerSiblings{
		Risks: model.NewBatch(func(ctx context.Context) (map[cloudtag.BuyerID]*model.RiskProfile, error) {
			risks, err := v.Records.Risks(ctx, v.caller, ids)
			return mapped(risks, v.riskProfile), err
		}),
		Exposures: model.NewBatch(func(ctx context.Context) (map[cloudtag.BuyerID]*model.Exposure, error) {
			exposures, err := v.Records.Exposures(ctx, v.caller, ids)
			return mapped(exposures, func(e cloudtag.Exposure) *model.Exposure {
				return &model.Exposure{Orders: e.Orders, Merchants: e.Merchants}
			}), err
		}),
		Cases: model.NewBatch(func(ctx context.Context) (map[cloudtag.BuyerID][]*model.Case, error) {
			cases, err := v.Records.CasesOfBuyers(ctx, v.caller, ids)
			return v.again().casesByBuyer(cases), err
		}),
	}
	buyers := make(map[cloudtag.BuyerID]*model.Buyer, len(ids))
	for _, id := range ids {
		buyers[id] = &model.Buyer{ID: string(id), Siblings: siblings}
	}
	return buyers
}

func (v *view) riskProfile(risk cloudtag.BuyerRisk) *model.RiskProfile {
	converted := &model.RiskProfile{
		Score: risk.Profile.Score, Level: risk.Level, UpdatedAt: risk.Profile.UpdatedAt,
		Signals: make([]*model.RiskSignal, len(risk.Profile.Signals)),
	}
	for i, signal := range risk.Profile.Signals {
		converted.Signals[i] = &model.RiskSignal{
			Speaker: v.Speaker, Code: signal.Code, Value: signal.Value, Weight: signal.Weight, Named: signal.Label(),
		}
	}
	return converted
}
