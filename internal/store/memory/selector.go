package memory

import (
	"slices"

	"cloudtag/internal/store"
)

// selector matches the records that a query selects.
type selector struct {
	query  store.Query
	fields []int // of the index
	sort   int   // the field that the query is sorted by; -1: the identifier
}

func newSelector(query store.Query) selector {
	s := selector{query: query, sort: -1}
	if query.Index != "" {
		for _, name := range query.Kind.Index(query.Index).Fields {
			_, place := query.Kind.Field(name)
			s.fields = append(s.fields, place)
		}
	}
	if query.Sort != "" {
		_, s.sort = query.Kind.Field(query.Sort)
	}
	return s
}

func (s selector) position(r record) store.Position {
	if s.sort < 0 {
		return store.Position{ID: r.id}
	}
	return store.Position{Key: r.values[s.sort], ID: r.id}
}

func (s selector) matches(r record) bool {
	for n, field := range s.fields {
		value := r.values[field]
		if value == nil {
			return false // not in the index
		}
		if n < len(s.query.Equal) && value != s.query.Equal[n] {
			return false
		}
		if n == len(s.query.Equal) && len(s.query.AnyOf) > 0 && !slices.Contains(s.query.AnyOf, value) {
			return false
		}
	}
	return s.query.Contains(s.position(r)) && !slices.ContainsFunc(s.query.Where, func(where store.Condition) bool {
		_, place := s.query.Kind.Field(where.Field)
		return !isMet(where, r.values[place])
	})
}

// isMet reports whether a value meets a condition.
func isMet(where store.Condition, value any) bool {
	return value != nil && (len(where.AnyOf) == 0 || slices.Contains(where.AnyOf, value)) &&
		(where.From == nil || store.CompareKeys(value, where.From) >= 0) &&
		(where.To == nil || store.CompareKeys(value, where.To) < 0)
}
