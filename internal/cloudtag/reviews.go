package cloudtag

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// MaxRulings is the maximum number of cases that one call decides.
const MaxRulings = 100

// Reviews is the service for reviewers' decisions (rule 10).
type Reviews struct {
	store reviewStore
	clock Clock
	ids   IDSource
}

type reviewStore interface {
	caseAmender
	TagsByOrder(ctx context.Context, orders []OrderNo) (map[OrderNo]Tag, error)
}

// caseAmender changes and reads cases.
type caseAmender interface {
	CaseWriter
	Cases(ctx context.Context, ids []CaseID) (map[CaseID]Case, error)
}

// NewReviews returns the service over a store; ids generates the random tokens of claims.
func NewReviews(store reviewStore, clock Clock, ids IDSource) *Reviews {
	return &Reviews{store: store, clock: clock, ids: ids}
}

// Claim claims a case for the caller, or renews the claim whose token is given. Errors: FORBIDDEN unless the caller is a
// reviewer, NOT_FOUND, INVALID_STATE, CLAIMED_BY_OTHER (with the current state of the case).
func (r *Reviews) Claim(ctx context.Context, caller Caller, id CaseID, token string) (Case, error) {
	newToken := r.ids.NewID()
	return r.amend(ctx, caller, id, func(file *CaseFile) error {
		if err := file.CheckEscalation(caller.Leads()); err != nil {
			return err
		}
		return file.Claim(caller.Subject, token, newToken, r.clock.Now())
	})
}

// Release releases a claim. Errors as of Claim.
func (r *Reviews) Release(ctx context.Context, caller Caller, id CaseID, token string) (Case, error) {
	return r.amend(ctx, caller, id, func(file *CaseFile) error {
		return file.Release(caller.Subject, token, r.clock.Now())
	})
}

// Decide decides one case. With CONFLICT and CLAIMED_BY_OTHER it returns the current state of the case. Errors: FORBIDDEN
// unless the caller is a reviewer, REASON_REQUIRED, NOT_FOUND, CONFLICT, INVALID_STATE, CLAIMED_BY_OTHER, SAME_PERSON.
func (r *Reviews) Decide(ctx context.Context, caller Caller, id CaseID, ruling Ruling) (Case, error) {
	if !caller.Decides() {
		return Case{}, Forbidden()
	}
	if err := CheckReason(ruling.Reason, "reason"); err != nil {
		return Case{}, err
	}
	ruling.By, ruling.Shop, ruling.Lead = caller.Subject, caller.MerchantID, caller.Leads()
	return r.amend(ctx, caller, id, func(file *CaseFile) error { return file.Decide(ruling, r.clock.Now()) })
}

// Queue queues a case for reviewers (see [CaseFile.Queue]). Errors: FORBIDDEN unless the caller is a reviewer,
// REASON_REQUIRED, NOT_FOUND, CONFLICT, INVALID_STATE.
func (r *Reviews) Queue(ctx context.Context, caller Caller, id CaseID, reason string, expectedVersion int) (Case, error) {
	if !caller.Decides() {
		return Case{}, Forbidden()
	}
	if err := CheckReason(reason, "reason"); err != nil {
		return Case{}, err
	}
	return r.amend(ctx, caller, id, func(file *CaseFile) error {
		return file.Queue(caller.Subject, reason, expectedVersion, r.clock.Now())
	})
}

// CaseRuling is a decision on one of several cases.
type CaseRuling struct {
	CaseID CaseID
	Ruling
}

// RulingResult is the result of one of several decisions, as of [Reviews.Decide].
type RulingResult struct {
	Case Case
	Err  error
}

// rulingWorkers is how many cases are decided concurrently, so that a store can commit them together.
const rulingWorkers = 16

// DecideAll decides several cases independently, and returns one result per ruling, in order. Rulings on the same case are
// applied one after the other. Errors: FORBIDDEN unless the caller is a reviewer, BAD_USER_INPUT for more than MaxRulings.
func (r *Reviews) DecideAll(ctx context.Context, caller Caller, rulings []CaseRuling) ([]RulingResult, error) {
	if !caller.Decides() {
		return nil, Forbidden()
	}
	if len(rulings) > MaxRulings {
		return nil, errTooManyCases(len(rulings), "items")
	}
	byCase := make(map[CaseID][]int, len(rulings))
	for i, ruling := range rulings {
		byCase[ruling.CaseID] = append(byCase[ruling.CaseID], i)
	}
	results, indexes := make([]RulingResult, len(rulings)), slices.Collect(maps.Values(byCase))
	Parallel(len(indexes), rulingWorkers, func(n int) {
		for _, i := range indexes[n] {
			results[i].Case, results[i].Err = r.Decide(ctx, caller, rulings[i].CaseID, rulings[i].Ruling)
		}
	})
	return results, nil
}

func errTooManyCases(count int, field string) error {
	return Refuse(CodeBadInput, Text{
		ZH: fmt.Sprintf("每次最多 %d 个案件，本次为 %d 个。", MaxRulings, count),
		EN: fmt.Sprintf("At most %d cases at a time; this call has %d.", MaxRulings, count),
	}, "input", field)
}

// Undo undoes the caller's decision (see [CaseFile.Undo]). Errors: FORBIDDEN, NOT_FOUND, INVALID_STATE.
func (r *Reviews) Undo(ctx context.Context, caller Caller, id CaseID) (Case, error) {
	return r.amend(ctx, caller, id, func(file *CaseFile) error { return file.Undo(caller.Subject, r.clock.Now()) })
}

// VoidTag voids a tag that has not succeeded. Errors: FORBIDDEN unless the caller is a reviewer, REASON_REQUIRED, NOT_FOUND,
// INVALID_STATE unless the tag is accumulating.
func (r *Reviews) VoidTag(ctx context.Context, caller Caller, number OrderNo, reason string) (Tag, error) {
	if !caller.Decides() {
		return Tag{}, Forbidden()
	}
	if err := CheckReason(reason, "reason"); err != nil {
		return Tag{}, err
	}
	tag, err := r.tag(ctx, number)
	if err != nil {
		return Tag{}, err
	}
	if tag.Status != TagAccumulating {
		return tag, InvalidState("orderNo")
	}
	_, err = r.amend(ctx, caller, tag.CaseID(), func(file *CaseFile) error {
		return file.Void(number, caller.Subject, reason, r.clock.Now())
	})
	if CodeOf(err) == CodeNotFound {
		err = InvalidState("orderNo") // it was accumulating when it was read, and has left the count since
	}
	if err != nil {
		return tag, err
	}
	return r.tag(ctx, number)
}

func (r *Reviews) tag(ctx context.Context, number OrderNo) (Tag, error) {
	found, err := r.store.TagsByOrder(ctx, []OrderNo{number})
	if err != nil {
		return Tag{}, fmt.Errorf("find tag: %w", err)
	}
	tag, known := found[number]
	if !known {
		return Tag{}, NotFound()
	}
	return tag, nil
}

func (r *Reviews) amend(ctx context.Context, caller Caller, id CaseID, edit func(*CaseFile) error) (Case, error) {
	return amendCase(ctx, r.store, caller, id, edit)
}

// amendCase edits a case on behalf of a reviewer; FORBIDDEN for others. With a refusal it returns the stored case.
func amendCase(ctx context.Context, store caseAmender, caller Caller, id CaseID, edit func(*CaseFile) error) (Case, error) {
	if !caller.Decides() {
		return Case{}, Forbidden()
	}
	amended, err := store.Amend(ctx, id, edit)
	var refusal *Error
	if !errors.As(err, &refusal) || refusal.Code == CodeNotFound {
		return amended, err
	}
	found, findErr := store.Cases(ctx, []CaseID{id})
	if findErr != nil {
		return Case{}, fmt.Errorf("find case: %w", findErr)
	}
	return found[id], err
}

// QueueStats are the numbers of the queue.
type QueueStats struct {
	Pending      int
	Overdue      int
	DueWithin4h  int // overdue ones not included
	DueWithin12h int // overdue ones not included
	Claimed      int
	Snoozed      int // out of the list of what waits, for now
	Escalated    int // left to a lead
	// Decisions about cases since midnight of the platform's zone: HandledToday is the sum of the three behind it. Decisions
	// that were taken back do not count.
	HandledToday   int
	ByPersonsToday int // by reviewers
	ByRuleToday    int // by votes, or since nothing was left to decide about
	MissedToday    int // nobody decided in time
}

// HandledBy is how many of [QueueStats.ByPersonsToday] each person decided.
type HandledBy map[string]int

// Waiting is the case that is due first of all that wait for a reviewer.
type Waiting struct {
	Since time.Time // when the time of its first unhandled tag began
	DueAt time.Time
}

// Queue counts what waits for reviewers.
type Queue struct {
	store    queueStore
	clock    Clock
	calendar Calendar
}

type queueStore interface {
	dayCounterStore
	CountPending(ctx context.Context, dueBefore time.Time) (int, error)
	CountClaimed(ctx context.Context, now time.Time) (int, error)
	CountCases(ctx context.Context, filter CaseFilter, limit int) (int, error)
	CasePage(ctx context.Context, filter CaseFilter, order CaseOrder, slice Slice) ([]Case, bool, error)
	policyReader
}

// NewQueue returns the service over a store.
func NewQueue(store queueStore, clock Clock, calendar Calendar) *Queue {
	return &Queue{store: store, clock: clock, calendar: calendar}
}

// First returns the waiting case that is due first; nil when none waits. FORBIDDEN unless the caller reviews.
func (q *Queue) First(ctx context.Context, caller Caller) (*Waiting, error) {
	if !caller.Reviews() {
		return nil, Forbidden()
	}
	first, _, err := q.store.CasePage(ctx, CaseFilter{Handling: HandlingPending}, CasesByDueAsc, Slice{Limit: 1})
	if err != nil {
		return nil, fmt.Errorf("find the first case of the queue: %w", err)
	}
	if len(first) == 0 {
		return nil, nil
	}
	policy, err := policyAt(ctx, q.store, q.clock.Now())
	if err != nil {
		return nil, err
	}
	return &Waiting{Since: first[0].DueAt.Add(-policy.HandleWithin()), DueAt: first[0].DueAt}, nil
}

// Stats returns the numbers of the queue, and whose work today's are. FORBIDDEN unless the caller reviews.
func (q *Queue) Stats(ctx context.Context, caller Caller) (QueueStats, HandledBy, error) {
	if !caller.Reviews() {
		return QueueStats{}, nil, Forbidden()
	}
	now := q.clock.Now()
	pendingBefore := func(t time.Time) func() (int, error) {
		return func() (int, error) { return q.store.CountPending(ctx, t) }
	}
	among := func(filter CaseFilter) func() (int, error) {
		return func() (int, error) { return q.store.CountCases(ctx, filter, MaxCount+1) }
	}
	var all, overdue, within4, within12, claimed, snoozed, escalated int
	for _, number := range []struct {
		into  *int
		count func() (int, error)
	}{
		{&all, pendingBefore(priorityOrigin())},
		{&overdue, pendingBefore(now.Add(TimeResolution))},
		{&within4, pendingBefore(now.Add(4 * time.Hour))},
		{&within12, pendingBefore(now.Add(12 * time.Hour))},
		{&claimed, func() (int, error) { return q.store.CountClaimed(ctx, now) }},
		{&snoozed, among(CaseFilter{SnoozedAt: now})},
		{&escalated, among(CaseFilter{Escalated: true})},
	} {
		var err error
		if *number.into, err = number.count(); err != nil {
			return QueueStats{}, nil, fmt.Errorf("count queue: %w", err)
		}
	}
	today, people, err := q.calendar.countDay(ctx, q.store, now,
		ActionCaseDecided, ActionCaseUndone, ActionCaseHandled, ActionCaseMissed, ActionCaseConfirmed)
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
