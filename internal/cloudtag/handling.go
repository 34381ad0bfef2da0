package cloudtag

import "time"

// route decides after a submission what the platform does about the tags it has not handled (rule 9): a
// confirmation has handled them; a case with a hold, with exactly one vote missing or with a HIGH risk buyer goes
// to the reviewers; every other case keeps accumulating at once.
func (f *CaseFile) route(at time.Time) {
	due, unhandled := f.earliestHandleBy()
	if !unhandled || f.Case.Handling == HandlingPending {
		return
	}
	if reason := f.reviewReason(); reason != "" {
		f.queue(due, at, reason)
		return
	}
	f.decide(DecisionKeepAccumulating, at, f.tally())
	f.handleTags(at)
	f.describeEntries()
}

// reviewReason says why people should look at a case whose votes do not confirm it; "" when they need not.
func (f *CaseFile) reviewReason() string {
	switch {
	case len(f.Case.Holds) > 0:
		return "held: " + f.Case.Holds[0]
	case f.Case.Votes == f.Case.Threshold-1:
		return "one vote is missing"
	case f.Case.RiskLevel == RiskHigh:
		return "the account's risk is high"
	default:
		return ""
	}
}

// queue puts the case before the reviewers.
func (f *CaseFile) queue(due, at time.Time, reason string) {
	f.Case.Handling, f.Case.DueAt = HandlingPending, due
	f.recordCase(ActionCaseQueued, at, reason)
	f.describeEntries()
}

// meetDeadline lets a case that nobody decided in time fall to the policy's fallback, which is to keep
// accumulating, and records that the review was missed (rule 9).
func (f *CaseFile) meetDeadline(at time.Time) {
	if !f.Case.Overdue(at) {
		return
	}
	f.handle(DecisionKeepAccumulating, ActionCaseMissed, at, "no decision by "+f.Case.DueAt.Format(time.RFC3339))
	f.describeEntries()
}

// handle takes the case out of the queue with an automatic decision.
func (f *CaseFile) handle(decision Decision, action Action, at time.Time, reason string) {
	f.decide(decision, at, reason)
	f.handleTags(at)
	f.Case.Handling, f.Case.DueAt = HandlingHandled, time.Time{}
	f.recordCase(action, at, reason)
}

func (f *CaseFile) decide(decision Decision, at time.Time, reason string) {
	f.Case.Decision = &CaseDecision{
		Decision: decision, By: engineActor, Automatic: true, Reason: reason, At: at, PolicyVersion: f.policy.Version,
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

func (f *CaseFile) earliestHandleBy() (due time.Time, unhandled bool) {
	for _, tag := range f.live {
		if !tag.Handled() && (!unhandled || tag.HandleBy.Before(due)) {
			due, unhandled = tag.HandleBy, true
		}
	}
	return due, unhandled
}
