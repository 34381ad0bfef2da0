package cloudtag

import (
	"slices"
	"time"
)

// CaseState is the state of a case.
type CaseState string

// The states of a case.
const (
	CaseAccumulating CaseState = "ACCUMULATING" // votes below the threshold
	CaseConfirmed    CaseState = "CONFIRMED"    // votes reached the threshold, or a reviewer confirmed
	CaseRejected     CaseState = "REJECTED"     // a reviewer rejected its tags
	CaseLapsed       CaseState = "LAPSED"       // was confirmed, and the votes have dropped since (rule 5)
	CaseExpired      CaseState = "EXPIRED"      // every tag left the window uncounted, or was voided
	CaseOverturned   CaseState = "OVERTURNED"   // an appeal was accepted
)

// CaseStates lists every state.
func CaseStates() []CaseState {
	return []CaseState{CaseAccumulating, CaseConfirmed, CaseRejected, CaseLapsed, CaseExpired, CaseOverturned}
}

// Handling says whether a case waits for a reviewer.
type Handling string

// The values of Handling.
const (
	HandlingPending Handling = "PENDING" // in the reviewers' queue
	HandlingHandled Handling = "HANDLED"
)

// Decision is a decision on a case.
type Decision string

// The decisions (rule 10); the automatic engine takes the first and the last.
const (
	DecisionConfirm          Decision = "CONFIRM"
	DecisionReject           Decision = "REJECT"
	DecisionKeepAccumulating Decision = "KEEP_ACCUMULATING"
)

// CaseDecision is the latest decision on a case, with its reason.
type CaseDecision struct {
	Decision      Decision  `json:"decision"`
	By            string    `json:"by"`
	Automatic     bool      `json:"automatic"`
	Reason        string    `json:"reason"`
	At            time.Time `json:"at"`
	PolicyVersion int       `json:"policyVersion"`
}

// Claim is a reviewer's lease on a case: until it expires nobody else may decide the case (rule 10). The token is random
// and known to the holder only.
type Claim struct {
	By    string    `json:"by"`
	Token string    `json:"token"`
	Until time.Time `json:"until"`
	// TakenFrom is the previous holder if a lead took the case over.
	TakenFrom string `json:"takenFrom,omitempty"`
}

// Undo is the state needed to undo a reviewer's decision (see [CaseFile.Undo]).
type Undo struct {
	By      string    `json:"by"`
	Until   time.Time `json:"until"`
	Version int       `json:"version"` // of the case after the decision: any later change makes it final
	Before  Case      `json:"before"`
	Tags    []Tag     `json:"tags"` // before the decision
}

// Dispute is a second review that disagreed. The case has to be decided by a third person.
type Dispute struct {
	Review  string   `json:"review"`
	Between []string `json:"between"` // who disagree: the second reviewer, and the first unless votes confirmed the case
}

// Case is one buyer under one scenario, as of its last evaluation.
type Case struct {
	ID            CaseID        `json:"id"`
	BuyerID       BuyerID       `json:"buyerId"`
	Scenario      ScenarioCode  `json:"scenario"`
	State         CaseState     `json:"state"`
	Handling      Handling      `json:"handling"`
	Version       int           `json:"version"`  // counts changes that matter to a decision, from 1; claims, notes and assignments do not
	Revision      int           `json:"revision"` // counts every write, from 1
	OpenedAt      time.Time     `json:"openedAt,omitzero"`
	ReopenedAt    time.Time     `json:"reopenedAt,omitzero"`   // when it last started to accumulate again after it had ended; zero: never
	QueuedAt      time.Time     `json:"queuedAt,omitzero"`     // when it entered the queue, while PENDING; zero otherwise
	EvaluatedAt   time.Time     `json:"evaluatedAt,omitzero"`  // the case's own clock: it is monotonic even if the machine's is not
	DueAt         time.Time     `json:"dueAt,omitzero"`        // earliest HandleBy of the unhandled tags while PENDING, zero otherwise
	NextExpiryAt  time.Time     `json:"nextExpiryAt,omitzero"` // when the next live tag leaves the window; zero without live tags
	Votes         int           `json:"votes"`                 // entities with a live tag
	Threshold     int           `json:"threshold"`
	RiskLevel     RiskLevel     `json:"riskLevel"`
	PolicyVersion int           `json:"policyVersion"`  // the policy of the last evaluation
	Holds         []string      `json:"holds,omitzero"` // reasons why votes alone do not confirm the case
	Decision      *CaseDecision `json:"decision,omitzero"`
	// ReviewedVotes is the number of votes with which a reviewer confirmed the case; 0 if votes confirmed it. Such a case
	// lapses when it loses one of them, although it may never have met the threshold.
	ReviewedVotes int    `json:"reviewedVotes,omitzero"`
	Warnings      int    `json:"warnings,omitzero"` // how many of the warnings before DueAt were recorded
	Claim         *Claim `json:"claim,omitzero"`    // may have expired
	Undo          *Undo  `json:"undo,omitzero"`     // may have expired
	// Dispute is the latest second review that disagreed with a confirmation of the case.
	Dispute *Dispute `json:"dispute,omitzero"`

	Work  CaseWork  `json:"work,omitzero"`
	Notes CaseNotes `json:"notes,omitzero"`
}

// Claimed returns the claim that is valid at a time, or nil.
func (c Case) Claimed(now time.Time) *Claim {
	if c.Claim == nil || !now.Before(c.Claim.Until) {
		return nil
	}
	return c.Claim
}

// MayDecide reports whether the caller may decide the case now: it is pending, nobody else has claimed it, it is not escalated
// unless the caller leads, and the caller is not one of those who disagree about it.
func (c Case) MayDecide(caller Caller, now time.Time) bool {
	claim := c.Claimed(now)
	return caller.Decides() && c.Handling == HandlingPending && (claim == nil || claim.By == caller.Subject) &&
		(c.Work.Escalation == nil || caller.Leads()) && !c.disputedBy(caller.Subject)
}

// disputedBy reports whether a person is one of those who disagree about the case.
func (c Case) disputedBy(subject string) bool {
	return c.Dispute != nil && slices.Contains(c.Dispute.Between, subject)
}

// accumulatingSince is when the case started to accumulate: with its first tag, or with the first one after it had ended.
func (c Case) accumulatingSince() time.Time { return later(c.OpenedAt, c.ReopenedAt) }

// UndoableUntil is until when a person can undo the case's decision; ok is false if that person can't.
func (c Case) UndoableUntil(subject string, now time.Time) (until time.Time, ok bool) {
	undo := c.Undo
	if undo == nil || undo.By != subject || now.After(undo.Until) || c.Version != undo.Version {
		return time.Time{}, false
	}
	return undo.Until, true
}

func (c Case) claimedBy(subject string, now time.Time) bool {
	claim := c.Claimed(now)
	return claim != nil && claim.By == subject
}

// confirmedBelow is the number of votes below which a confirmed case lapses.
func (c Case) confirmedBelow() int {
	if c.ReviewedVotes > 0 {
		return min(c.ReviewedVotes, c.Threshold)
	}
	return c.Threshold
}

// warningsBefore is how long before the due time warnings are recorded: after 36 and 44 of the 48 hours (rule 9).
func warningsBefore() [2]time.Duration { return [...]time.Duration{12 * time.Hour, 4 * time.Hour} }

// WakeAt is when upkeep has to evaluate the case next: a tag leaves the window, a warning is due, a snooze ends, or the 48
// hours are over. Zero if nothing is scheduled.
func (c Case) WakeAt() time.Time {
	wake := c.NextExpiryAt
	if c.Handling != HandlingPending {
		return wake
	}
	next := c.DueAt
	if before := warningsBefore(); c.Warnings < len(before) {
		next = c.DueAt.Add(-before[c.Warnings])
	}
	if snooze := c.Work.Snooze; snooze != nil && snooze.Until.Before(next) {
		next = snooze.Until
	}
	if wake.IsZero() || next.Before(wake) {
		wake = next
	}
	return wake
}

// Overdue reports whether a reviewer should have decided before now.
func (c Case) Overdue(now time.Time) bool {
	return c.Handling == HandlingPending && !now.Before(c.DueAt)
}
