package sqlite

import (
	"fmt"
	"strings"

	"cloudtag/internal/store"
)

// insert gathers rows of one table, so that many are inserted by one statement.
type insert struct {
	table   string
	head    string
	columns int
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
	return &insert{table: table, head: head, columns: len(columns)}
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
	if most := insertSizes()[0]; len(i.args) == most*i.columns {
		return i.write(w, most)
	}
	return nil
}

// flush inserts what is left.
func (i *insert) flush(w *work) error {
	for _, size := range insertSizes() {
		for len(i.args) >= size*i.columns {
			if err := i.write(w, size); err != nil {
				return err
			}
		}
	}
	return nil
}

func (i *insert) write(w *work, rows int) error {
	row := "(" + marks(i.columns) + ")"
	text := i.head + strings.TrimSuffix(strings.Repeat(row+", ", rows), ", ")
	err := w.Write("insert into "+i.table, text, i.args[:rows*i.columns]...)
	i.args = append(i.args[:0], i.args[rows*i.columns:]...)
	return err
}
