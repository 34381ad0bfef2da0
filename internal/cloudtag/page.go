package cloudtag

import (
	"slices"
	"time"
)

// The limits of a page, and of counting.
const (
	DefaultPageSize = 50
	MaxPageSize     = 100
	// MaxCount is the highest exact total of a connection; more are reported as MaxCount+1.
	MaxCount = 10_000
)

// Position is a place in an ordered list, unique in it: the sort key and the identifier that breaks ties.
type Position struct {
	Key int64 // milliseconds since 1970 for times
	ID  string
}

// Slice is a stretch of an ordered list: at most Limit items after one position and before another.
type Slice struct {
	Limit    int
	After    *Position // exclusive; nil: from the beginning
	Before   *Position // exclusive; nil: to the end
	Backward bool      // take the last Limit items instead of the first; they still come in the list's order
}

// TagOrder is an order of tags; ties are broken by order number, in the same direction.
type TagOrder string

// The orders of tags.
const (
	TagsBySubmittedDesc     TagOrder = "SUBMITTED_AT_DESC"
	TagsBySubmittedAsc      TagOrder = "SUBMITTED_AT_ASC"
	TagsByStatusChangedDesc TagOrder = "STATUS_CHANGED_AT_DESC"
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
}

// CaseOrder is an order of cases; ties are broken by identifier, in the same direction.
type CaseOrder string

// The orders of cases. Cases without a due time come last by due time.
const (
	CasesByPriorityDesc CaseOrder = "PRIORITY_DESC"
	CasesByDueAsc       CaseOrder = "DUE_AT_ASC"
	CasesByOpenedDesc   CaseOrder = "OPENED_AT_DESC"
)

// CaseFilter selects cases; zero fields select all.
type CaseFilter struct {
	States     []CaseState
	Handling   Handling
	Scenario   ScenarioCode
	BuyerID    BuyerID
	RiskLevels []RiskLevel
	OverdueAt  time.Time // only cases that are overdue at this time
	NotOverdue time.Time // only cases that are not overdue at this time
	MinVotes   int
}

// LogFilter selects entries; zero fields select all.
type LogFilter struct {
	Subject Subject
	Action  Action
	Actor   string
}

// noDue stands for "no due time" in the order by due time: after every due time.
const noDue = int64(1) << 53

// PositionOf is a tag's place in an order.
func (o TagOrder) PositionOf(tag Tag) Position {
	at := tag.SubmittedAt
	if o == TagsByStatusChangedDesc {
		at = tag.StatusChangedAt
	}
	return Position{Key: at.UnixMilli(), ID: string(tag.OrderNo)}
}

// PositionOf is a case's place in an order.
func (o CaseOrder) PositionOf(c Case) Position {
	position := Position{ID: string(c.ID)}
	switch o {
	case CasesByDueAsc:
		position.Key = c.DueKey()
	case CasesByOpenedDesc:
		position.Key = c.OpenedAt.UnixMilli()
	default:
		position.Key = c.Rank()
	}
	return position
}

// DueKey orders cases by due time: milliseconds since 1970, or a value after every time.
func (c Case) DueKey() int64 {
	if c.DueAt.IsZero() {
		return noDue
	}
	return c.DueAt.UnixMilli()
}

// Matches reports whether a tag is selected.
func (f TagFilter) Matches(t Tag) bool {
	return (len(f.OrderNos) == 0 || slices.Contains(f.OrderNos, t.OrderNo)) &&
		(f.MerchantID == "" || f.MerchantID == t.MerchantID) &&
		(f.BuyerID == "" || f.BuyerID == t.BuyerID) &&
		(f.Scenario == "" || f.Scenario == t.Scenario) &&
		(len(f.Statuses) == 0 || slices.Contains(f.Statuses, t.Status)) &&
		(f.SubmittedAfter.IsZero() || t.SubmittedAt.After(f.SubmittedAfter)) &&
		(f.SubmittedBefore.IsZero() || t.SubmittedAt.Before(f.SubmittedBefore))
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
		c.Votes >= f.MinVotes
}

// Matches reports whether an entry is selected.
func (f LogFilter) Matches(e Entry) bool {
	return (f.Subject == "" || slices.Contains(e.Subjects, f.Subject)) &&
		(f.Action == "" || f.Action == e.Action) &&
		(f.Actor == "" || f.Actor == e.Actor)
}
