package cloudtag

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
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
	CaseAmender
	TagsByOrder(ctx context.Context, orders []OrderNo) (map[OrderNo]Tag, error)
}

// CaseAmender changes and reads cases.
type CaseAmender interface {
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
		return nil, TooManyCases(len(rulings), "items")
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

// TooManyCases is BAD_USER_INPUT for a call with more than [MaxRulings] cases.
func TooManyCases(count int, field string) error {
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
	return AmendCase(ctx, r.store, caller, id, edit)
}

// AmendCase edits a case on behalf of a reviewer; FORBIDDEN for others. With a refusal it returns the stored case.
func AmendCase(ctx context.Context, store CaseAmender, caller Caller, id CaseID, edit func(*CaseFile) error) (Case, error) {
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
