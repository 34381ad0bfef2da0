package datafile

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Writer writes rows of a table to one file, through a small buffer.
type Writer[T any] struct {
	table Table[T]
	out   *bufio.Writer
	csv   *csv.Writer // nil for NDJSON
	cells []string
}

// Table is the columns of a file, in order.
type Table[T any] []Column[T]

// Column is one value of a row: nil (empty), a string, []string, an int, an int64, a bool, a time.Time (RFC 3339; the zero
// time is empty) or a json.RawMessage. In CSV texts are escaped against formula injection; NDJSON has them as they are.
type Column[T any] struct {
	Name  string
	Value func(T) any
}

// NewWriter starts a file; it writes the header of CSV.
func NewWriter[T any](out io.Writer, format Format, table Table[T]) (*Writer[T], error) {
	w := &Writer[T]{table: table, out: bufio.NewWriterSize(out, 64<<10), cells: make([]string, len(table))}
	switch format {
	case NDJSON:
		return w, nil
	case CSV:
		w.csv = csv.NewWriter(w.out)
		for i, column := range table {
			w.cells[i] = column.Name
		}
		return w, w.csv.Write(w.cells)
	default:
		return nil, fmt.Errorf("format: expected csv or ndjson, but got %q", format)
	}
}

// Write writes a row.
func (w *Writer[T]) Write(row T) error {
	if w.csv == nil {
		return w.writeObject(row)
	}
	for i, column := range w.table {
		w.cells[i] = cell(column.Value(row))
	}
	return w.csv.Write(w.cells)
}

// Flush writes the buffer to the underlying writer.
func (w *Writer[T]) Flush() error {
	if w.csv != nil {
		w.csv.Flush()
		if err := w.csv.Error(); err != nil {
			return err
		}
	}
	return w.out.Flush()
}

// cell formats a value for CSV.
func cell(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return escapeFormula(value)
	case []string:
		return escapeFormula(strings.Join(value, " "))
	case int:
		return strconv.Itoa(value)
	case int64:
		return strconv.FormatInt(value, 10)
	case bool:
		return strconv.FormatBool(value)
	case time.Time:
		if value.IsZero() {
			return ""
		}
		return timeText(value)
	case json.RawMessage:
		return escapeFormula(string(value))
	default:
		panic(fmt.Sprintf("datafile: a column of type %T", value))
	}
}

// writeObject writes a row as one line of JSON, its columns in order.
func (w *Writer[T]) writeObject(row T) error {
	separator := byte('{')
	for _, column := range w.table {
		value, err := json.Marshal(jsonValue(column.Value(row)))
		if err != nil {
			return fmt.Errorf("column %s: %w", column.Name, err)
		}
		// After a failed write a bufio.Writer fails all others, so that checking the last one is enough.
		_ = w.out.WriteByte(separator)
		_, _ = w.out.WriteString(strconv.Quote(column.Name))
		_ = w.out.WriteByte(':')
		_, _ = w.out.Write(value)
		separator = ','
	}
	_, err := w.out.WriteString("}\n")
	return err
}

// jsonValue converts a value for NDJSON.
func jsonValue(value any) any {
	switch value := value.(type) {
	case time.Time:
		if value.IsZero() {
			return nil
		}
		return timeText(value)
	case []string:
		if value == nil {
			return []string{}
		}
	}
	return value
}

// timeText formats a time with the precision of stored times.
func timeText(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z07:00") }
