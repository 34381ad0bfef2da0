package datafile

import (
	"fmt"
	"slices"
	"strings"
)

// RowError is a problem with one row. Reading can continue after it.
type RowError struct {
	Line    int
	Message string
}

// Error returns the message with the line number.
func (e *RowError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Message) }

func badRow(line int, format string, args ...any) *RowError {
	return &RowError{Line: line, Message: fmt.Sprintf(format, args...)}
}

// record is one row as text by column; a column that is missing or null is empty.
type record struct {
	line   int
	fields map[string]string
}

// records reads the rows of a file in one of the formats.
type records interface {
	// next returns the next row. Errors: [*RowError] for a bad row, io.EOF at the end, any other when the rest of the file
	// can't be read.
	next() (record, error)
	// unknown returns the columns seen so far that the layout does not have, in order of appearance.
	unknown() []string
}

// layout is the columns of a kind of file.
type layout struct {
	required []string
	optional []string
	text     []string // columns whose values may contain line breaks
}

func (l layout) has(column string) bool {
	return slices.Contains(l.required, column) || slices.Contains(l.optional, column)
}

// String lists the columns, optional ones in brackets.
func (l layout) String() string {
	names := slices.Clone(l.required)
	for _, name := range l.optional {
		names = append(names, "["+name+"]")
	}
	return strings.Join(names, ",")
}
