package datafile

import (
	"fmt"
)

// RowError says what is wrong with one row. Reading goes on after it.
type RowError struct {
	Line    int
	Message string
}

// Error names the line.
func (e *RowError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Message) }

func badRow(line int, format string, args ...any) *RowError {
	return &RowError{Line: line, Message: fmt.Sprintf(format, args...)}
}

// record is one row as texts by column; a column that is missing or null is an empty text.
type record struct {
	line   int
	fields map[string]string
}

// records reads the rows of a file in one of the forms.
type records interface {
	// next returns the next row, [*RowError] for a bad one, io.EOF at the end, and any other error when the
	// file can't be read on.
	next() (record, error)
	// unknown returns the columns seen so far that the layout does not have, in order of appearance.
	unknown() []string
}

// layout is the columns of a kind of file.
type layout struct {
	required []string
	optional []string
	text     []string // those that may have line breaks
}

func (l layout) has(column string) bool {
	for _, list := range [][]string{l.required, l.optional} {
		for _, name := range list {
			if name == column {
				return true
			}
		}
	}
	return false
}
