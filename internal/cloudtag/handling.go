package cloudtag

import (
	"fmt"
	"time"
)

// route handles a new tag after its submission, unless a confirmation has handled it (rule 9): a case with a hold, with
// exactly one vote missing or with a HIGH risk buyer is queued for reviewers; every other case keeps accumulating. So a case
// that is not pending has no unhandled tag.
func (f *CaseFile) route(added *fileTag, at time.Time) {
	if added.Handled() || f.Case.Handling == HandlingPending {
		return
	}
	if reason := f.reviewReason(); reason != "" {
		f.queue(added.HandleBy, at, EngineActor, reason)
		return
	}
	f.decide(DecisionKeepAccumulating, at, f.voteReason())
	f.handleTags(at)
	f.describeEntries()
}

// reviewReason is why a case that votes do not confirm needs a review, "" if it does not.
func (f *CaseFile) reviewReason() string {
	switch {
	case len(f.Case.Holds) > 0:
		return reasonHeld + f.Case.Holds[0]
	case f.Case.Votes == f.Case.Threshold-1:
		return reasonOneVoteMissing
	case f.Case.RiskLevel == RiskHigh:
		return reasonHighRisk
	default:
		return ""
	}
}

// offeredWithin is how long a confirmation by votes is looked at again when shops that it rested on turn out to be linked.
const offeredWithin = 90 * 24 * time.Hour

// MayBeOffered reports whether votes alone confirmed the case lately, and nobody is looking at it.
func (c Case) MayBeOffered(now time.Time) bool {
	return c.State == CaseConfirmed && c.Handling == HandlingHandled && c.Decision != nil && c.Decision.Automatic &&
		c.Decision.Decision == DecisionConfirm && now.Sub(c.Decision.At) < offeredWithin
}

// OfferForReview queues a case that votes alone confirmed if two of its shops have since turned out to be linked, and the
// threshold would not be met if both counted as one vote. It stays confirmed unless a reviewer decides otherwise.
func (f *CaseFile) OfferForReview(a, b MerchantID, at time.Time) {
	at = f.advance(at)
	if !f.Case.MayBeOffered(at) {
		return
	}
	first, second := f.entityOf(a), f.entityOf(b)
	if first == "" || second == "" || first == second || countEntities(f.live)-1 >= f.Case.Threshold {
		return
	}
	f.queue(at.Add(f.policy.HandleWithin()), at, EngineActor, reasonLinkedSince+string(a)+", "+string(b))
}

// entityOf is the entity of a shop's live tags, "" if it has none.
func (f *CaseFile) entityOf(shop MerchantID) EntityID {
	for _, tag := range f.live {
		if tag.MerchantID == shop {
			return tag.EntityID
		}
	}
	return ""
}

// queue queues the case for reviewers.
func (f *CaseFile) queue(due, at time.Time, actor, reason string) {
	f.Case.Handling, f.Case.DueAt, f.Case.QueuedAt, f.Case.Warnings = HandlingPending, due, at, 0
	f.recordCase(ActionCaseQueued, at, actor, reason)
	f.describeEntries()
}

// applyDeadline applies the fallback, which is to keep accumulating, to a case that was not decided in time, and records
// the missed review (rule 9).
func (f *CaseFile) applyDeadline(at time.Time) {
	f.warn(at)
	if !f.Case.Overdue(at) {
		return
	}
	f.handle(DecisionKeepAccumulating, ActionCaseMissed, at, reasonUndecided+f.Case.DueAt.Format(time.RFC3339))
	f.describeEntries()
}

// warn records the warnings that are due, including those that an outage delayed.
func (f *CaseFile) warn(at time.Time) {
	if f.Case.Handling != HandlingPending {
		return
	}
	before := warningsBefore()
	for f.Case.Warnings < len(before) && !at.Before(f.Case.DueAt.Add(-before[f.Case.Warnings])) {
		left := before[f.Case.Warnings]
		f.Case.Warnings++
		f.recordCase(ActionCaseWarned, at, EngineActor, fmt.Sprintf(reasonHoursLeft, int(left.Hours())))
		f.describeEntries()
	}
}

// handle removes the case from the queue with an automatic decision.
func (f *CaseFile) handle(decision Decision, action Action, at time.Time, reason string) {
	f.decide(decision, at, reason)
	f.leaveQueue(at)
	f.recordCase(action, at, EngineActor, reason)
}

// leaveQueue clears everything that belongs to a pending case.
func (f *CaseFile) leaveQueue(at time.Time) {
	f.handleTags(at)
	f.Case.Handling, f.Case.DueAt, f.Case.QueuedAt = HandlingHandled, time.Time{}, time.Time{}
	f.Case.Claim, f.Case.Warnings = nil, 0
	f.Case.Work = CaseWork{}
}

func (f *CaseFile) decide(decision Decision, at time.Time, reason string) {
	f.Case.Decision = &CaseDecision{
		Decision: decision, By: EngineActor, Automatic: true, Reason: reason, At: at, PolicyVersion: f.policy.Version,
	}
}

// handleTags marks the live tags as handled.
func (f *CaseFile) handleTags(at time.Time) {
	for _, tag := range f.live {
		if !tag.Handled() {
			tag.HandledAt = at
			f.touch(tag)
		}
	}
}
