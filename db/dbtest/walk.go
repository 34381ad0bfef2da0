package dbtest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"cloudtag/internal/cloudtag"
)

// list is a paginated list under one filter and order, and the properties of its pages.
type list[T any] struct {
	name       string
	page       func(ctx context.Context, slice cloudtag.Slice) ([]T, bool, error)
	count      func(ctx context.Context, limit int) (int, error)
	position   func(T) cloudtag.Position
	matches    func(T) bool
	descending bool
	after      *cloudtag.Position // beginning of walks, exclusive
}

func (w *world) tagList(filter cloudtag.TagFilter, order cloudtag.TagOrder) list[cloudtag.Tag] {
	return list[cloudtag.Tag]{
		name: fmt.Sprintf("tags %s %+v", order, filter),
		page: func(ctx context.Context, slice cloudtag.Slice) ([]cloudtag.Tag, bool, error) {
			return w.store.TagPage(ctx, filter, order, slice)
		},
		count: func(ctx context.Context, limit int) (int, error) {
			return w.store.CountTags(ctx, filter, limit)
		},
		position:   order.PositionOf,
		matches:    filter.Matches,
		descending: order != cloudtag.TagsBySubmittedAsc,
	}
}

func (w *world) caseList(filter cloudtag.CaseFilter, order cloudtag.CaseOrder) list[cloudtag.Case] {
	return list[cloudtag.Case]{
		name: fmt.Sprintf("cases %s %+v", order, filter),
		page: func(ctx context.Context, slice cloudtag.Slice) ([]cloudtag.Case, bool, error) {
			return w.store.CasePage(ctx, filter, order, slice)
		},
		count: func(ctx context.Context, limit int) (int, error) {
			return w.store.CountCases(ctx, filter, limit)
		},
		position:   order.PositionOf,
		matches:    filter.Matches,
		descending: order != cloudtag.CasesByDueAsc,
	}
}

func (w *world) logList(filter cloudtag.LogFilter) list[cloudtag.Entry] {
	return list[cloudtag.Entry]{
		name: fmt.Sprintf("log %+v", filter),
		page: func(ctx context.Context, slice cloudtag.Slice) ([]cloudtag.Entry, bool, error) {
			return w.store.LogPage(ctx, filter, slice)
		},
		count: func(ctx context.Context, limit int) (int, error) {
			return w.store.CountLog(ctx, filter, limit)
		},
		position: func(e cloudtag.Entry) cloudtag.Position { return cloudtag.Position{Key: e.Seq} },
		matches:  filter.Matches,
	}
}

// compare compares two positions in the list's order.
func (l list[T]) compare(a, b cloudtag.Position) int {
	order := cmp.Or(cmp.Compare(a.Key, b.Key), strings.Compare(a.ID, b.ID))
	if l.descending {
		return -order
	}
	return order
}

// model returns the whole list, computed from all items.
func (l list[T]) model(all []T) []T {
	var matching []T
	for _, item := range all {
		if l.matches(item) {
			matching = append(matching, item)
		}
	}
	slices.SortFunc(matching, func(a, b T) int { return l.compare(l.position(a), l.position(b)) })
	return matching
}

// cut returns a page of the whole list, as the store must return it.
func (l list[T]) cut(whole []T, slice cloudtag.Slice) (items []T, more bool) {
	for _, item := range whole {
		at := l.position(item)
		if slice.After != nil && l.compare(at, *slice.After) <= 0 || slice.Before != nil && l.compare(at, *slice.Before) >= 0 {
			continue
		}
		items = append(items, item)
	}
	if len(items) <= slice.Limit {
		return items, false
	}
	if slice.Backward {
		return items[len(items)-slice.Limit:], true
	}
	return items[:slice.Limit], true
}

// walk reads a list page by page, forward or backward, and returns its items in the list's order. between, if not nil, runs
// after each page.
func walk[T any](w *world, l list[T], size int, backward bool, between func(page int)) []T {
	w.Helper()
	var seen []T
	slice := cloudtag.Slice{Limit: size, After: l.after, Backward: backward}
	for number := 0; ; number++ {
		page, more, err := l.page(w.ctx, slice)
		w.noError(err, l.name)
		if len(page) > size {
			w.Fatalf("%s: a page of %d, asked for at most %d", l.name, len(page), size)
		}
		wantWithin(w, l, page, slice)
		if len(page) == 0 && more {
			w.Fatalf("%s: an empty page reports that more follow", l.name)
		}
		if len(page) == 0 && number > 0 && between == nil {
			w.Fatalf("%s: a page reported that more follow, but none do", l.name)
		}
		if backward {
			seen = append(slices.Clone(page), seen...)
		} else {
			seen = append(seen, page...)
		}
		if !more {
			return seen
		}
		if backward {
			first := l.position(page[0])
			slice.Before = &first
		} else {
			last := l.position(page[len(page)-1])
			slice.After = &last
		}
		if between != nil {
			between(number)
		}
	}
}

// wantWithin checks that a page is in the list's order, and contains only matching items within its slice.
func wantWithin[T any](w *world, l list[T], page []T, slice cloudtag.Slice) {
	w.Helper()
	for i, item := range page {
		at := l.position(item)
		switch {
		case !l.matches(item):
			w.Fatalf("%s: returns %+v, which does not match the filter", l.name, item)
		case i > 0 && l.compare(l.position(page[i-1]), at) >= 0:
			w.Fatalf("%s: %v comes after %v in one page", l.name, at, l.position(page[i-1]))
		case slice.After != nil && l.compare(at, *slice.After) <= 0:
			w.Fatalf("%s: %v is not after %v", l.name, at, *slice.After)
		case slice.Before != nil && l.compare(at, *slice.Before) >= 0:
			w.Fatalf("%s: %v is not before %v", l.name, at, *slice.Before)
		}
	}
}
