package store

import (
	"context"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// caseQuery selects the cases that match, by their identifiers.
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
	// A case is overdue when its due time is not after the moment asked about; those that don't wait have none.
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

// where adds a condition, unless there are no values.
func (q *Query) where(name string, values []any) {
	if len(values) > 0 {
		q.Where = append(q.Where, Condition{Field: name, AnyOf: values})
	}
}

// waitsOnly reports whether only cases that wait for a reviewer can match.
func waitsOnly(filter cloudtag.CaseFilter) bool {
	return filter.Handling == cloudtag.HandlingPending || !filter.OverdueAt.IsZero() || !filter.DueFrom.IsZero() || !filter.DueBefore.IsZero() ||
		!filter.ClaimedAt.IsZero() || isShared(filter)
}

// isShared reports whether only cases that are somebody's, a lead's or snoozed can match.
func isShared(filter cloudtag.CaseFilter) bool {
	return filter.AssignedTo != "" || filter.Escalated || !filter.SnoozedAt.IsZero()
}

// shared looks for such cases where there are few others, in the order of their rank; in any other order they are sorted.
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

// openedQuery selects the cases that match, by the time of their opening.
func (s *Store) openedQuery(filter cloudtag.CaseFilter) Query {
	query := s.caseQuery(filter)
	query.Index, query.Sort = byOpened, "openedAt"
	switch {
	case isShared(filter):
		query.shared(filter)
	case waitsOnly(filter):
		query.Index = byQueue // few wait: they are sorted
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

// index looks in an index for what a condition selects.
func (q *Query) index(name, field string, values []any) {
	q.Index, q.AnyOf = name, values
	q.Where = slices.DeleteFunc(q.Where, func(c Condition) bool { return c.Field == field })
}

// section is a stretch of a list of cases that one index has.
type section struct {
	Query
	number     int // among the list's, from 0
	descending bool
	keys       func(key int64) (own int64, section int) // a key of the list, as one of its section's index
}

// caseSections are where cases that match are looked for, in the order of the list. It begins with those that wait for a
// reviewer, by what they wait with; the others follow in an order that they have anyway, so that no index keeps them for it.
func (s *Store) caseSections(filter cloudtag.CaseFilter, order cloudtag.CaseOrder) []section {
	if order == cloudtag.CasesByOpenedDesc {
		return []section{{s.openedQuery(filter), 0, true, func(key int64) (int64, int) { return key, 0 }}}
	}
	waiting, handled := section{Query: s.caseQuery(filter)}, section{Query: s.openedQuery(filter), number: 1}
	if order == cloudtag.CasesByDueAsc {
		waiting.Index, waiting.Sort = byQueue, "waitsUntil"
		waiting.keys = func(key int64) (int64, int) {
			if key < cloudtag.NoDue/2 {
				return key, 0
			}
			return key - cloudtag.NoDue, 1
		}
	} else {
		waiting.Index, waiting.Sort, waiting.descending = byRank, "rank", true
		handled.descending = true
		opening := cloudtag.Case{OpenedAt: time.UnixMilli(0)}.PriorityKey()
		waiting.keys = func(key int64) (int64, int) {
			if key > 0 {
				return key, 0
			}
			return key - opening, 1
		}
	}
	waiting.shared(filter)
	handled.where("handling", anyOf(cloudtag.HandlingHandled))
	handled.keys = waiting.keys
	switch {
	case waitsOnly(filter):
		return []section{waiting}
	case filter.Handling == cloudtag.HandlingHandled:
		return []section{handled}
	default:
		return []section{waiting, handled}
	}
}

// within is what of a slice of the list is in the section, and whether anything can be.
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

// CasePage returns the cases that match, in order, within the slice.
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

// join adds a page that follows in the direction of reading. Between the looks at two sections a case may move from the one
// to the other: it is where it was seen first.
func join(cases, page []cloudtag.Case, backward bool) []cloudtag.Case {
	page = slices.DeleteFunc(page, func(c cloudtag.Case) bool {
		return slices.ContainsFunc(cases, func(seen cloudtag.Case) bool { return seen.ID == c.ID })
	})
	if backward {
		return append(page, cases...)
	}
	return append(cases, page...)
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
	query := s.openedQuery(filter)
	query.Limit = limit
	return s.engine.Count(ctx, query)
}
