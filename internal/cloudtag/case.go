package cloudtag

import "time"

// CaseState is where a case stands.
type CaseState string

// The states of a case.
const (
	CaseAccumulating CaseState = "ACCUMULATING" // votes below the threshold
	CaseConfirmed    CaseState = "CONFIRMED"    // votes reached the threshold, or a reviewer confirmed
	CaseRejected     CaseState = "REJECTED"     // a reviewer rejected the tags there were
	CaseLapsed       CaseState = "LAPSED"       // was confirmed, and the count dropped since (rule 5)
	CaseExpired      CaseState = "EXPIRED"      // every tag left the window uncounted, or was voided
	CaseOverturned   CaseState = "OVERTURNED"   // an appeal was accepted
)

// CaseStates lists every state.
func CaseStates() []CaseState {
	return []CaseState{CaseAccumulating, CaseConfirmed, CaseRejected, CaseLapsed, CaseExpired, CaseOverturned}
}

// Handling says whether a case waits for a reviewer.
type Handling string

// The two sides of the queue.
const (
	HandlingPending Handling = "PENDING" // in the reviewers' queue
	HandlingHandled Handling = "HANDLED"
)

// Decision is what was decided about a case.
type Decision string

// The decisions (rule 10); the automatic engine takes the first and the last.
const (
	DecisionConfirm          Decision = "CONFIRM"
	DecisionReject           Decision = "REJECT"
	DecisionKeepAccumulating Decision = "KEEP_ACCUMULATING"
)

// CaseDecision is the latest decision about a case, with its grounds.
type CaseDecision struct {
	Decision      Decision  `json:"decision"`
	By            string    `json:"by"`
	Automatic     bool      `json:"automatic"`
	Reason        string    `json:"reason"`
	At            time.Time `json:"at"`
	PolicyVersion int       `json:"policyVersion"`
}

// Case is one buyer under one scenario: what the last evaluation found.
type Case struct {
	ID            CaseID
	BuyerID       BuyerID
	Scenario      ScenarioCode
	State         CaseState
	Handling      Handling
	Version       int // counts changes, from 1
	OpenedAt      time.Time
	EvaluatedAt   time.Time // the case's own clock: it never steps back, even when the machine's does
	DueAt         time.Time // earliest HandleBy of the unhandled tags while PENDING, zero otherwise
	NextExpiryAt  time.Time // when the next live tag leaves the window; zero without live tags
	Votes         int       // entities with a live tag
	Threshold     int
	RiskLevel     RiskLevel
	PolicyVersion int      // the policy of the last evaluation
	Holds         []string // reasons why votes alone do not confirm the case
	Decision      *CaseDecision
}

// WakeAt is when the case needs the next look without anybody asking: a tag leaves the window, or the 48 hours
// are over. Zero when nothing is to come.
func (c Case) WakeAt() time.Time {
	wake := c.NextExpiryAt
	if c.Handling == HandlingPending && (wake.IsZero() || c.DueAt.Before(wake)) {
		wake = c.DueAt
	}
	return wake
}

// Overdue reports whether a reviewer should have decided before now.
func (c Case) Overdue(now time.Time) bool {
	return c.Handling == HandlingPending && !now.Before(c.DueAt)
}
