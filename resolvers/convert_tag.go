package resolvers

import (
	"context"

	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/feed"
)

// tags converts tags that were read together, in order.
func (v *view) tags(tags []cloudtag.Tag) []*model.Tag {
	loaders := v.tagLoaders(tags)
	converted := make([]*model.Tag, len(tags))
	for i, tag := range tags {
		converted[i] = v.convertTag(tag, loaders)
	}
	return converted
}

// tagsByOrder converts tags that were found by order number.
func (v *view) tagsByOrder(found map[cloudtag.OrderNo]cloudtag.Tag) map[cloudtag.OrderNo]*model.Tag {
	loaders := v.tagLoaders(values(found))
	return mapped(found, func(tag cloudtag.Tag) *model.Tag { return v.convertTag(tag, loaders) })
}

func (v *view) tagLoaders(tags []cloudtag.Tag) *model.TagLoaders {
	return &model.TagLoaders{
		Orders: model.NewBatch(func(ctx context.Context) (map[cloudtag.OrderNo]*model.Order, error) {
			numbers := distinct(tags, func(t cloudtag.Tag) cloudtag.OrderNo { return t.OrderNo })
			orders, err := v.Records.Orders(ctx, v.caller, numbers)
			return v.orders(orders), err
		}),
		Merchants: v.merchantBatch(func() []cloudtag.MerchantID {
			return distinct(tags, func(t cloudtag.Tag) cloudtag.MerchantID { return t.MerchantID })
		}),
		Cases: model.NewBatch(func(ctx context.Context) (map[cloudtag.CaseID]*model.Case, error) {
			ids := distinct(tags, cloudtag.Tag.CaseID)
			cases, err := v.Records.Cases(ctx, v.caller, ids)
			return v.again().casesByID(cases), err
		}),
	}
}

func (v *view) convertTag(t cloudtag.Tag, loaders *model.TagLoaders) *model.Tag {
	return &model.Tag{
		Localizer: v.Localizer, Tag: t, Scenario: v.scenario(t.Scenario), HandledAt: t.HandledAtFor(v.caller, v.now), Loaders: loaders,
	}
}

// submitPayload converts the outcome of a submission: one result per order, in input order.
func (v *view) submitPayload(submitted cloudtag.Submitted) *model.SubmitTagsPayload {
	batchID := string(submitted.Batch.ID)
	return &model.SubmitTagsPayload{
		BatchID: &batchID, AcceptedCount: submitted.Batch.AcceptedCount(), UserErrors: []*model.UserError{}, Results: v.tagResults(submitted),
	}
}

func (v *view) tagResults(submitted cloudtag.Submitted) []*model.TagResult {
	tags := v.tagsByOrder(submitted.Tags)
	results := make([]*model.TagResult, len(submitted.Batch.Results))
	for i, result := range submitted.Batch.Results {
		converted := &model.TagResult{Index: i, OrderNo: string(result.OrderNo), Accepted: result.Accepted()}
		if refused := result.ResultError(); refused != nil {
			converted.Error = v.userError(refused, i)
		}
		if result.Accepted() || result.Code == cloudtag.CodeAlreadyTagged {
			converted.Tag = tags[result.OrderNo]
		}
		results[i] = converted
	}
	return results
}

// batch converts a stored submission.
func (v *view) batch(submitted cloudtag.Submitted) *model.Submission {
	batch := submitted.Batch
	return &model.Submission{
		Batch: batch, Scenario: v.scenario(batch.Scenario), Results: v.tagResults(submitted),
		Merchants: v.merchantBatch(func() []cloudtag.MerchantID { return []cloudtag.MerchantID{batch.MerchantID} }),
	}
}

// tagEvents converts events of one page of the log.
func (v *view) tagEvents(events []feed.TagEvent) []*model.TagEvent {
	tags := make([]cloudtag.Tag, len(events))
	for i, event := range events {
		tags[i] = event.Tag
	}
	converted := make([]*model.TagEvent, len(events))
	for i, tag := range v.tags(tags) {
		converted[i] = &model.TagEvent{Cursor: events[i].Cursor, At: events[i].At, Tag: tag}
		if previous := events[i].Previous; previous != "" {
			converted[i].PreviousStatus = &previous
		}
	}
	return converted
}
