package sqlite

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"cloudtag/internal/cloudtag"
)

// list is one filtered and ordered list: what the store has of it, and what there should be.
type list[T any] struct {
	label    string
	want     []T // all that match, in the list's order
	position func(T) cloudtag.Position
	page     func(cloudtag.Slice) ([]T, bool, error)
	count    func(limit int) (int, error)
}

// ordered returns what matches, in order: the slow way.
func ordered[T any](all []T, matches func(T) bool, position func(T) cloudtag.Position, descending bool) []T {
	var chosen []T
	for _, item := range all {
		if matches(item) {
			chosen = append(chosen, item)
		}
	}
	slices.SortFunc(chosen, func(a, b T) int {
		if descending {
			a, b = b, a
		}
		return comparePositions(position(a), position(b))
	})
	return chosen
}

// check reads slices of the list at random places, and its count.
func (l list[T]) check(t *testing.T, w *world) {
	t.Helper()
	for _, backward := range []bool{false, true} {
		from, to := w.random.IntN(len(l.want)+1)-1, len(l.want)
		if w.random.IntN(3) == 0 {
			to = from + 1 + w.random.IntN(len(l.want)+1)
		}
		if w.random.IntN(3) == 0 {
			from = -1
		}
		slice := cloudtag.Slice{Limit: 1 + w.random.IntN(20), Backward: backward}
		want := l.want
		if to < len(want) {
			at := l.position(want[to])
			slice.Before, want = &at, want[:to]
		}
		if from >= 0 && from < len(l.want) {
			at := l.position(l.want[from])
			slice.After, want = &at, want[min(from+1, len(want)):]
		}
		l.compare(t, slice, want)
	}
	limit := 1 + w.random.IntN(2*len(l.want)+1)
	count, err := l.count(limit)
	if err != nil {
		t.Fatal(err)
	}
	if want := min(limit, len(l.want)); count != want {
		t.Errorf("%s: counted %d up to %d, want %d", l.label, count, limit, want)
	}
}

// compare reads one slice; between are all that lie in it.
func (l list[T]) compare(t *testing.T, slice cloudtag.Slice, between []T) {
	t.Helper()
	wantMore := len(between) > slice.Limit
	want := between
	if wantMore && slice.Backward {
		want = between[len(between)-slice.Limit:]
	} else if wantMore {
		want = between[:slice.Limit]
	}
	got, more, err := l.page(slice)
	if err != nil {
		t.Fatalf("%s: %v", l.label, err)
	}
	if more != wantMore || len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
		t.Fatalf("%s, slice %+v: got %d, more %v; want %d, more %v\ngot  %+v\nwant %+v",
			l.label, slice, len(got), more, len(want), wantMore, positions(got, l.position), positions(want, l.position))
	}
}

func positions[T any](items []T, position func(T) cloudtag.Position) []cloudtag.Position {
	places := make([]cloudtag.Position, len(items))
	for i, item := range items {
		places[i] = position(item)
	}
	return places
}

const (
	filtersTried   = 80
	wantOfEachKind = 3
)

func TestPagesAreWhatTheFilterSelects(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	checkVariety(t, w)
	for range filtersTried {
		filter := w.tagFilter()
		for _, order := range []cloudtag.TagOrder{
			cloudtag.TagsBySubmittedAsc, cloudtag.TagsBySubmittedDesc, cloudtag.TagsByStatusChangedDesc,
		} {
			list[cloudtag.Tag]{
				label:    fmt.Sprintf("tags %s %+v", order, filter),
				want:     ordered(w.tags, filter.Matches, order.PositionOf, order != cloudtag.TagsBySubmittedAsc),
				position: order.PositionOf,
				page: func(slice cloudtag.Slice) ([]cloudtag.Tag, bool, error) {
					return w.store.TagPage(ctx, filter, order, slice)
				},
				count: func(limit int) (int, error) { return w.store.CountTags(ctx, filter, limit) },
			}.check(t, w)
		}
	}
	for range filtersTried {
		filter := w.caseFilter()
		for _, order := range []cloudtag.CaseOrder{
			cloudtag.CasesByPriorityDesc, cloudtag.CasesByDueAsc, cloudtag.CasesByOpenedDesc,
		} {
			list[cloudtag.Case]{
				label:    fmt.Sprintf("cases %s %+v", order, filter),
				want:     ordered(w.cases, filter.Matches, order.PositionOf, order != cloudtag.CasesByDueAsc),
				position: order.PositionOf,
				page: func(slice cloudtag.Slice) ([]cloudtag.Case, bool, error) {
					return w.store.CasePage(ctx, filter, order, slice)
				},
				count: func(limit int) (int, error) { return w.store.CountCases(ctx, filter, limit) },
			}.check(t, w)
		}
	}
	place := func(entry cloudtag.Entry) cloudtag.Position { return cloudtag.Position{Key: entry.Seq} }
	for range filtersTried {
		filter := w.logFilter()
		list[cloudtag.Entry]{
			label:    fmt.Sprintf("log %+v", filter),
			want:     ordered(w.entries, filter.Matches, place, false),
			position: place,
			page: func(slice cloudtag.Slice) ([]cloudtag.Entry, bool, error) {
				return w.store.LogPage(ctx, filter, slice)
			},
			count: func(limit int) (int, error) { return w.store.CountLog(ctx, filter, limit) },
		}.check(t, w)
	}
}

// checkVariety makes sure that the world has something of everything the lists are made of.
func checkVariety(t *testing.T, w *world) {
	t.Helper()
	kinds := map[string]int{}
	for _, tag := range w.tags {
		kinds[string("tag "+tag.Status)]++
	}
	for _, c := range w.cases {
		kinds[string("case "+c.State)]++
		kinds[string("case "+c.Handling)]++
		kinds[string("case of risk "+c.RiskLevel)]++
	}
	history := map[cloudtag.Subject]int{}
	for _, entry := range w.entries {
		history[cloudtag.CaseSubject(cloudtag.CaseID(entry.Subject("case")))]++
	}
	delete(history, cloudtag.CaseSubject(""))
	for _, length := range history {
		if length > tailMax+tailFlush {
			kinds["case with a long history"] = wantOfEachKind
		}
	}
	for _, kind := range []string{
		"case with a long history",
		"tag ACCUMULATING", "tag SUCCEEDED", "tag EXPIRED", "tag VOIDED", "case ACCUMULATING", "case CONFIRMED",
		"case LAPSED", "case EXPIRED", "case PENDING", "case HANDLED", "case of risk HIGH", "case of risk UNKNOWN",
	} {
		if kinds[kind] < wantOfEachKind {
			t.Errorf("the world has %d of %s, want at least %d (has %v)", kinds[kind], kind, wantOfEachKind, kinds)
		}
	}
}
