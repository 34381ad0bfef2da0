package store

import (
	"context"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// caseQuery selects the matching cases, by identifier.
func (s *Store) caseQuery(filter cloudtag.CaseFilter) Query {
	query := Query{Kind: s.kinds.Cases}
	query.where("state", anyOf(filter.States...))
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
	// A case is overdue from its due time on; cases that are not pending have none.
	query.between("dueKey", nil, after(filter.OverdueAt))
	query.between("dueKey", after(filter.NotOverdue), nil)
	query.between("dueKey", before(filter.DueFrom), before(filter.DueBefore))
	query.between("claimedUntil", after(filter.ClaimedAt), nil)
	if filter.ClaimedBy != "" {
		query.where("claimedBy", anyOf(filter.ClaimedBy))
	}
	if filter.AssignedTo != "" {
		query.where("assignedTo", anyOf(filter.AssignedTo))
	}
	if filter.Escalated {
		query.where("attention", anyOf(escalatedCase))
	}
	if !filter.SnoozedAt.IsZero() {
		query.where("attention", anyOf(snoozedCase))
	}
	query.between("snoozedUntil", after(filter.SnoozedAt), nil)
	query.between("snoozedUntil", nil, after(filter.AwakeAt))
	return query
}

// where restricts a field to some values; no values are no restriction.
func (q *Query) where(name string, values []any) {
	if len(values) > 0 {
		q.Where = append(q.Where, Condition{Field: name, AnyOf: values})
	}
}

// pendingOnly reports whether only pending cases can match.
func pendingOnly(filter cloudtag.CaseFilter) bool {
	return filter.Handling == cloudtag.HandlingPending || !filter.OverdueAt.IsZero() || !filter.DueFrom.IsZero() || !filter.DueBefore.IsZero() ||
		!filter.ClaimedAt.IsZero() || isShared(filter)
}

// isShared reports whether only assigned, escalated or snoozed cases can match.
func isShared(filter cloudtag.CaseFilter) bool {
	return filter.AssignedTo != "" || filter.Escalated || !filter.SnoozedAt.IsZero()
}

// shared uses the index of such cases, which is small and sorted by rank; for other orders the matches are sorted.
func (q *Query) shared(filter cloudtag.CaseFilter) {
	switch {
	case filter.AssignedTo != "":
		q.index(byAssignee, "assignedTo", anyOf(filter.AssignedTo))
	case filter.Escalated:
		q.index(byAttention, "attention", anyOf(escalatedCase))
	case !filter.SnoozedAt.IsZero():
		q.index(byAttention, "attention", anyOf(snoozedCase))
	}
}

// openedQuery selects the matching cases, by opening time.
func (s *Store) openedQuery(filter cloudtag.CaseFilter) Query {
	query := s.caseQuery(filter)
	query.Index, query.Sort = byOpened, "openedAt"
	switch {
	case isShared(filter):
		query.shared(filter)
	case pendingOnly(filter):
		query.Index = byQueue // pending cases are few enough to be sorted
	case len(filter.RiskLevels) > 0 && !slices.Contains(filter.RiskLevels, cloudtag.RiskUnknown):
		query.index(byRisk, "riskLevel", anyOf(filter.RiskLevels...))
	case filter.MinVotes > 1:
		query.Index = byVotes
		for votes := min(filter.MinVotes, maxCountedVotes); votes <= maxCountedVotes; votes++ {
			query.AnyOf = append(query.AnyOf, int64(votes))
		}
	case len(filter.States) > 0:
		query.index(byState, "state", anyOf(filter.States...))
	}
	return query
}

// index uses an index in place of a condition.
func (q *Query) index(name, field string, values []any) {
	q.Index, q.AnyOf = name, values
	q.Where = slices.DeleteFunc(q.Where, func(c Condition) bool { return c.Field == field })
}

// section is a part of a list of cases that one index contains.
type section struct {
	Query
	number     int // of the section in its list, from 0
	descending bool
	keys       func(key int64) (own int64, section int) // converts a key of the list to one of the section's index
}

// caseSections returns the sections of a list, in order. The pending cases come first, from an index of their own; the
// handled ones follow by opening time, so that no further index contains every case.
func (s *Store) caseSections(filter cloudtag.CaseFilter, order cloudtag.CaseOrder) []section {
	if order == cloudtag.CasesByOpenedDesc {
		return []section{{s.openedQuery(filter), 0, true, func(key int64) (int64, int) { return key, 0 }}}
	}
	pending, handled := section{Query: s.caseQuery(filter)}, section{Query: s.openedQuery(filter), number: 1}
	if order == cloudtag.CasesByDueAsc {
		pending.Index, pending.Sort = byQueue, "waitsUntil"
		pending.keys = func(key int64) (int64, int) {
			if key < cloudtag.NoDue/2 {
				return key, 0
			}
			return key - cloudtag.NoDue, 1
		}
	} else {
		pending.Index, pending.Sort, pending.descending = byRank, "rank", true
		handled.descending = true
		opening := cloudtag.Case{OpenedAt: time.UnixMilli(0)}.PriorityKey()
		pending.keys = func(key int64) (int64, int) {
			if key > 0 {
				return key, 0
			}
			return key - opening, 1
		}
	}
	pending.shared(filter)
	handled.where("handling", anyOf(cloudtag.HandlingHandled))
	handled.keys = pending.keys
	switch {
	case pendingOnly(filter):
		return []section{pending}
	case filter.Handling == cloudtag.HandlingHandled:
		return []section{handled}
	default:
		return []section{pending, handled}
	}
}

// within returns the section's part of a slice of the list, and whether it can contain anything.
func (s section) within(slice cloudtag.Slice) (own cloudtag.Slice, reached bool) {
	own = cloudtag.Slice{Limit: slice.Limit, Backward: slice.Backward}
	if slice.After != nil {
		key, at := s.keys(slice.After.Key)
		if at > s.number {
			return own, false
		}
		if at == s.number {
			own.After = &cloudtag.Position{Key: key, ID: slice.After.ID}
		}
	}
	if slice.Before != nil {
		key, at := s.keys(slice.Before.Key)
		if at < s.number {
			return own, false
		}
		if at == s.number {
			own.Before = &cloudtag.Position{Key: key, ID: slice.Before.ID}
		}
	}
	return own, true
}

// CasePage returns the matching cases of a slice, in order.
func (s *Store) CasePage(ctx context.Context, filter cloudtag.CaseFilter, order cloudtag.CaseOrder, slice cloudtag.Slice) ([]cloudtag.Case, bool, error) {
	if filter.BuyerID != "" {
		cases, err := s.casesOfBuyer(ctx, filter)
		page, more := pageAmong(cases, order != cloudtag.CasesByDueAsc, slice, order.PositionOf)
		return page, more, err
	}
	sections := s.caseSections(filter, order)
	if slice.Backward {
		slices.Reverse(sections)
	}
	var cases []cloudtag.Case
	for i, section := range sections {
		own, reached := section.within(slice)
		if !reached {
			continue
		}
		own.Limit -= len(cases)
		page, more, err := page(ctx, s, section.Query, section.descending, own, caseOf)
		if err != nil {
			return nil, false, err
		}
		cases = join(cases, page, slice.Backward)
		if more || i == len(sections)-1 {
			return cases, more, nil
		}
	}
	return cases, false, ctx.Err()
}

// join adds a page that follows in the direction of reading. A case that moved from one section to the other between the two
// reads is kept where it was read first.
func join(cases, page []cloudtag.Case, backward bool) []cloudtag.Case {
	page = slices.DeleteFunc(page, func(c cloudtag.Case) bool {
		return slices.ContainsFunc(cases, func(seen cloudtag.Case) bool { return seen.ID == c.ID })
	})
	if backward {
		return append(page, cases...)
	}
	return append(cases, page...)
}

// casesOfBuyer returns the matching cases of the filter's account.
func (s *Store) casesOfBuyer(ctx context.Context, filter cloudtag.CaseFilter) ([]cloudtag.Case, error) {
	found, err := s.CasesOfBuyers(ctx, []cloudtag.BuyerID{filter.BuyerID})
	return slices.DeleteFunc(found[filter.BuyerID], func(c cloudtag.Case) bool { return !filter.Matches(c) }), err
}

// CountCases counts the matching cases, up to limit.
func (s *Store) CountCases(ctx context.Context, filter cloudtag.CaseFilter, limit int) (int, error) {
	if filter.BuyerID != "" {
		cases, err := s.casesOfBuyer(ctx, filter)
		return min(limit, len(cases)), err
	}
	query := s.openedQuery(filter)
	query.Limit = limit
	return s.engine.Count(ctx, query)
}
