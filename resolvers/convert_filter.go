package resolvers

import (
	"time"

	"cloudtag/graph/model"
	"cloudtag/internal/appeals"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/restrictions"
	"cloudtag/internal/revocations"
)

// strings converts strings of one type to another.
func retyped[To, From ~string](texts []From) []To {
	if len(texts) == 0 {
		return nil
	}
	converted := make([]To, len(texts))
	for i, text := range texts {
		converted[i] = To(text)
	}
	return converted
}

// tagFilter converts a filter of tags. BAD_USER_INPUT for more orders than a page has tags.
func tagFilter(in *model.TagFilter) (cloudtag.TagFilter, error) {
	if in == nil {
		return cloudtag.TagFilter{}, nil
	}
	numbers := in.OrderNos.Value()
	if len(numbers) > cloudtag.MaxPageSize {
		return cloudtag.TagFilter{}, errTooManyNumbers("filter", "orderNos")
	}
	return cloudtag.TagFilter{
		OrderNos:        retyped[cloudtag.OrderNo](numbers),
		MerchantID:      cloudtag.MerchantID(orZero(in.MerchantID.Value())),
		BuyerID:         cloudtag.BuyerID(orZero(in.BuyerID.Value())),
		Scenario:        cloudtag.ScenarioCode(orZero(in.Scenario.Value())),
		Statuses:        in.Status.Value(),
		SubmittedAfter:  orZero(in.SubmittedAfter.Value()),
		SubmittedBefore: orZero(in.SubmittedBefore.Value()),
		BatchID:         cloudtag.BatchID(orZero(in.BatchID.Value())),
	}, nil
}

func errTooManyNumbers(field ...string) error {
	return cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{
		ZH: "orderNos 最多 100 个订单号。", EN: "orderNos takes at most 100 order numbers.",
	}, field...)
}

// caseFilter converts a caller's filter of cases; overdue and claimed are evaluated as of now.
func caseFilter(in *model.CaseFilter, caller cloudtag.Caller, now time.Time) (cloudtag.CaseFilter, error) {
	if in == nil {
		return cloudtag.CaseFilter{}, nil
	}
	filter := cloudtag.CaseFilter{
		States:     in.State.Value(),
		Handling:   orZero(in.Handling.Value()),
		Scenario:   cloudtag.ScenarioCode(orZero(in.Scenario.Value())),
		BuyerID:    cloudtag.BuyerID(orZero(in.BuyerID.Value())),
		RiskLevels: in.RiskLevel.Value(),
		MinVotes:   orZero(in.MinVotes.Value()),
		DueFrom:    orZero(in.DueFrom.Value()),
		DueBefore:  orZero(in.DueTo.Value()),
	}
	if filter.MinVotes < 0 {
		return filter, cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{
			ZH: "minVotes 不能为负数。", EN: "minVotes must be 0 or more.",
		}, "filter", "minVotes")
	}
	if orZero(in.Claimed.Value()) {
		filter.ClaimedAt = now
	}
	if orZero(in.ClaimedByMe.Value()) {
		filter.ClaimedBy, filter.ClaimedAt = caller.Subject, now
	}
	filter.AssignedTo, filter.Escalated = orZero(in.AssignedTo.Value()), orZero(in.Escalated.Value())
	if orZero(in.AssignedToMe.Value()) {
		if filter.AssignedTo != "" && filter.AssignedTo != caller.Subject {
			return filter, cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{
				ZH: "assignedToMe 与 assignedTo 不能同时使用。", EN: "Use assignedToMe or assignedTo, not both.",
			}, "filter", "assignedTo")
		}
		filter.AssignedTo = caller.Subject
	}
	if snoozed := in.Snoozed.Value(); snoozed != nil && *snoozed {
		filter.SnoozedAt = now
	} else if snoozed != nil {
		filter.AwakeAt = now
	}
	if overdue := in.Overdue.Value(); overdue != nil && *overdue {
		filter.OverdueAt = now
	} else if overdue != nil {
		filter.NotOverdue = now
	}
	return filter, nil
}

func merchantFilter(in *model.MerchantFilter) cloudtag.MerchantFilter {
	if in == nil {
		return cloudtag.MerchantFilter{}
	}
	return cloudtag.MerchantFilter{
		Search: orZero(in.Search.Value()), Permission: orZero(in.Permission.Value()),
	}
}

func untaggedQuery(in *model.UntaggedOrderFilter) cloudtag.UntaggedQuery {
	if in == nil {
		return cloudtag.UntaggedQuery{}
	}
	return cloudtag.UntaggedQuery{
		Search: orZero(in.Search.Value()), PlacedAfter: orZero(in.PlacedAfter.Value()), PlacedBefore: orZero(in.PlacedBefore.Value()),
		Outcomes: in.ReportOutcome.Value(),
	}
}

func restrictionQuery(in *model.RestrictionFilter) restrictions.Query {
	if in == nil {
		return restrictions.Query{}
	}
	return restrictions.Query{
		MerchantID: cloudtag.MerchantID(orZero(in.MerchantID.Value())), BuyerID: cloudtag.BuyerID(orZero(in.BuyerID.Value())),
		State: orZero(in.State.Value()),
	}
}

func revocationQuery(in *model.RevocationFilter) revocations.Query {
	if in == nil {
		return revocations.Query{}
	}
	return revocations.Query{
		State: orZero(in.State.Value()), MerchantID: cloudtag.MerchantID(orZero(in.MerchantID.Value())),
		Kind: orZero(in.Kind.Value()), ProposedBy: orZero(in.ProposedBy.Value()),
	}
}

func appealQuery(in *model.AppealFilter) appeals.Query {
	if in == nil {
		return appeals.Query{}
	}
	return appeals.Query{
		State: orZero(in.State.Value()), CaseID: cloudtag.CaseID(orZero(in.CaseID.Value())),
		BuyerID: cloudtag.BuyerID(orZero(in.BuyerID.Value())),
	}
}
