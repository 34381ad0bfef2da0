package cloudtag

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// TagFilter selects tags; zero fields select all.
type TagFilter struct {
	OrderNos        []OrderNo
	MerchantID      MerchantID
	BuyerID         BuyerID
	Scenario        ScenarioCode
	Statuses        []TagStatus
	SubmittedAfter  time.Time // exclusive
	SubmittedBefore time.Time // exclusive
	// BatchID selects the tags of a submission. [Records] replaces it by the orders of the batch before it asks a store.
	BatchID BatchID
}

// Matches reports whether a tag is selected.
func (f TagFilter) Matches(t Tag) bool {
	return (len(f.OrderNos) == 0 || slices.Contains(f.OrderNos, t.OrderNo)) &&
		(f.MerchantID == "" || f.MerchantID == t.MerchantID) &&
		(f.BuyerID == "" || f.BuyerID == t.BuyerID) &&
		(f.Scenario == "" || f.Scenario == t.Scenario) &&
		(len(f.Statuses) == 0 || slices.Contains(f.Statuses, t.Status)) &&
		(f.SubmittedAfter.IsZero() || t.SubmittedAt.After(f.SubmittedAfter)) &&
		(f.SubmittedBefore.IsZero() || t.SubmittedAt.Before(f.SubmittedBefore)) &&
		(f.BatchID == "" || f.BatchID == t.BatchID)
}

// OrderFilter selects a shop's orders; zero times select all.
type OrderFilter struct {
	MerchantID   MerchantID
	PlacedAfter  time.Time // exclusive
	PlacedBefore time.Time // exclusive
}

// CaseFilter selects cases; zero fields select all.
type CaseFilter struct {
	States     []CaseState
	Handling   Handling
	Scenario   ScenarioCode
	BuyerID    BuyerID
	RiskLevels []RiskLevel
	OverdueAt  time.Time // overdue at this time
	NotOverdue time.Time // not overdue at this time
	DueFrom    time.Time // pending, and due at this time or later
	DueBefore  time.Time // pending, and due before this time
	MinVotes   int
	ClaimedAt  time.Time // claimed at this time
	ClaimedBy  string    // claimed by this person; requires ClaimedAt
	AssignedTo string    // assigned to this person
	Escalated  bool      // escalated to a lead
	SnoozedAt  time.Time // snoozed at this time
	AwakeAt    time.Time // not snoozed at this time
}

// Check rejects unknown enum values: BAD_USER_INPUT, with the field.
func (f CaseFilter) Check() error {
	return cmp.Or(
		CheckAllKnown(f.States, CaseStates(), "filter", "state"),
		CheckKnownOrEmpty(f.Handling, Handlings(), "filter", "handling"),
		CheckAllKnown(f.RiskLevels, RiskLevels(), "filter", "riskLevel"))
}

// Matches reports whether a case is selected.
func (f CaseFilter) Matches(c Case) bool {
	return (len(f.States) == 0 || slices.Contains(f.States, c.State)) &&
		(f.Handling == "" || f.Handling == c.Handling) &&
		(f.Scenario == "" || f.Scenario == c.Scenario) &&
		(f.BuyerID == "" || f.BuyerID == c.BuyerID) &&
		(len(f.RiskLevels) == 0 || slices.Contains(f.RiskLevels, c.RiskLevel)) &&
		(f.OverdueAt.IsZero() || c.Overdue(f.OverdueAt)) &&
		(f.NotOverdue.IsZero() || !c.Overdue(f.NotOverdue)) &&
		(f.DueFrom.IsZero() || c.Handling == HandlingPending && !c.DueAt.Before(f.DueFrom)) &&
		(f.DueBefore.IsZero() || c.Handling == HandlingPending && c.DueAt.Before(f.DueBefore)) &&
		(f.ClaimedAt.IsZero() || c.Claimed(f.ClaimedAt) != nil) &&
		(f.ClaimedBy == "" || c.claimedBy(f.ClaimedBy, f.ClaimedAt)) &&
		(f.AssignedTo == "" || c.AssignedTo() == f.AssignedTo) &&
		(!f.Escalated || c.Work.Escalation != nil) &&
		(f.SnoozedAt.IsZero() || c.Snoozed(f.SnoozedAt) != nil) &&
		(f.AwakeAt.IsZero() || c.Snoozed(f.AwakeAt) == nil) &&
		c.Votes >= f.MinVotes
}

// MerchantFilter selects shops; zero fields select all.
type MerchantFilter struct {
	Search     string // part of the identifier or of the name; ASCII letters match in either case
	Permission Permission
}

// Matches reports whether a shop is selected.
func (f MerchantFilter) Matches(m Merchant) bool {
	search := lowerASCII(f.Search)
	return (f.Permission == "" || f.Permission == m.Permission) &&
		(strings.Contains(lowerASCII(string(m.ID)), search) || strings.Contains(lowerASCII(m.Name), search))
}

// lowerASCII lower-cases ASCII letters only, which all stores do alike.
func lowerASCII(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + ('a' - 'A')
		}
		return r
	}, text)
}

// LogFilter selects entries; zero fields select all.
type LogFilter struct {
	Subject Subject
	Action  Action
	Actor   string
}

// Matches reports whether an entry is selected.
func (f LogFilter) Matches(e Entry) bool {
	return (f.Subject == "" || slices.Contains(e.Subjects, f.Subject)) &&
		(f.Action == "" || f.Action == e.Action) &&
		(f.Actor == "" || f.Actor == e.Actor)
}
