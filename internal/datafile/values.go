package datafile

import (
	"strconv"
	"strings"
	"time"

	"cloudtag/internal/cloudtag"
)

// values parses a row's columns, and keeps the first error.
type values struct {
	record
	err error
}

// fail records a column's error, unless there was one before. The value, which may be anything, is shortened.
func (v *values) fail(column, expected string) {
	if v.err != nil {
		return
	}
	shown := v.fields[column]
	if len(shown) > 40 {
		shown = strings.ToValidUTF8(shown[:40], "") + "…"
	}
	v.err = badRow(v.line, "%s: expected %s, but got %q", column, expected, shown)
}

func (v *values) text(column string) string { return v.fields[column] }

// time parses a time by [cloudtag.ParseTime]; an empty optional column is the zero time.
func (v *values) time(column string, optional bool) time.Time {
	text := v.fields[column]
	if text == "" && optional {
		return time.Time{}
	}
	at, err := cloudtag.ParseTime(text)
	if err != nil {
		v.fail(column, "a time such as 2026-01-31T12:00:00Z")
	}
	return at
}

func (v *values) integer(column string) int64 {
	number, err := strconv.ParseInt(v.fields[column], 10, 64)
	if err != nil {
		v.fail(column, "a whole number")
	}
	return number
}

func (v *values) boolean(column string) bool {
	switch strings.ToLower(v.fields[column]) {
	case "true", "1":
		return true
	case "false", "0":
	default:
		v.fail(column, "true or false")
	}
	return false
}
