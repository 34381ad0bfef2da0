package resolvers

import (
	"context"

	"cloudtag/graph/model"
	"cloudtag/internal/appeals"
	"cloudtag/internal/cloudtag"
)

// appeal reads one appeal; null when there is none.
func (v *view) appeal(ctx context.Context, id string) (*model.Appeal, error) {
	found, err := v.Appeals.Find(ctx, v.caller, id)
	if cloudtag.CodeOf(err) == cloudtag.CodeNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return v.appeals([]appeals.Appeal{found})[0], nil
}

// appeals converts appeals that were read together, in order.
func (v *view) appeals(found []appeals.Appeal) []*model.Appeal {
	loaders := v.appealLoaders(func() []appeals.Appeal { return found })
	converted := make([]*model.Appeal, len(found))
	for i, appeal := range found {
		converted[i] = convertAppeal(appeal, loaders)
	}
	return converted
}

// appealsOf converts each account's appeals.
func (v *view) appealsOf(found map[cloudtag.BuyerID][]appeals.Appeal) map[cloudtag.BuyerID][]*model.Appeal {
	loaders := v.appealLoaders(func() []appeals.Appeal { return flat(found) })
	return mapped(found, func(of []appeals.Appeal) []*model.Appeal {
		converted := make([]*model.Appeal, len(of))
		for i, appeal := range of {
			converted[i] = convertAppeal(appeal, loaders)
		}
		return converted
	})
}

func (v *view) appealLoaders(of func() []appeals.Appeal) *model.AppealLoaders {
	loaders := &model.AppealLoaders{
		Stored: model.NewBatch(func(ctx context.Context) (map[cloudtag.CaseID]cloudtag.Case, error) {
			ids := distinct(of(), func(a appeals.Appeal) cloudtag.CaseID { return a.CaseID })
			return v.Records.Cases(ctx, v.caller, ids)
		}),
	}
	loaders.Cases = model.NewBatch(func(ctx context.Context) (map[cloudtag.CaseID]*model.Case, error) {
		found, err := loaders.Stored.All(ctx)
		return v.again().casesByID(found), err
	})
	return loaders
}

func convertAppeal(a appeals.Appeal, loaders *model.AppealLoaders) *model.Appeal {
	return &model.Appeal{Appeal: a, Loaders: loaders}
}

// appealFacts converts the facts of the case at the time of the appeal.
func (v *view) appealFacts(facts appeals.Facts) *model.AppealFacts {
	id := facts.Case.ID
	loaders := v.withVoters(&model.ExplanationLoaders{
		Policies: model.BatchOf(map[cloudtag.CaseID]cloudtag.Explanation{id: facts.Explanation}),
		Votes:    model.BatchOf(map[cloudtag.CaseID][]cloudtag.Vote{id: facts.Explanation.Votes}),
	})
	return &model.AppealFacts{
		State: facts.Case.State, Version: facts.Case.Version, Decision: v.decision(facts.Case.Decision),
		Explanation: v.explanation(id, facts.Explanation, loaders), Tags: v.tags(facts.Tags),
	}
}

// appealPayload converts a changed appeal, or a refusal.
func (v *view) appealPayload(appeal appeals.Appeal, failure error) (*model.AppealPayload, error) {
	userErrors, err := v.userErrors(failure)
	if err != nil {
		return nil, err
	}
	payload := &model.AppealPayload{UserErrors: userErrors}
	if failure == nil {
		payload.Appeal = v.appeals([]appeals.Appeal{appeal})[0]
	}
	return payload, nil
}
