package graph

import (
	"time"

	"cloudtag/graph/generated"
	"cloudtag/graph/model"
	"cloudtag/internal/cloudtag"
)

// What lists without a page hold at most or commonly, as far as pricing them goes.
const (
	scenariosPriced = 19 // the catalogue
	casesPriced     = 19 // of one account: one per scenario
	votesPriced     = 5
	shopsPriced     = 2                    // of one vote
	bucketsPriced   = 8                    // of a spread
	daysPriced      = 366                  // of metrics
	tagsPriced      = 5                    // of an appeal's facts
	recordsPriced   = 20                   // of one account: complaints, restrictions, appeals; and linked pairs of one case
	listPriced      = cloudtag.MaxPageSize // lists of all restrictions, revocations, appeals and pairs
)

// pricing weighs fields by how many records they bring: a page costs its size times what is selected of each record.
func pricing() generated.ComplexityRoot {
	var root generated.ComplexityRoot
	root.Query.Tags = func(each int, _ *model.TagFilter, _ *cloudtag.TagOrder, first *int, _ *cloudtag.Cursor, last *int, _ *cloudtag.Cursor) int {
		return paged(each, first, last)
	}
	root.Query.Cases = func(each int, _ *model.CaseFilter, _ *cloudtag.CaseOrder, first *int, _ *cloudtag.Cursor, last *int, _ *cloudtag.Cursor) int {
		return paged(each, first, last)
	}
	root.Query.Merchants = func(each int, _ *model.MerchantFilter, first *int, _ *cloudtag.Cursor, last *int, _ *cloudtag.Cursor) int {
		return paged(each, first, last)
	}
	root.Query.Log = func(each int, _, _, _ *string, _, _ *time.Time, first *int, _ *cloudtag.Cursor, last *int, _ *cloudtag.Cursor) int {
		return paged(each, first, last)
	}
	root.Buyer.Tags = func(each int, first *int, _ *cloudtag.Cursor) int { return paged(each, first, nil) }
	root.Case.Tags = func(each int, first *int, _ *cloudtag.Cursor) int { return paged(each, first, nil) }
	root.Case.Timeline = func(each int, first *int, _ *cloudtag.Cursor) int { return paged(each, first, nil) }
	root.Query.Scenarios = func(each int, _ *cloudtag.ScenarioCategory) int { return times(each, scenariosPriced) }
	root.Buyer.Cases = func(each int) int { return times(each, casesPriced) }
	root.Explanation.Votes = func(each int) int { return times(each, votesPriced) }
	root.Vote.Merchants = func(each int) int { return times(each, shopsPriced) }
	root.Query.WebhookEndpoints = func(each int, _ *model.WebhookEndpointFilter, first *int, _ *cloudtag.Cursor, last *int, _ *cloudtag.Cursor) int {
		return paged(each, first, last)
	}
	root.WebhookEndpoint.Deliveries = func(each int, _ *model.WebhookDeliveryFilter, first *int, _ *cloudtag.Cursor, last *int, _ *cloudtag.Cursor) int {
		return paged(each, first, last)
	}
	pricePlatform(&root)
	return root
}

// pricePlatform weighs the fields of the platform's half.
func pricePlatform(root *generated.ComplexityRoot) {
	ofOne := func(each int) int { return times(each, recordsPriced) }
	root.Buyer.Complaints, root.Buyer.Restrictions, root.Buyer.Appeals, root.CaseSignals.LinkedPairs = ofOne, ofOne, ofOne, ofOne
	root.AppealFacts.Tags = func(each int) int { return times(each, tagsPriced) }
	root.Query.LinkedPairs = func(each int) int { return times(each, listPriced) }
	root.Query.Appeals = func(each int, _ *cloudtag.AppealState) int { return times(each, listPriced) }
	root.Query.AppealConnection = func(each int, _ *model.AppealFilter, first *int, _ *cloudtag.Cursor, last *int, _ *cloudtag.Cursor) int {
		return paged(each, first, last)
	}
	root.Query.SavedViews = func(each int, _ string, _ bool, first *int, _ *cloudtag.Cursor, last *int, _ *cloudtag.Cursor) int {
		return paged(each, first, last)
	}
	root.Query.RestrictionConnection = func(each int, _ *model.RestrictionFilter, first *int, _ *cloudtag.Cursor, last *int, _ *cloudtag.Cursor) int {
		return paged(each, first, last)
	}
	root.Query.RevocationConnection = func(each int, _ *model.RevocationFilter, first *int, _ *cloudtag.Cursor, last *int, _ *cloudtag.Cursor) int {
		return paged(each, first, last)
	}
	root.Query.Restrictions = func(each int, _, _ *string, _ *cloudtag.RestrictionState) int { return times(each, listPriced) }
	root.Query.Revocations = func(each int, _ *cloudtag.RevocationState, _ *string) int { return times(each, listPriced) }
	root.PolicySimulation.ChangedCases = func(each int, first *int, _ *cloudtag.Cursor, _ *cloudtag.SimulatedChange) int {
		return paged(each, first, nil)
	}
	root.PolicySimulation.Scenarios = func(each int) int { return times(each, scenariosPriced) }
	root.Metrics.Scenarios = func(each int) int { return times(each, scenariosPriced) }
	root.Spread.Buckets = func(each int) int { return times(each, bucketsPriced) }
	root.Metrics.Days = func(each int) int { return times(each, daysPriced) }
	root.Mutation.SubmitTags = func(each int, input model.SubmitTagsInput) int {
		return times(each, min(cloudtag.MaxBatchOrders, max(1, len(input.OrderNos))))
	}
	root.Mutation.DecideCases = func(each int, input model.DecideCasesInput) int {
		return times(each, max(1, len(input.Items)))
	}
}

// paged prices a page. Sizes out of range are refused later, and priced as the largest.
func paged(each int, first, last *int) int {
	size := cloudtag.DefaultPageSize
	if last != nil {
		size = *last
	}
	if first != nil {
		size = *first
	}
	if size < 1 || size > cloudtag.MaxPageSize {
		size = cloudtag.MaxPageSize
	}
	return times(each, size)
}

// times multiplies without overflow.
func times(each, count int) int {
	if each > manyFields/count {
		return manyFields
	}
	return 1 + each*count
}
