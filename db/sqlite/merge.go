package sqlite

import (
	"cmp"
	"database/sql"
	"math"
	"slices"

	"cloudtag/internal/cloudtag"
)

// span is a stretch of an ordered list; both ends are exclusive. Identifiers are never empty, so that a key with an
// empty identifier lies before everything with that key.
type span struct {
	lower, upper cloudtag.Position
}

func wholeSpan() span {
	return span{lower: cloudtag.Position{Key: math.MinInt64}, upper: cloudtag.Position{Key: math.MaxInt64}}
}

// atLeast narrows the span to keys from one on.
func (s *span) atLeast(key int64) { s.above(cloudtag.Position{Key: key}) }

// below narrows the span to keys less than one.
func (s *span) below(key int64) { s.under(cloudtag.Position{Key: key}) }

func (s *span) above(lower cloudtag.Position) {
	if comparePositions(lower, s.lower) > 0 {
		s.lower = lower
	}
}

func (s *span) under(upper cloudtag.Position) {
	if comparePositions(upper, s.upper) < 0 {
		s.upper = upper
	}
}

// contains reports whether a position lies in the span.
func (s span) contains(position cloudtag.Position) bool {
	return comparePositions(position, s.lower) > 0 && comparePositions(position, s.upper) < 0
}

func comparePositions(a, b cloudtag.Position) int {
	return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.ID, b.ID))
}

// sliceSpan returns the span of a slice of a list, and whether it is read from high to low.
func sliceSpan(slice cloudtag.Slice, descending bool) (sp span, desc bool) {
	sp = wholeSpan()
	first, last := slice.After, slice.Before
	if descending {
		first, last = last, first
	}
	if first != nil {
		sp.above(*first)
	}
	if last != nil {
		sp.under(*last)
	}
	return sp, descending != slice.Backward
}

// finish cuts a page that was read with one item more than the limit, and puts it into the list's order.
func finish[T any](items []T, slice cloudtag.Slice) ([]T, bool) {
	more := len(items) > slice.Limit
	if more {
		items = items[:slice.Limit]
	}
	if slice.Backward {
		slices.Reverse(items)
	}
	return items, more
}

// pageOf takes a page out of items in memory.
func pageOf[T any](items []T, position func(T) cloudtag.Position, descending bool, slice cloudtag.Slice) ([]T, bool) {
	sp, desc := sliceSpan(slice, descending)
	items = slices.DeleteFunc(items, func(item T) bool { return !sp.contains(position(item)) })
	slices.SortFunc(items, func(a, b T) int {
		if desc {
			a, b = b, a
		}
		return comparePositions(position(a), position(b))
	})
	return finish(items[:min(len(items), slice.Limit+1)], slice)
}

// walk reads one lane along an index, a few rows at a time.
type walk struct {
	source
	span  span
	shift int64 // the list's key less the column's
	rows  []cloudtag.Position
	ended bool
}

// source is where a walk reads.
type source struct {
	table, index string
	lead         []string // columns that are equal to leadValues
	leadValues   []any
	key, id      string
	present      bool   // the index holds only rows whose key is not NULL
	rest         string // a condition that the index does not serve
	restValues   []any
}

// text returns the statement that reads a piece of the walk: bounds are the parameters behind leadValues.
func (s source) text(desc bool) string {
	direction := ""
	if desc {
		direction = " DESC"
	}
	pair := "(" + s.key + ", " + s.id + ")"
	return "SELECT " + s.key + ", " + s.id + s.conditions(pair+" > (?, ?) AND "+pair+" < (?, ?)") +
		" ORDER BY " + s.key + direction + ", " + s.id + direction + " LIMIT ?"
}

// countText returns the statement that counts the rows of the walk up to a limit. Bounds are keys alone: comparing
// pairs makes a row cost three times as much.
func (s source) countText() string {
	return "SELECT count(*) FROM (SELECT 1" + s.conditions(s.key+" >= ? AND "+s.key+" < ?") + " LIMIT ?)"
}

func (s source) conditions(bounds string) string {
	text := " FROM " + s.table + " INDEXED BY " + s.index + " WHERE "
	for _, column := range s.lead {
		text += column + " = ? AND "
	}
	text += bounds
	if s.present {
		text += " AND " + s.key + " IS NOT NULL"
	}
	if s.rest != "" {
		text += " AND " + s.rest
	}
	return text
}

// args returns the parameters for bounds.
func (s source) args(limit int, bounds ...any) []any {
	args := make([]any, 0, len(s.leadValues)+len(bounds)+len(s.restValues)+1)
	args = append(args, s.leadValues...)
	args = append(args, bounds...)
	args = append(args, s.restValues...)
	return append(args, int64(limit))
}

// shifted moves a bound from the list's keys to the column's, without overflow.
func shifted(position cloudtag.Position, by int64) cloudtag.Position {
	if position.Key != math.MinInt64 && position.Key != math.MaxInt64 {
		position.Key -= by
	}
	return position
}

// fill reads the next rows of the walk.
func (w *walk) fill(q querier, desc bool, limit int) error {
	column := span{lower: shifted(w.span.lower, w.shift), upper: shifted(w.span.upper, w.shift)}
	args := w.args(limit, column.lower.Key, column.lower.ID, column.upper.Key, column.upper.ID)
	err := q.Each(w.text(desc), args, func(rows *sql.Rows) error {
		var position cloudtag.Position
		err := rows.Scan(&position.Key, &position.ID)
		position.Key += w.shift
		w.rows = append(w.rows, position)
		return err
	})
	if err != nil {
		return err
	}
	if w.ended = len(w.rows) < limit; w.ended {
		return nil
	}
	if last := w.rows[len(w.rows)-1]; desc {
		w.span.upper = last
	} else {
		w.span.lower = last
	}
	return nil
}

// mergeWalks returns the first positions of all walks together, up to limit, in the direction of reading.
func mergeWalks(q querier, walks []*walk, desc bool, limit int) ([]cloudtag.Position, error) {
	piece := limit
	if len(walks) > 1 {
		piece = min(limit, max(4, 2*limit/len(walks)))
	}
	var merged []cloudtag.Position
	for len(merged) < limit {
		var nearest *walk
		for _, w := range walks {
			if len(w.rows) == 0 && !w.ended {
				if err := w.fill(q, desc, piece); err != nil {
					return nil, err
				}
			}
			if len(w.rows) == 0 {
				continue
			}
			if nearest == nil || comparePositions(w.rows[0], nearest.rows[0]) < 0 != desc {
				nearest = w
			}
		}
		if nearest == nil {
			break
		}
		merged = append(merged, nearest.rows[0])
		nearest.rows = nearest.rows[1:]
	}
	return merged, nil
}

// countWalks counts the rows of all walks together, up to limit. The walks' bounds are keys, no positions.
func countWalks(q querier, walks []*walk, limit int) (count int, err error) {
	for _, w := range walks {
		var found int
		args := w.args(limit-count, shifted(w.span.lower, w.shift).Key, shifted(w.span.upper, w.shift).Key)
		if err := q.One(w.countText(), args, &found); err != nil {
			return 0, err
		}
		if count += found; count >= limit {
			return limit, nil
		}
	}
	return count, nil
}
