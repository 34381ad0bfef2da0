package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// Store implements the ports of the domain over an engine.
type Store struct {
	engine Engine
	kinds  *Catalogue
}

// New returns the store over an engine that was opened with the same catalogue.
func New(engine Engine, kinds *Catalogue) *Store { return &Store{engine: engine, kinds: kinds} }

// Ping reports whether the data can be reached.
func (s *Store) Ping(ctx context.Context) error { return s.engine.Ping(ctx) }

// Close ends the engine.
func (s *Store) Close() error { return s.engine.Close() }

// Recover completes what a crash left half done, and returns how many commits it completed.
func (s *Store) Recover(ctx context.Context) (int, error) { return s.engine.Recover(ctx) }

// refsOf names the records of a kind with some identifiers, each once.
func refsOf[K ~string](kind *Kind, ids []K) []Ref {
	refs := make([]Ref, 0, len(ids))
	seen := make(map[K]struct{}, len(ids))
	for _, id := range ids {
		if _, again := seen[id]; !again {
			seen[id] = struct{}{}
			refs = append(refs, Ref{kind, string(id)})
		}
	}
	return refs
}

// found returns a record of what was got; nil when there is none.
func found[T any](records map[Ref]any, kind *Kind, id string) *T {
	record, known := records[Ref{kind, id}]
	if !known {
		return nil
	}
	return record.(*T)
}

// find returns records of a kind by identifier, each as what value makes of it.
func find[K ~string, T, V any](ctx context.Context, s *Store, kind *Kind, ids []K, value func(*T) V) (map[K]V, error) {
	values := make(map[K]V, len(ids))
	if len(ids) == 0 {
		return values, ctx.Err()
	}
	records, err := s.engine.Get(ctx, refsOf(kind, ids))
	if err != nil {
		return nil, err
	}
	for ref, record := range records {
		values[K(ref.ID)] = value(record.(*T))
	}
	return values, nil
}

func itself[T any](record *T) T { return *record }

// list returns what a query selects.
func list[T, V any](ctx context.Context, s *Store, query Query, value func(*T) V) ([]V, bool, error) {
	records, more, err := s.engine.List(ctx, query)
	if err != nil {
		return nil, false, err
	}
	values := make([]V, len(records))
	for i, record := range records {
		values[i] = value(record.(*T))
	}
	return values, more, nil
}

// page is [list] of a slice of a list that is in ascending or descending order.
func page[T, V any](ctx context.Context, s *Store, query Query, descending bool, slice cloudtag.Slice, value func(*T) V) ([]V, bool, error) {
	query = query.within(descending, slice)
	values, more, err := list(ctx, s, query, value)
	if slice.Backward {
		slices.Reverse(values)
	}
	return values, more, err
}

// pageAmong is a page of items that were all read.
func pageAmong[V any](items []V, descending bool, slice cloudtag.Slice, positionOf func(V) cloudtag.Position) ([]V, bool) {
	query := Query{Sort: "position"}.within(descending, slice)
	placeOf := func(item V) Place { return query.place(positionOf(item)) }
	items = slices.DeleteFunc(items, func(item V) bool { return !query.Holds(placeOf(item)) })
	slices.SortFunc(items, func(a, b V) int { return placeOf(a).Compare(placeOf(b)) })
	if query.Descending {
		slices.Reverse(items)
	}
	more := len(items) > slice.Limit
	items = items[:min(slice.Limit, len(items))]
	if slice.Backward {
		slices.Reverse(items)
	}
	return items, more
}

// within narrows a query to a slice.
func (q Query) within(descending bool, slice cloudtag.Slice) Query {
	lower, upper := slice.After, slice.Before
	if descending {
		lower, upper = upper, lower
	}
	if lower != nil {
		q.raise(q.place(*lower))
	}
	if upper != nil {
		q.lower(q.place(*upper))
	}
	q.Descending = descending != slice.Backward
	q.Limit = slice.Limit
	return q
}

func (q Query) place(position cloudtag.Position) Place {
	if q.Sort == "" {
		return Place{ID: position.ID}
	}
	return Place{Key: position.Key, ID: position.ID}
}

// raise bounds the query from below, if it is not bounded so already.
func (q *Query) raise(place Place) {
	if q.Above == nil || place.Compare(*q.Above) > 0 {
		q.Above = &place
	}
}

// lower bounds the query from above.
func (q *Query) lower(place Place) {
	if q.Below == nil || place.Compare(*q.Below) < 0 {
		q.Below = &place
	}
}

// Compare orders places as queries do.
func (p Place) Compare(other Place) int {
	return cmp.Or(CompareKeys(p.Key, other.Key), cmp.Compare(p.ID, other.ID))
}

// CompareKeys orders values of one field; nil, which no value is, comes first.
func CompareKeys(a, b any) int {
	switch {
	case a == nil || b == nil:
		return cmp.Compare(flag(a != nil), flag(b != nil))
	default:
		if text, is := a.(string); is {
			return cmp.Compare(text, b.(string))
		}
		return cmp.Compare(a.(int64), b.(int64))
	}
}

// Holds reports whether a place is in the query's stretch.
func (q Query) Holds(place Place) bool {
	return (q.Above == nil || place.Compare(*q.Above) > 0) && (q.Below == nil || place.Compare(*q.Below) < 0)
}

// from is the place before everything whose key is not below a value; the same bounds from above what is below it.
func from(key any) *Place { return &Place{Key: key} }

// after is the first millisecond behind a time, nil for none; before is the first that is not before it.
func after(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return millis(t) + 1
}

func before(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return millis(t.Add(time.Millisecond - 1))
}

// between bounds a field, from inclusive, to exclusive; the stretch itself where the query is sorted by it.
func (q *Query) between(name string, lowest, highest any) {
	switch {
	case lowest == nil && highest == nil:
	case q.Sort != name:
		q.Where = append(q.Where, Condition{Field: name, From: lowest, To: highest})
	default:
		if lowest != nil {
			q.raise(*from(lowest))
		}
		if highest != nil {
			q.lower(*from(highest))
		}
	}
}

// anyOf makes the values of a condition.
func anyOf[V ~string](values ...V) []any {
	list := make([]any, len(values))
	for i, value := range values {
		list[i] = string(value)
	}
	return list
}
