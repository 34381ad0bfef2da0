package sqliteengine

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
	behind  string
	args    []any
}

func newInsert(table string, columns ...string) *insert {
	quoted := make([]string, len(columns))
	for i, column := range columns {
		quoted[i] = quote(column)
	}
	head := fmt.Sprintf("INSERT INTO %s (%s) VALUES ", quote(table), strings.Join(quoted, ", "))
	return &insert{table: table, head: head, columns: len(columns)}
}

// insertInto inserts records of a kind. One that is there already, since nobody has read whether it is, is replaced.
func insertInto(kind *store.Kind) *insert {
	columns := []string{"id"}
	for _, field := range kind.Fields {
		columns = append(columns, field.Name)
	}
	columns = append(columns, "record")
	rows := newInsert(kind.Name, columns...)
	sets := make([]string, len(columns)-1)
	for i, column := range columns[1:] {
		sets[i] = quote(column) + " = excluded." + quote(column)
	}
	rows.behind = " ON CONFLICT (id) DO UPDATE SET " + strings.Join(sets, ", ")
	return rows
}

// The numbers of rows that there are statements for.
func insertSizes() []int { return []int{32, 8, 1} }

func (i *insert) add(w *work, values []any) error {
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
	text := i.head + strings.TrimSuffix(strings.Repeat(row+", ", rows), ", ") + i.behind
	err := w.Write("insert into "+i.table, text, i.args[:rows*i.columns]...)
	i.args = append(i.args[:0], i.args[rows*i.columns:]...)
	return err
}
