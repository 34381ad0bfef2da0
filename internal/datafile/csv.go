package datafile

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// csvRecords reads RFC 4180 CSV whose first row names the columns, in any order.
//
// Rows are split before they are parsed: a row ends at the first line break outside of quotes. When a row of several
// lines is bad, only its first line is skipped and reading resumes at the second: a stray quote would otherwise swallow
// good rows silently.
type csvRecords struct {
	lines  *lineReader
	layout layout
	header []string
	extra  []string
}

// newCSVRecords reads the header. An error says which columns it lacks.
func newCSVRecords(lines *lineReader, columns layout) (*csvRecords, error) {
	r := &csvRecords{lines: lines, layout: columns}
	header, _, err := r.fields()
	var bad *RowError
	switch {
	case errors.Is(err, io.EOF):
		return nil, fmt.Errorf("expected a header with the columns %s, but the file is empty", strings.Join(columns.required, ","))
	case errors.As(err, &bad):
		return nil, fmt.Errorf("header: %s", bad.Message)
	case err != nil:
		return nil, err
	}
	for i, name := range header {
		header[i] = strings.ToLower(strings.TrimSpace(name))
		if slices.Contains(header[:i], header[i]) {
			return nil, fmt.Errorf("header: the column %q occurs twice", header[i])
		}
		if !columns.has(header[i]) {
			r.extra = append(r.extra, header[i])
		}
	}
	var missing []string
	for _, name := range columns.required {
		if !slices.Contains(header, name) {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("header: missing columns %s; expected %s", strings.Join(missing, ","), columns)
	}
	r.header = header
	return r, nil
}

func (r *csvRecords) unknown() []string { return r.extra }

func (r *csvRecords) next() (record, error) {
	fields, number, err := r.fields()
	if err != nil {
		return record{}, err
	}
	row := record{line: number, fields: make(map[string]string, len(fields))}
	for i, value := range fields {
		row.fields[r.header[i]] = unescapeFormula(value)
	}
	return row, nil
}

// fields returns the next row that is not blank, with the number of its first line.
func (r *csvRecords) fields() ([]string, int, error) {
	for {
		lines, err := r.rowLines()
		if err != nil {
			return nil, 0, err
		}
		fields, err := r.parse(lines)
		if err != nil {
			r.lines.unread(lines[1:])
			return nil, 0, badRow(lines[0].number, "%v", err)
		}
		if fields != nil {
			return fields, lines[0].number, nil
		}
	}
}

// rowLines returns the lines of the next row: up to the first at whose end no quote is open.
func (r *csvRecords) rowLines() ([]line, error) {
	var lines []line
	quotes, size := 0, 0
	for {
		next, err := r.lines.next()
		switch {
		case errors.Is(err, io.EOF) && len(lines) > 0:
			return lines, nil
		case err != nil:
			return nil, err
		}
		lines = append(lines, next)
		quotes += bytes.Count(next.text, []byte{'"'})
		size += len(next.text)
		if quotes%2 == 0 || next.text == nil || size > maxRecord {
			return lines, nil
		}
	}
}

// unquoted returns the parts of a row outside of quotes: every other part between them.
func unquoted(text []byte) []byte {
	var outside []byte
	for i, part := range bytes.Split(text, []byte{'"'}) {
		if i%2 == 0 {
			outside = append(outside, part...)
		}
	}
	return outside
}

// doubleReturns doubles the carriage returns before line breaks within quotes, since encoding/csv removes one of each.
func doubleReturns(text []byte) []byte {
	end := len(bytes.TrimRight(text, "\r\n"))
	return append(bytes.ReplaceAll(text[:end], []byte("\r\n"), []byte("\r\r\n")), text[end:]...)
}

// parse splits a row into its fields. It returns nil for a line of blanks and commas, as spreadsheets leave below a table.
func (r *csvRecords) parse(lines []line) ([]string, error) {
	var text []byte
	for _, l := range lines {
		if err := l.check(); err != nil {
			return nil, err
		}
		if len(text)+len(l.text) > maxRecord {
			return nil, fmt.Errorf("expected rows of at most %d bytes, but this one is longer (or has a quote that is not closed)", maxRecord)
		}
		text = append(text, l.text...)
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, nil
	}
	if hasBareReturn(text) && hasBareReturn(unquoted(text)) {
		return nil, errBareReturn
	}
	parser := csv.NewReader(bytes.NewReader(doubleReturns(text)))
	parser.FieldsPerRecord = -1
	fields, err := parser.Read()
	var bad *csv.ParseError
	switch {
	case errors.As(err, &bad):
		return nil, fmt.Errorf("column %d: %w", bad.Column, bad.Err)
	case err != nil:
		return nil, err
	case !slices.ContainsFunc(fields, func(field string) bool { return strings.TrimSpace(field) != "" }):
		return nil, nil
	case r.header != nil && len(fields) != len(r.header):
		return nil, fmt.Errorf("expected %d fields, as the header has, but got %d", len(r.header), len(fields))
	}
	if len(lines) > 1 {
		return fields, r.checkBreaks(lines, fields)
	}
	return fields, nil
}

// checkBreaks rejects a row whose quotes may have swallowed others: it has a line break in a column that can't have one,
// or consists of lines that look like rows themselves.
func (r *csvRecords) checkBreaks(lines []line, fields []string) error {
	for i, field := range fields {
		if strings.Contains(field, "\n") && (r.header == nil || !slices.Contains(r.layout.text, r.header[i])) {
			return fmt.Errorf("column %d: expected no line break; is a quote not closed?", i+1)
		}
	}
	last := len(lines) - 1
	if r.likeRow(lines[0]) && r.likeRow(lines[last]) || slices.ContainsFunc(lines[1:last], r.likeRow) {
		return fmt.Errorf("expected one row, but its quotes span lines up to %d that look like rows themselves (use NDJSON if they are text)", lines[last].number)
	}
	return nil
}

// likeRow reports whether a line has enough commas for a row.
func (r *csvRecords) likeRow(l line) bool { return bytes.Count(l.text, []byte{','}) >= len(r.header)-1 }
