package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

func caseOf(record *caseRecord) cloudtag.Case { return record.Case }

// Cases returns cases by identifier.
func (s *Store) Cases(ctx context.Context, ids []cloudtag.CaseID) (map[cloudtag.CaseID]cloudtag.Case, error) {
	return find(ctx, s, s.kinds.Cases, ids, caseOf)
}

// CasesOfBuyers returns each account's cases, by OpenedAt, then identifier: their identifiers are made of scenario and
// account, so that they are found by key.
func (s *Store) CasesOfBuyers(ctx context.Context, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID][]cloudtag.Case, error) {
	scenarios := cloudtag.Scenarios()
	ids := make([]cloudtag.CaseID, 0, len(buyers)*len(scenarios))
	for _, buyer := range buyers {
		for _, scenario := range scenarios {
			ids = append(ids, cloudtag.NewCaseID(scenario.Code, buyer))
		}
	}
	found, err := s.Cases(ctx, ids)
	if err != nil {
		return nil, err
	}
	cases := make(map[cloudtag.BuyerID][]cloudtag.Case)
	for _, c := range found {
		cases[c.BuyerID] = append(cases[c.BuyerID], c)
	}
	for _, of := range cases {
		slices.SortFunc(of, func(a, b cloudtag.Case) int {
			return cmp.Or(a.OpenedAt.Compare(b.OpenedAt), cmp.Compare(a.ID, b.ID))
		})
	}
	return cases, nil
}

// caseQuery chooses where cases that match are looked for.
func (s *Store) caseQuery(filter cloudtag.CaseFilter, order cloudtag.CaseOrder) Query {
	query := Query{Kind: s.kinds.Cases, Index: byOpened, Sort: "openedAt"}
	switch order {
	case cloudtag.CasesByPriorityDesc:
		query.Index, query.Sort = byRank, "rank"
	case cloudtag.CasesByDueAsc:
		query.Index, query.Sort = byDue, "dueKey"
	}
	states := anyOf(filter.States...)
	waiting := filter.Handling == cloudtag.HandlingPending || !filter.OverdueAt.IsZero() || filter.ClaimedBy != ""
	switch {
	case waiting && order == cloudtag.CasesByOpenedDesc:
		query.Index = byQueue // few wait: they are sorted
	case waiting && order == cloudtag.CasesByPriorityDesc:
		query.raise(*from(int64(0))) // who waits ranks above 0, everybody else below
	case len(states) > 0 && order == cloudtag.CasesByOpenedDesc:
		query.Index, query.AnyOf, states = byState, states, nil
	}
	query.where("state", states)
	query.where("riskLevel", anyOf(filter.RiskLevels...))
	if filter.Handling != "" {
		query.where("handling", anyOf(filter.Handling))
	}
	if filter.Scenario != "" {
		query.where("scenario", anyOf(filter.Scenario))
	}
	if filter.MinVotes > 0 {
		query.between("votes", int64(filter.MinVotes), nil)
	}
	// A case is overdue when its due time is not after the moment asked about; those that don't wait have none.
	query.between("dueKey", nil, after(filter.OverdueAt))
	query.between("dueKey", after(filter.NotOverdue), nil)
	if filter.ClaimedBy != "" {
		query.where("claimedBy", anyOf(filter.ClaimedBy))
		query.between("claimedUntil", after(filter.ClaimedAt), nil)
	}
	return query
}

// where adds a condition, unless there are no values.
func (q *Query) where(name string, values []any) {
	if len(values) > 0 {
		q.Where = append(q.Where, Condition{Field: name, AnyOf: values})
	}
}

// CasePage returns the cases that match, in order, within the slice.
func (s *Store) CasePage(ctx context.Context, filter cloudtag.CaseFilter, order cloudtag.CaseOrder, slice cloudtag.Slice) ([]cloudtag.Case, bool, error) {
	descending := order != cloudtag.CasesByDueAsc
	if filter.BuyerID != "" {
		cases, err := s.casesOfBuyer(ctx, filter)
		page, more := pageAmong(cases, descending, slice, order.PositionOf)
		return page, more, err
	}
	return page(ctx, s, s.caseQuery(filter, order), descending, slice, caseOf)
}

// casesOfBuyer returns the cases of the filter's account that match.
func (s *Store) casesOfBuyer(ctx context.Context, filter cloudtag.CaseFilter) ([]cloudtag.Case, error) {
	found, err := s.CasesOfBuyers(ctx, []cloudtag.BuyerID{filter.BuyerID})
	return slices.DeleteFunc(found[filter.BuyerID], func(c cloudtag.Case) bool { return !filter.Matches(c) }), err
}

// CountCases counts the cases that match, up to limit.
func (s *Store) CountCases(ctx context.Context, filter cloudtag.CaseFilter, limit int) (int, error) {
	if filter.BuyerID != "" {
		cases, err := s.casesOfBuyer(ctx, filter)
		return min(limit, len(cases)), err
	}
	query := s.caseQuery(filter, cloudtag.CasesByOpenedDesc)
	query.Limit = limit
	return s.engine.Count(ctx, query)
}

// CaseIDs returns up to limit identifiers of cases after one, in order.
func (s *Store) CaseIDs(ctx context.Context, after cloudtag.CaseID, limit int) ([]cloudtag.CaseID, error) {
	ids, _, err := list(ctx, s, Query{Kind: s.kinds.Cases, Above: &Place{ID: string(after)}, Limit: limit},
		func(c *caseRecord) cloudtag.CaseID { return c.ID })
	return ids, err
}

// CountPending counts the pending cases that are due before a time.
func (s *Store) CountPending(ctx context.Context, dueBefore time.Time) (int, error) {
	query := Query{Kind: s.kinds.Cases, Index: byQueue, Sort: "waitsUntil", Limit: unlimited}
	query.Below = from(millis(dueBefore.Add(time.Millisecond - 1)))
	return s.engine.Count(ctx, query)
}

// unlimited is more than can be counted.
const unlimited = 1 << 50

// CountClaimed counts the pending cases whose claim lasts beyond a time.
func (s *Store) CountClaimed(ctx context.Context, now time.Time) (int, error) {
	query := Query{Kind: s.kinds.Cases, Index: byQueue, Sort: "waitsUntil", Limit: unlimited}
	query.between("claimedUntil", after(now), nil)
	return s.engine.Count(ctx, query)
}

// WakingCases returns up to limit cases whose WakeAt is not after a time, earliest first.
func (s *Store) WakingCases(ctx context.Context, asOf time.Time, limit int) ([]cloudtag.CaseID, error) {
	ids, _, err := list(ctx, s, Query{
		Kind: s.kinds.Cases, Index: byWake, Sort: "wakeAt", Below: from(millis(asOf) + 1), Limit: limit,
	}, func(c *caseRecord) cloudtag.CaseID { return c.ID })
	return ids, err
}
