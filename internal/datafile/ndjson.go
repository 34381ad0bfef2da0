package datafile

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ndjsonRecords reads one JSON object per line; blank lines are skipped.
type ndjsonRecords struct {
	lines   *lineReader
	columns layout
	extra   []string
}

// maxUnknown bounds how many unknown columns are remembered.
const maxUnknown = 20

func (r *ndjsonRecords) unknown() []string { return r.extra }

func (r *ndjsonRecords) next() (record, error) {
	for {
		next, err := r.lines.next()
		if err != nil {
			return record{}, err
		}
		if err := next.check(); err != nil {
			return record{}, badRow(next.number, "%v", err)
		}
		if hasBareReturn(next.text) {
			return record{}, badRow(next.number, "%v", errBareReturn)
		}
		if len(bytes.TrimSpace(next.text)) == 0 {
			continue
		}
		return r.parse(next)
	}
}

// parse converts each value to its text in CSV.
func (r *ndjsonRecords) parse(next line) (record, error) {
	var values map[string]jsontext.Value
	if err := json.Unmarshal(next.text, &values); err != nil || values == nil {
		return record{}, badRow(next.number, "expected a JSON object, %s", jsonProblem(err))
	}
	row := record{line: next.number, fields: make(map[string]string, len(values))}
	for name, value := range values {
		if !r.columns.has(name) {
			if !slices.Contains(r.extra, name) && len(r.extra) < maxUnknown {
				r.extra = append(r.extra, name)
			}
			continue
		}
		text := string(value)
		switch {
		case text == "null":
			text = ""
		case value[0] == '"':
			if err := json.Unmarshal(value, &text); err != nil {
				return record{}, badRow(next.number, "%s: %s", name, jsonProblem(err))
			}
		}
		row.fields[name] = text
	}
	for _, name := range r.columns.required {
		if _, given := row.fields[name]; !given {
			return record{}, badRow(next.number, "missing %s; expected %s", name, r.columns)
		}
	}
	return row, nil
}

func jsonProblem(err error) string {
	if err == nil {
		return "but got null"
	}
	return fmt.Sprintf("but %v", err)
}
