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

// NewReader returns a reader of a file; it reads the header of CSV. Its errors concern the file as a whole.
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

// Next returns the next row and its line number. Errors: [*RowError] for a bad row, after which reading continues; io.EOF
// at the end; any other when the rest of the file can't be read.
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

// Unknown returns the columns seen so far that the kind does not have; they are ignored.
func (r *Reader[T]) Unknown() []string { return r.records.unknown() }
