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

// Close stops the engine.
func (s *Store) Close() error { return s.engine.Close() }

// Recover completes the commits that a crash interrupted, and returns their number.
func (s *Store) Recover(ctx context.Context) (int, error) { return s.engine.Recover(ctx) }

// refsOf returns references to records of a kind, each once.
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

// getter reads records: [Tx.Get], or [Engine.Get] under a context.
type getter = func(refs ...Ref) (map[Ref]any, error)

func (s *Store) getter(ctx context.Context) getter {
	return func(refs ...Ref) (map[Ref]any, error) { return s.engine.Get(ctx, refs) }
}

// getOne reads one record; nil if it does not exist.
func getOne[T any](get getter, ref Ref) (*T, error) {
	records, err := get(ref)
	if err != nil {
		return nil, err
	}
	return found[T](records, ref), nil
}

// found returns one of the records that were read; nil if it does not exist.
func found[T any](records map[Ref]any, ref Ref) *T {
	record, known := records[ref]
	if !known {
		return nil
	}
	return record.(*T)
}

// mapSlice returns a value for each item.
func mapSlice[T, V any](items []T, value func(T) V) []V {
	values := make([]V, len(items))
	for i, item := range items {
		values[i] = value(item)
	}
	return values
}

// putRows stores rows of a kind in one commit. put decides on each row, given the record that is stored, also by an earlier
// row, and may complete it. done, which may be nil, is called after the rows with the number of those that are new.
func putRows[T any](
	ctx context.Context, s *Store, name string, kind *Kind, rows []T,
	put func(tx Tx, next, stored *T) cloudtag.PutResult, done func(tx Tx, created int),
) (results []cloudtag.PutResult, err error) {
	refs := mapSlice(rows, func(row T) Ref { return Ref{kind, kind.ID(&row)} })
	err = s.engine.Update(ctx, name, func(tx Tx) error {
		records, err := tx.Get(refs...)
		if err != nil {
			return err
		}
		results = make([]cloudtag.PutResult, len(rows))
		created := 0
		for i, next := range rows {
			stored := found[T](records, refs[i])
			if results[i] = put(tx, &next, stored); results[i] != cloudtag.PutStored {
				continue
			}
			if stored == nil {
				created++
			}
			records[refs[i]] = &next
			tx.Put(kind, &next)
		}
		if done != nil {
			done(tx, created)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

// find returns records of a kind by identifier, converted by value.
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

// list returns the records that a query selects, converted by value.
func list[T, V any](ctx context.Context, s *Store, query Query, value func(*T) V) ([]V, bool, error) {
	records, more, err := s.engine.List(ctx, query)
	if err != nil {
		return nil, false, err
	}
	return mapSlice(records, func(record any) V { return value(record.(*T)) }), more, nil
}

// page is [list] for a slice of a list in ascending or descending order.
func page[T, V any](ctx context.Context, s *Store, query Query, descending bool, slice cloudtag.Slice, value func(*T) V) ([]V, bool, error) {
	query = query.within(descending, slice)
	values, more, err := list(ctx, s, query, value)
	if slice.Backward {
		slices.Reverse(values)
	}
	return values, more, err
}

// pageAmong returns a page of items that were all read.
func pageAmong[V any](items []V, descending bool, slice cloudtag.Slice, positionOf func(V) cloudtag.Position) ([]V, bool) {
	query := Query{Sort: "position"}.within(descending, slice)
	at := func(item V) Position { return query.position(positionOf(item)) }
	items = slices.DeleteFunc(items, func(item V) bool { return !query.Contains(at(item)) })
	slices.SortFunc(items, func(a, b V) int { return at(a).Compare(at(b)) })
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
		q.raise(q.position(*lower))
	}
	if upper != nil {
		q.lower(q.position(*upper))
	}
	q.Descending = descending != slice.Backward
	q.Limit = slice.Limit
	return q
}

func (q Query) position(position cloudtag.Position) Position {
	if q.Sort == "" {
		return Position{ID: position.ID}
	}
	return Position{Key: position.Key, ID: position.ID}
}

// raise raises the lower bound to a position.
func (q *Query) raise(position Position) {
	if q.Above == nil || position.Compare(*q.Above) > 0 {
		q.Above = &position
	}
}

// lower lowers the upper bound to a position.
func (q *Query) lower(position Position) {
	if q.Below == nil || position.Compare(*q.Below) < 0 {
		q.Below = &position
	}
}

// Compare orders positions as queries do.
func (p Position) Compare(other Position) int {
	return cmp.Or(CompareKeys(p.Key, other.Key), cmp.Compare(p.ID, other.ID))
}

// CompareKeys orders values of one field; nil, the absence of a value, comes first.
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

// Contains reports whether a position is in the query's range.
func (q Query) Contains(position Position) bool {
	return (q.Above == nil || position.Compare(*q.Above) > 0) && (q.Below == nil || position.Compare(*q.Below) < 0)
}

// bound is the position between the records whose key is below a value and the others.
func bound(key any) *Position { return &Position{Key: key} }

// after returns the first millisecond after a time, and before the first one not before it; both nil for the zero time.
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

// between restricts a field to values from lowest, inclusive, to highest, exclusive; for the field that the query is sorted
// by, it narrows the range.
func (q *Query) between(name string, lowest, highest any) {
	switch {
	case lowest == nil && highest == nil:
	case q.Sort != name:
		q.Where = append(q.Where, Condition{Field: name, From: lowest, To: highest})
	default:
		if lowest != nil {
			q.raise(*bound(lowest))
		}
		if highest != nil {
			q.lower(*bound(highest))
		}
	}
}

// anyOf returns the values of a condition.
func anyOf[V ~string](values ...V) []any {
	return mapSlice(values, func(value V) any { return string(value) })
}
