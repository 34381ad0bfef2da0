package sqlite

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"cloudtag/internal/store"
)

// statement builds the text of a statement and its arguments.
type statement struct {
	strings.Builder
	args []any
}

func (s *statement) add(text string, args ...any) {
	s.WriteString(text)
	s.args = append(s.args, args...)
}

// maxBranches bounds the values of one field whose records are each read in index order and merged. With more values, the
// matching records are sorted.
const maxBranches = 16

// listStatement selects one record more than the limit, which shows whether others follow.
func listStatement(query store.Query) (string, []any) {
	var s statement
	if !inBranches(query) {
		s.selectFrom(query, "record", query.AnyOf)
		s.order(query, query.Limit+1)
		return s.String(), s.args
	}
	columns := "record, id, " + quote(query.Sort)
	s.add("SELECT record FROM (")
	for n, value := range query.AnyOf {
		if n > 0 {
			s.add(" UNION ALL ")
		}
		s.add("SELECT * FROM (")
		s.selectFrom(query, columns, []any{value})
		s.order(query, query.Limit+1)
		s.add(")")
	}
	s.add(")")
	s.order(query, query.Limit+1)
	return s.String(), s.args
}

// inBranches reports whether the records of each value of AnyOf are a range of the index in the query's order.
func inBranches(query store.Query) bool {
	if len(query.AnyOf) < 2 || len(query.AnyOf) > maxBranches {
		return false
	}
	fields := query.Kind.Index(query.Index).Fields
	behind := len(query.Equal) + 1
	return behind == len(fields)-1 && fields[behind] == query.Sort
}

func countStatement(query store.Query) (string, []any) {
	var s statement
	s.add("SELECT count(*) FROM (")
	s.selectFrom(query, "1", query.AnyOf)
	s.add(" LIMIT ?)", int64(query.Limit))
	return s.String(), s.args
}

// selectFrom names the index: without statistics of the data SQLite does not always choose the right one.
func (s *statement) selectFrom(query store.Query, columns string, anyOf []any) {
	s.add("SELECT " + columns + " FROM " + quote(query.Kind.Name))
	name, fields := "sqlite_autoindex_"+query.Kind.Name+"_1", []string(nil) // of the primary key
	if query.Index != "" {
		index := query.Kind.Index(query.Index)
		name, fields = indexName(query.Kind, index), index.Fields
	}
	s.add(" INDEXED BY " + quote(name) + " WHERE 1")
	for n, name := range fields {
		switch {
		case n < len(query.Equal):
			s.add(" AND "+quote(name)+" = ?", query.Equal[n])
		case n == len(query.Equal) && len(anyOf) > 0:
			s.in(name, anyOf)
		default:
			if field, _ := query.Kind.Field(name); field.Optional {
				s.add(" AND " + quote(name) + " IS NOT NULL")
			}
		}
	}
	s.bound(query, ">", query.Above)
	s.bound(query, "<", query.Below)
	for _, where := range query.Where {
		if len(where.AnyOf) > 0 {
			s.in(where.Field, where.AnyOf)
		}
		if where.From != nil {
			s.add(" AND "+quote(where.Field)+" >= ?", where.From)
		}
		if where.To != nil {
			s.add(" AND "+quote(where.Field)+" < ?", where.To)
		}
	}
}

// in selects by values. Few values have a parameter each; any number more share one, so that there are few different
// statements.
func (s *statement) in(name string, values []any) {
	if len(values) > maxBranches {
		s.add(" AND "+quote(name)+" IN (SELECT value FROM json_each(?))", jsonList(values))
		return
	}
	s.add(fmt.Sprintf(" AND %s IN (%s)", quote(name), marks(len(values))), values...)
}

// jsonList encodes strings and numbers for json_each.
func jsonList(values []any) string {
	encoded, err := json.Marshal(values)
	if err != nil {
		panic(err) // strings and numbers always have an encoding
	}
	return string(encoded)
}

func marks(count int) string { return strings.TrimSuffix(strings.Repeat("?, ", count), ", ") }

func (s *statement) bound(query store.Query, comparison string, position *store.Position) {
	switch {
	case position == nil:
	case query.Sort == "":
		s.add(" AND id "+comparison+" ?", position.ID)
	default:
		s.add(fmt.Sprintf(" AND (%s, id) %s (?, ?)", quote(query.Sort), comparison), position.Key, position.ID)
	}
}

func (s *statement) order(query store.Query, limit int) {
	fields := []string{"id"}
	if query.Sort != "" {
		fields = slices.Insert(fields, 0, quote(query.Sort))
	}
	direction := ""
	if query.Descending {
		direction = " DESC"
	}
	s.add(" ORDER BY "+strings.Join(fields, direction+", ")+direction+" LIMIT ?", int64(limit))
}
