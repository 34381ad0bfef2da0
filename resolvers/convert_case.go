package resolvers

import (
	"context"

	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/feed"
)

// cases converts cases that were read together, in order.
func (v *view) cases(cases []cloudtag.Case) []*model.Case {
	loaders, buyers := v.caseLoaders(cases)
	converted := make([]*model.Case, len(cases))
	for i, c := range cases {
		converted[i] = v.convertCase(c, loaders, buyers[c.BuyerID])
	}
	return converted
}

// casesByID converts cases that were found by identifier.
func (v *view) casesByID(found map[cloudtag.CaseID]cloudtag.Case) map[cloudtag.CaseID]*model.Case {
	loaders, buyers := v.caseLoaders(values(found))
	return mapped(found, func(c cloudtag.Case) *model.Case { return v.convertCase(c, loaders, buyers[c.BuyerID]) })
}

// casesByBuyer converts each account's cases.
func (v *view) casesByBuyer(found map[cloudtag.BuyerID][]cloudtag.Case) map[cloudtag.BuyerID][]*model.Case {
	loaders, buyers := v.caseLoaders(flat(found))
	return mapped(found, func(cases []cloudtag.Case) []*model.Case {
		converted := make([]*model.Case, len(cases))
		for i, c := range cases {
			converted[i] = v.convertCase(c, loaders, buyers[c.BuyerID])
		}
		return converted
	})
}

func (v *view) caseLoaders(cases []cloudtag.Case) (*model.CaseLoaders, map[cloudtag.BuyerID]*model.Buyer) {
	loaders := &model.CaseLoaders{
		Explanations: v.explanationLoaders(cases),
		Signals: model.NewBatch(func(ctx context.Context) (map[cloudtag.CaseID]*model.CaseSignals, error) {
			live, err := v.liveTags(ctx, cases)
			if err != nil {
				return nil, err
			}
			signals, err := v.Collusion.Signals(ctx, v.caller, cases, live)
			return v.signals(cases, signals), err
		}),
		Evidence: model.NewBatch(func(ctx context.Context) (map[cloudtag.CaseID]*model.CaseEvidence, error) {
			evidence, err := v.Records.Evidence(ctx, v.caller, cases)
			return v.evidence(evidence), err
		}),
	}
	return loaders, v.buyers(distinct(cases, func(c cloudtag.Case) cloudtag.BuyerID { return c.BuyerID }))
}

func (v *view) convertCase(c cloudtag.Case, loaders *model.CaseLoaders, buyer *model.Buyer) *model.Case {
	converted := &model.Case{
		Case: c, Buyer: buyer, Scenario: v.scenario(c.Scenario), Overdue: c.Overdue(v.now), Priority: c.Priority(v.now),
		Decision: v.decision(c.Decision), CanDecide: c.MayDecide(v.caller, v.now), Claim: c.Claimed(v.now), Snooze: c.Snoozed(v.now),
		Explanation:   v.explanation(c.ID, cloudtag.Explain(c), loaders.Explanations),
		PriorityParts: c.PriorityParts(v.now),
		Loaders:       loaders,
	}
	if until, ok := c.UndoableUntil(v.caller.Subject, v.now); ok && v.caller.Decides() {
		converted.UndoUntil = until
	}
	return converted
}

// evidence converts the evidence of cases that were read together.
func (v *view) evidence(found map[cloudtag.CaseID]cloudtag.CaseEvidence) map[cloudtag.CaseID]*model.CaseEvidence {
	shops := v.merchantBatch(func() []cloudtag.MerchantID {
		var ids []cloudtag.MerchantID
		for _, evidence := range found {
			ids = append(ids, evidence.Shops...)
		}
		return distinct(ids, func(id cloudtag.MerchantID) cloudtag.MerchantID { return id })
	})
	return mapped(found, func(e cloudtag.CaseEvidence) *model.CaseEvidence {
		return &model.CaseEvidence{CaseEvidence: e, Merchants: shops}
	})
}

func (v *view) decision(d *cloudtag.CaseDecision) *model.CaseDecision {
	if d == nil {
		return nil
	}
	return &model.CaseDecision{Localizer: v.Localizer, CaseDecision: *d}
}

// explanation converts the numbers of an explanation.
func (v *view) explanation(id cloudtag.CaseID, e cloudtag.Explanation, loaders *model.ExplanationLoaders) *model.Explanation {
	onHold := make([]*model.Hold, len(e.Holds))
	for i, hold := range e.Holds {
		onHold[i] = &model.Hold{Localizer: v.Localizer, Code: hold}
	}
	return &model.Explanation{
		Localizer: v.Localizer, Explanation: e, OnHold: onHold, CaseID: id, Loaders: loaders,
	}
}

// explanationLoaders returns the loaders for the explanations of these cases.
func (v *view) explanationLoaders(cases []cloudtag.Case) *model.ExplanationLoaders {
	return v.withVoters(&model.ExplanationLoaders{
		Policies: model.NewBatch(func(ctx context.Context) (map[cloudtag.CaseID]cloudtag.Explanation, error) {
			return v.Records.Explain(ctx, v.caller, cases)
		}),
		Votes: model.NewBatch(func(ctx context.Context) (map[cloudtag.CaseID][]cloudtag.Vote, error) {
			return v.Records.Votes(ctx, v.caller, distinct(cases, func(c cloudtag.Case) cloudtag.CaseID { return c.ID }))
		}),
	})
}

// withVoters adds the loader of the votes' shops.
func (v *view) withVoters(loaders *model.ExplanationLoaders) *model.ExplanationLoaders {
	loaders.Voters = model.NewBatch(func(ctx context.Context) (map[cloudtag.MerchantID]*model.Merchant, error) {
		votes, err := loaders.Votes.All(ctx)
		if err != nil {
			return nil, err
		}
		var ids []cloudtag.MerchantID
		for _, vote := range flat(votes) {
			ids = append(ids, vote.Merchants...)
		}
		found, err := v.Records.Merchants(ctx, v.caller, distinct(ids, func(id cloudtag.MerchantID) cloudtag.MerchantID { return id }))
		return v.merchants(found), err
	})
	return loaders
}

func convertVotes(votes []cloudtag.Vote, voters *model.Batch[cloudtag.MerchantID, *model.Merchant]) []*model.Vote {
	converted := make([]*model.Vote, len(votes))
	for i, vote := range votes {
		converted[i] = &model.Vote{Vote: vote, Voters: voters}
	}
	return converted
}

// shopsIn returns shops, in order, from those that were read together.
func shopsIn(ctx context.Context, shops *model.Batch[cloudtag.MerchantID, *model.Merchant], ids []cloudtag.MerchantID) ([]*model.Merchant, error) {
	merchants := make([]*model.Merchant, len(ids))
	for i, id := range ids {
		merchant, err := required(shops.Find(ctx, id))
		if err != nil {
			return nil, err
		}
		merchants[i] = merchant
	}
	return merchants, nil
}

// caseEvents converts events of one page of the log. A case with several events is converted once.
func (v *view) caseEvents(events []feed.CaseEvent) []*model.CaseEvent {
	found := make(map[cloudtag.CaseID]cloudtag.Case, len(events))
	for _, event := range events {
		found[event.Case.ID] = event.Case
	}
	cases := v.casesByID(found)
	converted := make([]*model.CaseEvent, len(events))
	for i, event := range events {
		converted[i] = &model.CaseEvent{Cursor: event.Cursor, At: event.At, Action: string(event.Action), Case: cases[event.Case.ID]}
	}
	return converted
}
