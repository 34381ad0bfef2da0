package cloudtag

import (
	"encoding/json"
	"fmt"
	"time"
)

// CaseSummary is what the log keeps of a case before and after a change.
type CaseSummary struct {
	State         CaseState  `json:"state"`
	Handling      Handling   `json:"handling"`
	Votes         int        `json:"votes"`
	Threshold     int        `json:"threshold"`
	RiskLevel     RiskLevel  `json:"riskLevel"`
	PolicyVersion int        `json:"policyVersion"`
	Holds         []string   `json:"holds,omitempty"`
	Weighing      *Weighing  `json:"weighing,omitempty"` // where the policy weighs votes by the shops' records
	DueAt         *time.Time `json:"dueAt,omitempty"`
	// TookMs is, in milliseconds, how long the case had waited for the reviewer's decision that the entry records, or takes
	// back, or how long it had accumulated when votes confirmed it.
	TookMs   int64         `json:"tookMs,omitempty"`
	Decision *CaseDecision `json:"decision,omitempty"`

	AssignedTo   string     `json:"assignedTo,omitempty"`
	SnoozedUntil *time.Time `json:"snoozedUntil,omitempty"`
	EscalatedBy  string     `json:"escalatedBy,omitempty"`
	Notes        int        `json:"notes,omitempty"` // that were not withdrawn
}

// Summary is the case as the log keeps it, without Weighing and TookMs, which depend on the change.
func (c Case) Summary() CaseSummary {
	summary := CaseSummary{
		State: c.State, Handling: c.Handling, Votes: c.Votes, Threshold: c.Threshold,
		RiskLevel: c.RiskLevel, PolicyVersion: c.PolicyVersion, Decision: c.Decision, Holds: c.Holds, AssignedTo: c.AssignedTo(),
		Notes: c.Notes.NotWithdrawn(),
	}
	if snooze := c.Work.Snooze; snooze != nil {
		summary.SnoozedUntil = &snooze.Until
	}
	if escalation := c.Work.Escalation; escalation != nil {
		summary.EscalatedBy = escalation.By
	}
	if !c.DueAt.IsZero() {
		summary.DueAt = &c.DueAt
	}
	return summary
}

// InTime reports whether a case that left the queue at a time did so by its due time.
func (s CaseSummary) InTime(at time.Time) bool { return s.DueAt == nil || !at.After(*s.DueAt) }

// Took is TookMs as a duration.
func (s CaseSummary) Took() time.Duration { return time.Duration(s.TookMs) * time.Millisecond }

// CaseSummaries returns the case before and after an entry about it, of a side that it does not have an empty one.
func (e Entry) CaseSummaries() (before, after CaseSummary, err error) {
	for _, side := range []struct {
		raw  json.RawMessage
		into *CaseSummary
	}{{e.Before, &before}, {e.After, &after}} {
		if side.raw == nil {
			continue
		}
		if err := json.Unmarshal(side.raw, side.into); err != nil {
			return before, after, fmt.Errorf("entry %d: %w", e.Seq, err)
		}
	}
	return before, after, nil
}
