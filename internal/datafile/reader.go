package datafile

import (
	"fmt"
	"io"
)

// Reader reads the rows of one file of a kind.
type Reader[T any] struct {
	kind    Kind[T]
	records records
}

// NewReader begins to read a file; of CSV it reads the header. Errors say what is wrong with the file as a whole.
func NewReader[T any](in io.Reader, format Format, kind Kind[T]) (*Reader[T], error) {
	lines := newLineReader(in)
	switch format {
	case CSV:
		records, err := newCSVRecords(lines, kind.columns)
		if err != nil {
			return nil, err
		}
		return &Reader[T]{kind: kind, records: records}, nil
	case NDJSON:
		return &Reader[T]{kind: kind, records: &ndjsonRecords{lines: lines, columns: kind.columns}}, nil
	default:
		return nil, fmt.Errorf("format: expected csv or ndjson, but got %q", format)
	}
}

// Next returns the next row and its line. Errors: [*RowError] for a bad row, after which reading goes on; io.EOF at
// the end; any other when the file can't be read on.
func (r *Reader[T]) Next() (row T, line int, err error) {
	next, err := r.records.next()
	if err != nil {
		return row, 0, err
	}
	values := &values{record: next}
	row = r.kind.parse(values)
	if values.err != nil {
		return row, 0, values.err
	}
	return row, next.line, nil
}

// Unknown returns the columns read so far that the kind does not know; they are ignored.
func (r *Reader[T]) Unknown() []string { return r.records.unknown() }
