package sqlite

import (
	"fmt"
	"strings"

	"cloudtag/internal/store"
)

// insert buffers rows of one table to insert several with one statement. It is reused across transactions.
type insert struct {
	table   string
	columns int
	texts   []string // by place in insertSizes
	args    []any
}

// newInsert prepares inserting rows that do not exist. OR FAIL spares SQLite the statement journal, which would undo the
// first rows of a statement if a later one fails: the transaction is rolled back then anyway.
func newInsert(table string, columns ...string) *insert {
	quoted := make([]string, len(columns))
	for i, column := range columns {
		quoted[i] = quote(column)
	}
	head := fmt.Sprintf("INSERT OR FAIL INTO %s (%s) VALUES ", quote(table), strings.Join(quoted, ", "))
	row := "(" + marks(len(columns)) + ")"
	i := &insert{table: table, columns: len(columns)}
	for _, size := range insertSizes() {
		i.texts = append(i.texts, head+strings.TrimSuffix(strings.Repeat(row+", ", size), ", "))
	}
	return i
}

func insertInto(kind *store.Kind) *insert { return newInsert(kind.Name, columnsOf(kind)...) }

func columnsOf(kind *store.Kind) []string {
	columns := []string{"id"}
	for _, field := range kind.Fields {
		columns = append(columns, field.Name)
	}
	if kind.Logged {
		columns = append(columns, "blocks")
	}
	return append(columns, "record")
}

// insertSizes are the numbers of rows for which there are statements.
func insertSizes() []int { return []int{32, 8, 2, 1} }

func (i *insert) add(s *state, values ...any) error {
	i.args = append(i.args, values...)
	return i.write(s, insertSizes()[:1])
}

// flush inserts the remaining rows.
func (i *insert) flush(s *state) error { return i.write(s, insertSizes()) }

// write inserts as many rows as fill statements of the given sizes.
func (i *insert) write(s *state, sizes []int) error {
	written := 0
	for n, size := range sizes {
		for len(i.args)-written >= size*i.columns {
			if err := s.Write("insert into "+i.table, i.texts[n], i.args[written:written+size*i.columns]...); err != nil {
				return err
			}
			written += size * i.columns
		}
	}
	if written > 0 {
		i.args = i.args[:copy(i.args, i.args[written:])]
	}
	return nil
}
