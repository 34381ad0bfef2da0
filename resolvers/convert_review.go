package resolvers

import (
	"strconv"

	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
)

// one converts a case; nil for one that was not found.
func (v *view) one(c cloudtag.Case) *model.Case {
	if c.ID == "" {
		return nil
	}
	return v.cases([]cloudtag.Case{c})[0]
}

// casePayload converts a changed case, or a refusal with the case as it is.
func (v *view) casePayload(c cloudtag.Case, failure error) (*model.CasePayload, error) {
	userErrors, err := v.userErrors(failure)
	if err != nil {
		return nil, err
	}
	return &model.CasePayload{Case: v.one(c), UserErrors: userErrors}, nil
}

// claimPayload converts a claim. A refused one has no token: the case's token is another reviewer's.
func (v *view) claimPayload(c cloudtag.Case, failure error) (*model.ClaimCasePayload, error) {
	userErrors, err := v.userErrors(failure)
	if err != nil {
		return nil, err
	}
	payload := &model.ClaimCasePayload{Case: v.one(c), UserErrors: userErrors}
	if failure == nil && c.Claim != nil {
		payload.Token = &c.Claim.Token
	}
	return payload, nil
}

// caseResults converts the outcomes of a ruling on several cases, which share their loaders. Refusals name the element of the
// input's list.
func (v *view) caseResults(list string, results []cloudtag.RulingResult) ([]*model.CasePayload, error) {
	var found []cloudtag.Case
	for _, result := range results {
		if result.Case.ID != "" {
			found = append(found, result.Case)
		}
	}
	cases := v.cases(found)
	payloads := make([]*model.CasePayload, len(results))
	for i, result := range results {
		userErrors, err := v.userErrors(result.Err)
		if err != nil {
			return nil, err
		}
		for _, refusal := range userErrors {
			refusal.Field = itemField(list, refusal.Field, i)
		}
		payloads[i] = &model.CasePayload{UserErrors: userErrors}
		if result.Case.ID != "" {
			payloads[i].Case, cases = cases[0], cases[1:]
		}
	}
	return payloads, nil
}

// itemField returns the path of a field of one input in a list.
func itemField(list string, field []string, place int) []string {
	path := []string{"input", list, strconv.Itoa(place)}
	if len(field) > 1 {
		path = append(path, field[1:]...)
	}
	return path
}

func convertRuling(input model.DecideCaseInput) cloudtag.Ruling {
	return cloudtag.Ruling{
		Decision: input.Decision, Reason: input.Reason, ExpectedVersion: input.ExpectedVersion, Token: orZero(input.Token.Value()),
	}
}

func convertRulings(items []*model.DecideCaseInput) []cloudtag.CaseRuling {
	rulings := make([]cloudtag.CaseRuling, len(items))
	for i, item := range items {
		rulings[i] = cloudtag.CaseRuling{CaseID: cloudtag.CaseID(item.CaseID), Ruling: convertRuling(*item)}
	}
	return rulings
}

// tagPayload converts a changed tag, or a refusal with the tag as it is.
func (v *view) tagPayload(tag cloudtag.Tag, failure error) (*model.TagPayload, error) {
	userErrors, err := v.userErrors(failure)
	if err != nil {
		return nil, err
	}
	payload := &model.TagPayload{UserErrors: userErrors}
	if tag.OrderNo != "" {
		payload.Tag = v.tags([]cloudtag.Tag{tag})[0]
	}
	return payload, nil
}

func convertStats(stats queueCount, caller cloudtag.Caller) *model.QueueStats {
	return &model.QueueStats{QueueStats: stats.QueueStats, HandledByMeToday: stats.by[caller.Subject]}
}
