package cloudtag

import (
	"cmp"
	"fmt"
	"slices"
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
