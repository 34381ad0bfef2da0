package sqlite

import (
	"fmt"
	"strings"

	"cloudtag/internal/store"
)

// insert gathers rows of one table, so that many are inserted by one statement. It is used again and again.
type insert struct {
	table   string
	columns int
	texts   []string // for each of insertSizes
	args    []any
}

// newInsert inserts rows that there are not. OR FAIL leaves out the journal that would take the first rows of a statement
// back when a later one fails: the transaction is given up then anyhow.
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

// The numbers of rows that there are statements for.
func insertSizes() []int { return []int{32, 8, 2, 1} }

func (i *insert) add(w *work, values ...any) error {
	i.args = append(i.args, values...)
	return i.write(w, insertSizes()[:1])
}

// flush inserts what is left.
func (i *insert) flush(w *work) error { return i.write(w, insertSizes()) }

// write inserts what statements of some sizes can.
func (i *insert) write(w *work, sizes []int) error {
	written := 0
	for n, size := range sizes {
		for len(i.args)-written >= size*i.columns {
			if err := w.Write("insert into "+i.table, i.texts[n], i.args[written:written+size*i.columns]...); err != nil {
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
