package metrics

import (
	"context"
	"fmt"
	"time"

	"cloudtag/internal/cloudtag"
)

// QueueStats are the counts of the queue.
type QueueStats struct {
	Pending      int
	Overdue      int
	DueWithin4h  int // overdue ones not included
	DueWithin12h int // overdue ones not included
	Claimed      int
	Snoozed      int // hidden from the list of waiting cases for now
	Escalated    int // left to a lead
	// Decisions about cases since midnight in the platform's time zone: HandledToday is the sum of the three fields after it.
	// Undone decisions do not count.
	HandledToday   int
	ByPersonsToday int // by reviewers
	ByRuleToday    int // by votes, or because nothing was left to decide
	MissedToday    int // nobody decided in time
}

// HandledBy is the number of [QueueStats.ByPersonsToday] by person.
type HandledBy map[string]int

// Waiting is the waiting case that is due first.
type Waiting struct {
	Since time.Time // start of the handling time of its first unhandled tag
	DueAt time.Time
}

// Queue counts the cases that wait for reviewers.
type Queue struct {
	store    queueStore
	clock    cloudtag.Clock
	calendar cloudtag.Calendar
}

type queueStore interface {
	dayCounterStore
	CountPending(ctx context.Context, dueBefore time.Time) (int, error)
	CountClaimed(ctx context.Context, now time.Time) (int, error)
	CountCases(ctx context.Context, filter cloudtag.CaseFilter, limit int) (int, error)
	CasePage(ctx context.Context, filter cloudtag.CaseFilter, order cloudtag.CaseOrder, slice cloudtag.Slice) ([]cloudtag.Case, bool, error)
	cloudtag.PolicyReader
}

// NewQueue returns the service over a store.
func NewQueue(store queueStore, clock cloudtag.Clock, calendar cloudtag.Calendar) *Queue {
	return &Queue{store: store, clock: clock, calendar: calendar}
}

// First returns the waiting case that is due first; nil when none waits. FORBIDDEN unless the caller reviews.
func (q *Queue) First(ctx context.Context, caller cloudtag.Caller) (*Waiting, error) {
	if !caller.Reviews() {
		return nil, cloudtag.Forbidden()
	}
	first, _, err := q.store.CasePage(ctx, cloudtag.CaseFilter{Handling: cloudtag.HandlingPending}, cloudtag.CasesByDueAsc, cloudtag.Slice{Limit: 1})
	if err != nil {
		return nil, fmt.Errorf("find the first case of the queue: %w", err)
	}
	if len(first) == 0 {
		return nil, nil
	}
	policy, err := cloudtag.PolicyAt(ctx, q.store, q.clock.Now())
	if err != nil {
		return nil, err
	}
	return &Waiting{Since: first[0].DueAt.Add(-policy.HandleWithin()), DueAt: first[0].DueAt}, nil
}

// Stats returns the counts of the queue, and today's decisions by person. FORBIDDEN unless the caller reviews.
func (q *Queue) Stats(ctx context.Context, caller cloudtag.Caller) (QueueStats, HandledBy, error) {
	if !caller.Reviews() {
		return QueueStats{}, nil, cloudtag.Forbidden()
	}
	now := q.clock.Now()
	pendingBefore := func(t time.Time) func() (int, error) {
		return func() (int, error) { return q.store.CountPending(ctx, t) }
	}
	among := func(filter cloudtag.CaseFilter) func() (int, error) {
		return func() (int, error) { return q.store.CountCases(ctx, filter, cloudtag.MaxCount+1) }
	}
	var all, overdue, within4, within12, claimed, snoozed, escalated int
	for _, number := range []struct {
		into  *int
		count func() (int, error)
	}{
		{&all, pendingBefore(cloudtag.PriorityOrigin())},
		{&overdue, pendingBefore(now.Add(cloudtag.TimeResolution))},
		{&within4, pendingBefore(now.Add(4 * time.Hour))},
		{&within12, pendingBefore(now.Add(12 * time.Hour))},
		{&claimed, func() (int, error) { return q.store.CountClaimed(ctx, now) }},
		{&snoozed, among(cloudtag.CaseFilter{SnoozedAt: now})},
		{&escalated, among(cloudtag.CaseFilter{Escalated: true})},
	} {
		var err error
		if *number.into, err = number.count(); err != nil {
			return QueueStats{}, nil, fmt.Errorf("count queue: %w", err)
		}
	}
	today, people, err := countDay(ctx, q.store, q.calendar, now,
		cloudtag.ActionCaseDecided, cloudtag.ActionCaseUndone, cloudtag.ActionCaseHandled, cloudtag.ActionCaseMissed, cloudtag.ActionCaseConfirmed)
	if err != nil {
		return QueueStats{}, nil, err
	}
	by := make(HandledBy, len(people))
	for person, tallies := range people {
		by[person] = total(tallies, "").Handled()
	}
	return QueueStats{
		Pending: all, Overdue: overdue, DueWithin4h: max(0, within4-overdue), DueWithin12h: max(0, within12-overdue),
		Claimed: claimed, Snoozed: snoozed, Escalated: escalated,
		HandledToday: today.Decisions(), ByPersonsToday: today.Handled(), ByRuleToday: today.ByRule,
		MissedToday: today.Missed,
	}, by, nil
}

// QueueAge counts the waiting cases whose time until due is in a range.
type QueueAge struct {
	From, To *time.Duration // time until due, From inclusive, To exclusive; nil: unbounded
	// The same range as due times, see [cloudtag.CaseFilter].
	DueFrom, DueTo time.Time
	Cases          int
}

// QueueAges returns the waiting cases by the time until they are due, overdue ones first. FORBIDDEN unless the caller reviews.
func (m *Service) QueueAges(ctx context.Context, caller cloudtag.Caller) ([]QueueAge, error) {
	if !caller.Reviews() {
		return nil, cloudtag.Forbidden()
	}
	now := m.clock.Now()
	bounds := []time.Duration{cloudtag.TimeResolution, 4 * time.Hour, 12 * time.Hour, 24 * time.Hour, 36 * time.Hour, 48 * time.Hour}
	ages := make([]QueueAge, 0, len(bounds)+1)
	counted := 0
	for i := range len(bounds) + 1 {
		var age QueueAge
		before := cloudtag.PriorityOrigin()
		if i > 0 {
			age.From, age.DueFrom = &bounds[i-1], now.Add(bounds[i-1])
		}
		if i < len(bounds) {
			age.To, before = &bounds[i], now.Add(bounds[i])
			age.DueTo = before
		}
		total, err := m.store.CountPending(ctx, before)
		if err != nil {
			return nil, fmt.Errorf("count queue: %w", err)
		}
		age.Cases = max(0, total-counted)
		counted = max(counted, total)
		ages = append(ages, age)
	}
	return ages, nil
}
