package sqlite

import (
	"strings"
)

// table is where rows are inserted, with the columns that are given.
type table struct {
	name    string
	columns []string
}

// bulkText names a statement that inserts several rows at once.
type bulkText struct {
	table string
	rows  int
}

// insert adds rows, given as one flat list of values, with as few statements as possible.
func (w *work) insert(into *table, values []any) error {
	width := len(into.columns)
	for _, rows := range [...]int{32, 8, 2, 1} {
		for len(values) >= rows*width {
			if err := w.Write("insert into "+into.name, w.insertText(into, rows), values[:rows*width]...); err != nil {
				return err
			}
			values = values[rows*width:]
		}
	}
	return nil
}

// insertText returns the statement that inserts a number of rows. OR FAIL leaves out the journal that would take the
// first rows back when a later one fails: the transaction is given up then anyhow.
func (w *work) insertText(into *table, rows int) string {
	key := bulkText{table: into.name, rows: rows}
	text, found := w.texts[key]
	if !found {
		row := "(" + strings.TrimSuffix(strings.Repeat("?,", len(into.columns)), ",") + ")"
		text = "INSERT OR FAIL INTO " + into.name + " (" + strings.Join(into.columns, ", ") + ") VALUES " +
			strings.TrimSuffix(strings.Repeat(row+",", rows), ",")
		w.texts[key] = text
	}
	return text
}

// updateText returns a statement that sets columns of the row with a key.
func updateText(name, key string, columns ...string) string {
	return "UPDATE " + name + " SET " + strings.Join(columns, " = ?, ") + " = ? WHERE " + key + " = ?"
}
