package cloudtag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The limits of a page, and of counting.
const (
	DefaultPageSize = 50
	MaxPageSize     = 100
	// MaxCount is the highest exact total of a connection; more are reported as MaxCount+1.
	MaxCount = 10_000
)

// Position is a unique position in an ordered list: the sort key, and the identifier that breaks ties.
type Position struct {
	Key int64 // Unix milliseconds for times
	ID  string
}

// Compare orders positions: by key, then by identifier.
func (p Position) Compare(other Position) int {
	return cmp.Or(cmp.Compare(p.Key, other.Key), cmp.Compare(p.ID, other.ID))
}

// Slice is a range of an ordered list: at most Limit items after one position and before another.
type Slice struct {
	Limit    int
	After    *Position // exclusive; nil: from the start
	Before   *Position // exclusive; nil: to the end
	Backward bool      // the last Limit items instead of the first, still in the list's order
}

// Continue returns the rest of a slice of the log in the direction of reading, after some entries were read.
func (s Slice) Continue(read []Entry) Slice {
	if s.Backward {
		s.Before = &Position{Key: read[0].Seq}
	} else {
		s.After = &Position{Key: read[len(read)-1].Seq}
	}
	return s
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
	// BatchID selects the tags of a submission. [Records] replaces it by the orders of the batch before it asks a store.
	BatchID BatchID
}

// OrderFilter selects a shop's orders; zero times select all.
type OrderFilter struct {
	MerchantID   MerchantID
	PlacedAfter  time.Time // exclusive
	PlacedBefore time.Time // exclusive
}

// CaseOrder is an order of cases; ties are broken by identifier, in the same direction.
type CaseOrder string

// The orders of cases. By due time, cases without one come last.
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

// check rejects unknown enum values: BAD_USER_INPUT, with the field.
func (f CaseFilter) check() error {
	return cmp.Or(
		CheckAllKnown(f.States, CaseStates(), "filter", "state"),
		CheckKnownOrEmpty(f.Handling, Handlings(), "filter", "handling"),
		CheckAllKnown(f.RiskLevels, RiskLevels(), "filter", "riskLevel"))
}

// MerchantFilter selects shops; zero fields select all.
type MerchantFilter struct {
	Search     string // part of the identifier or of the name; ASCII letters match in either case
	Permission Permission
}

// LogFilter selects entries; zero fields select all.
type LogFilter struct {
	Subject Subject
	Action  Action
	Actor   string
}

// NoDue is the offset of the sort keys of cases without a due time, which puts them after all others, by opening time.
const NoDue = int64(1) << 53

// list is the name of the list in cursors. The names of lists that shops read are short, so that their encrypted cursors all
// have the same length.
func (o TagOrder) list() string {
	switch o {
	case TagsBySubmittedAsc:
		return "ts+"
	case TagsByStatusChangedDesc:
		return "tc-"
	default:
		return "ts-"
	}
}

// list is the name of the list in cursors.
func (o CaseOrder) list() string { return string(o) }

// PositionOf is a tag's position in the order.
func (o TagOrder) PositionOf(tag Tag) Position {
	at := tag.SubmittedAt
	if o == TagsByStatusChangedDesc {
		at = tag.StatusChangedAt
	}
	return Position{Key: at.UnixMilli(), ID: string(tag.OrderNo)}
}

// PositionOf is a case's position in the order.
func (o CaseOrder) PositionOf(c Case) Position {
	position := Position{ID: string(c.ID)}
	switch o {
	case CasesByDueAsc:
		position.Key = c.DueKey()
	case CasesByOpenedDesc:
		position.Key = c.OpenedAt.UnixMilli()
	default:
		position.Key = c.PriorityKey()
	}
	return position
}

// DueKey is the sort key by due time, in Unix milliseconds. Cases without a due time come last, by opening time.
func (c Case) DueKey() int64 {
	if c.DueAt.IsZero() {
		return NoDue + c.OpenedAt.UnixMilli()
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
		(f.SubmittedBefore.IsZero() || t.SubmittedAt.Before(f.SubmittedBefore)) &&
		(f.BatchID == "" || f.BatchID == t.BatchID)
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

// Matches reports whether an entry is selected.
func (f LogFilter) Matches(e Entry) bool {
	return (f.Subject == "" || slices.Contains(e.Subjects, f.Subject)) &&
		(f.Action == "" || f.Action == e.Action) &&
		(f.Actor == "" || f.Actor == e.Actor)
}

// PageRequest holds the arguments of a connection: the first items after a cursor, or the last before one. Without either
// count it asks for the first DefaultPageSize.
type PageRequest struct {
	First  *int
	Last   *int
	After  Cursor
	Before Cursor
}

// Page is one page of a list, with the cursors of its items.
type Page[T any] struct {
	Items           []T
	Cursors         []Cursor
	HasNextPage     bool
	HasPreviousPage bool
	// End is the cursor at which the next page starts, for lists whose pages may end after their last item; empty: the last
	// item's.
	End Cursor
}

// slice validates the request for a list. BAD_USER_INPUT, with the field, for counts out of range, first together with last,
// and cursors of another list.
func (r PageRequest) slice(list string) (Slice, error) {
	slice := Slice{Limit: DefaultPageSize, Backward: r.Last != nil}
	if r.First != nil && r.Last != nil {
		return Slice{}, Refuse(CodeBadInput, Text{ZH: "first 与 last 不能同时使用。", EN: "Use first or last, not both."}, "first")
	}
	for field, count := range map[string]*int{"first": r.First, "last": r.Last} {
		if count == nil {
			continue
		}
		if *count < 1 || *count > MaxPageSize {
			return Slice{}, Refuse(CodeBadInput, Text{
				ZH: fmt.Sprintf("%s 须为 1 至 %d。", field, MaxPageSize),
				EN: fmt.Sprintf("%s must be 1 to %d.", field, MaxPageSize),
			}, field)
		}
		slice.Limit = *count
	}
	var err error
	if slice.After, err = r.position(list, r.After, "after"); err != nil {
		return Slice{}, err
	}
	slice.Before, err = r.position(list, r.Before, "before")
	return slice, err
}

func (r PageRequest) position(list string, cursor Cursor, field string) (*Position, error) {
	if cursor == "" {
		return nil, nil
	}
	position, err := decodeCursor(list, cursor, field)
	if err != nil {
		return nil, err
	}
	return &position, nil
}

// newPage builds a page from the items that a store returned for a slice.
func newPage[T any](list string, items []T, more bool, slice Slice, positionOf func(T) Position) Page[T] {
	page := Page[T]{Items: items, Cursors: make([]Cursor, len(items))}
	for i, item := range items {
		page.Cursors[i] = encodeCursor(list, positionOf(item))
	}
	if slice.Backward {
		page.HasPreviousPage, page.HasNextPage = more, slice.Before != nil
	} else {
		page.HasNextPage, page.HasPreviousPage = more, slice.After != nil
	}
	return page
}

// PageOf returns a page of a list in memory, which is in descending order of positions; list is its name in cursors.
// BAD_USER_INPUT for an invalid [PageRequest].
func PageOf[T any](list string, found []T, request PageRequest, positionOf func(T) Position) (Page[T], error) {
	slice, err := request.slice(list)
	if err != nil {
		return Page[T]{}, err
	}
	within := slices.DeleteFunc(slices.Clone(found), func(item T) bool {
		at := positionOf(item)
		return slice.After != nil && at.Compare(*slice.After) >= 0 || slice.Before != nil && at.Compare(*slice.Before) <= 0
	})
	more := len(within) > slice.Limit
	switch {
	case more && slice.Backward:
		within = within[len(within)-slice.Limit:]
	case more:
		within = within[:slice.Limit]
	}
	return newPage(list, within, more, slice, positionOf), nil
}
