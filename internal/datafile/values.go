package datafile

import (
	"strconv"
	"strings"
	"time"

	"cloudtag/internal/cloudtag"
)

// values takes a row's columns as what they stand for, and keeps the first fault.
type values struct {
	record
	err error
}

// fault notes what was expected of a column. The value is shown shortened: it may be anything.
func (v *values) fault(column, expected string) {
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

// time reads what [cloudtag.ParseTime] reads; an empty column is the zero time where it may be.
func (v *values) time(column string, optional bool) time.Time {
	text := v.fields[column]
	if text == "" && optional {
		return time.Time{}
	}
	at, err := cloudtag.ParseTime(text)
	if err != nil {
		v.fault(column, "a time such as 2026-01-31T12:00:00Z")
	}
	return at
}

func (v *values) integer(column string) int64 {
	number, err := strconv.ParseInt(v.fields[column], 10, 64)
	if err != nil {
		v.fault(column, "a whole number")
	}
	return number
}

func (v *values) truth(column string) bool {
	switch strings.ToLower(v.fields[column]) {
	case "true", "1":
		return true
	case "false", "0":
	default:
		v.fault(column, "true or false")
	}
	return false
}
