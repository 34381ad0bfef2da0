package dbtest

import (
	"slices"

	"cloudtag/internal/cloudtag"
)

// Filters in every combination of their fields, with one value for each field that selects a part of a population.

func tagOrders() []cloudtag.TagOrder {
	return []cloudtag.TagOrder{cloudtag.TagsBySubmittedDesc, cloudtag.TagsBySubmittedAsc, cloudtag.TagsByStatusChangedDesc}
}

func caseOrders() []cloudtag.CaseOrder {
	return []cloudtag.CaseOrder{cloudtag.CasesByPriorityDesc, cloudtag.CasesByDueAsc, cloudtag.CasesByOpenedDesc}
}

// combine returns a filter for every subset of the fields.
func combine[F any](fields []func(*F)) []F {
	filters := make([]F, 1<<len(fields))
	for subset := range filters {
		for bit, set := range fields {
			if subset>>bit&1 == 1 {
				set(&filters[subset])
			}
		}
	}
	return filters
}

// tagFilters also contains each status alone, and combinations that select nothing.
func (p *population) tagFilters() []cloudtag.TagFilter {
	filters := combine([]func(*cloudtag.TagFilter){
		func(f *cloudtag.TagFilter) { f.MerchantID = p.w.shop(3) },
		func(f *cloudtag.TagFilter) { f.BuyerID = p.w.buyer("4") },
		func(f *cloudtag.TagFilter) { f.Scenario = swapped },
		func(f *cloudtag.TagFilter) {
			f.Statuses = []cloudtag.TagStatus{cloudtag.TagSucceeded, cloudtag.TagVoided, cloudtag.TagExpired}
		},
		func(f *cloudtag.TagFilter) { f.SubmittedAfter = day0.AddDate(0, 0, 1) }, // a time that tags have
		func(f *cloudtag.TagFilter) { f.SubmittedBefore = day0.AddDate(0, 0, 4) },
		func(f *cloudtag.TagFilter) { f.OrderNos = append(slices.Clone(p.orders[:100]), "none") },
	})
	for _, status := range cloudtag.TagStatuses() {
		filters = append(filters,
			cloudtag.TagFilter{Statuses: []cloudtag.TagStatus{status}},
			cloudtag.TagFilter{Statuses: []cloudtag.TagStatus{status}, MerchantID: p.w.shop(1)})
	}
	return append(filters,
		cloudtag.TagFilter{Statuses: cloudtag.TagStatuses()},
		cloudtag.TagFilter{OrderNos: []cloudtag.OrderNo{p.orders[3], p.orders[3], p.orders[0]}},
		cloudtag.TagFilter{MerchantID: "nobody"}, cloudtag.TagFilter{BuyerID: "nobody"}, cloudtag.TagFilter{Scenario: "none"},
		cloudtag.TagFilter{SubmittedAfter: day0, SubmittedBefore: day0},
	)
}

// caseFilters also contains each state, handling and level alone.
func (p *population) caseFilters() []cloudtag.CaseFilter {
	overdue := day0.AddDate(0, 0, 3) // a time that cases are due at
	filters := combine([]func(*cloudtag.CaseFilter){
		func(f *cloudtag.CaseFilter) {
			f.States = []cloudtag.CaseState{cloudtag.CaseAccumulating, cloudtag.CaseConfirmed}
		},
		func(f *cloudtag.CaseFilter) { f.Handling = cloudtag.HandlingPending },
		func(f *cloudtag.CaseFilter) { f.Scenario = empty },
		func(f *cloudtag.CaseFilter) { f.BuyerID = p.w.buyer("4") },
		func(f *cloudtag.CaseFilter) {
			f.RiskLevels = []cloudtag.RiskLevel{cloudtag.RiskHigh, cloudtag.RiskUnknown}
		},
		func(f *cloudtag.CaseFilter) { f.OverdueAt = overdue },
		func(f *cloudtag.CaseFilter) { f.NotOverdue = overdue.AddDate(0, 0, -1) },
		func(f *cloudtag.CaseFilter) { f.MinVotes = 2 },
	})
	for _, state := range cloudtag.CaseStates() {
		filters = append(filters, cloudtag.CaseFilter{States: []cloudtag.CaseState{state}})
	}
	for _, level := range []cloudtag.RiskLevel{cloudtag.RiskUnknown, cloudtag.RiskLow, cloudtag.RiskMedium, cloudtag.RiskHigh} {
		filters = append(filters, cloudtag.CaseFilter{RiskLevels: []cloudtag.RiskLevel{level}})
	}
	return append(filters,
		cloudtag.CaseFilter{Handling: cloudtag.HandlingHandled}, cloudtag.CaseFilter{States: cloudtag.CaseStates()},
		cloudtag.CaseFilter{DueFrom: overdue}, cloudtag.CaseFilter{DueBefore: overdue},
		cloudtag.CaseFilter{DueFrom: overdue.AddDate(0, 0, -1), DueBefore: overdue.AddDate(0, 0, 1), Scenario: swapped},
		cloudtag.CaseFilter{DueFrom: overdue, DueBefore: overdue.Add(cloudtag.TimeResolution), BuyerID: p.w.buyer("4")},
		cloudtag.CaseFilter{MinVotes: 99}, cloudtag.CaseFilter{Scenario: "none"},
		cloudtag.CaseFilter{NotOverdue: overdue, OverdueAt: overdue})
}

// logFilters combine every kind of subject, frequent and rare, with actions and actors.
func (p *population) logFilters() []cloudtag.LogFilter {
	var filters []cloudtag.LogFilter
	for _, actor := range []string{"", tester, "system:engine"} {
		for _, action := range []cloudtag.Action{"", cloudtag.ActionTagSubmitted, cloudtag.ActionTagVoided, cloudtag.ActionCaseOpened} {
			for _, subject := range []cloudtag.Subject{
				"", cloudtag.BuyerSubject(p.w.buyer("4")), cloudtag.MerchantSubject(p.w.shop(3)),
				cloudtag.CaseSubject(p.busiest()), cloudtag.TagSubject(p.orders[5]),
			} {
				filters = append(filters, cloudtag.LogFilter{Subject: subject, Action: action, Actor: actor})
			}
		}
	}
	return filters
}

// busiest returns the case with the most tags.
func (p *population) busiest() cloudtag.CaseID {
	return slices.MaxFunc(p.caseIDs, func(a, b cloudtag.CaseID) int { return len(p.ordersOf[a]) - len(p.ordersOf[b]) })
}
