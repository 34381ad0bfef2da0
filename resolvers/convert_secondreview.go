package resolvers

import (
	"context"

	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/secondreview"
)

// secondReview reads one second review; null when there is none.
func (v *view) secondReview(ctx context.Context, id string) (*model.SecondReview, error) {
	found, err := v.SecondReviews.Find(ctx, v.caller, id)
	if cloudtag.CodeOf(err) == cloudtag.CodeNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return v.secondReviews([]secondreview.Review{found})[0], nil
}

// secondReviews converts second reviews that were read together, in order.
func (v *view) secondReviews(found []secondreview.Review) []*model.SecondReview {
	cases := model.NewBatch(func(ctx context.Context) (map[cloudtag.CaseID]*model.Case, error) {
		stored, err := v.Records.Cases(ctx, v.caller, distinct(found, func(r secondreview.Review) cloudtag.CaseID { return r.CaseID }))
		return v.again().casesByID(stored), err
	})
	converted := make([]*model.SecondReview, len(found))
	for i, r := range found {
		converted[i] = &model.SecondReview{Review: r, First: v.decision(r.First()), CanDecide: r.MayDecide(v.caller), Cases: cases}
	}
	return converted
}

// secondReviewPage reads a page of second reviews.
func (v *view) secondReviewPage(ctx context.Context, query secondreview.Query, request cloudtag.PageRequest) (*model.SecondReviewConnection, error) {
	found, err := v.SecondReviews.Page(ctx, v.caller, query, request)
	if err != nil {
		return nil, err
	}
	return &model.SecondReviewConnection{Page: page(found, v.secondReviews(found.Items), func(ctx context.Context) (int, error) {
		return v.SecondReviews.Count(ctx, v.caller, query)
	})}, nil
}

func secondReviewQuery(in *model.SecondReviewFilter) secondreview.Query {
	if in == nil {
		return secondreview.Query{}
	}
	return secondreview.Query{
		State: orZero(in.State.Value()), Scenario: cloudtag.ScenarioCode(orZero(in.Scenario.Value())),
		CaseID: cloudtag.CaseID(orZero(in.CaseID.Value())), BuyerID: cloudtag.BuyerID(orZero(in.BuyerID.Value())),
		FirstBy: orZero(in.FirstBy.Value()),
	}
}

// secondReviewPayload converts a changed second review, or a refusal.
func (v *view) secondReviewPayload(review secondreview.Review, failure error) (*model.SecondReviewPayload, error) {
	userErrors, err := v.userErrors(failure)
	if err != nil {
		return nil, err
	}
	payload := &model.SecondReviewPayload{UserErrors: userErrors}
	if failure == nil {
		payload.SecondReview = v.secondReviews([]secondreview.Review{review})[0]
	}
	return payload, nil
}
