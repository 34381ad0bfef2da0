package cloudtag

import (
	"strings"
	"time"
)

// The range of years, in UTC, of times from outside, which every store and every client supports.
const (
	MinYear = 1970
	MaxYear = 9999
)

// ValidTime reports whether a time from outside is in the supported range.
func ValidTime(t time.Time) bool { return t.UTC().Year() >= MinYear && t.UTC().Year() <= MaxYear }

// ParseTime parses a time from outside: RFC 3339 with any offset, in the years 1970 to 9999 in UTC. It returns it in UTC,
// truncated to [TimeResolution]. BAD_USER_INPUT for anything else.
func ParseTime(text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || !strictRFC3339(text) || !ValidTime(t) {
		return time.Time{}, Refuse(CodeBadInput, Text{
			ZH: "须为 RFC 3339 时间，UTC 年份为 1970 至 9999，例如 2026-05-04T03:02:01Z。",
			EN: "must be a time in RFC 3339, of the years 1970 to 9999 in UTC, such as 2026-05-04T03:02:01Z.",
		})
	}
	return NormalTime(t), nil
}

// strictRFC3339 rejects what [time.Parse] accepts beyond RFC 3339: hours of one digit, commas, and offsets of a day or more.
func strictRFC3339(text string) bool {
	hour, offset := text[len("2006-01-02T"):], text[len(text)-len("07:00"):]
	return hour[2] == ':' && !strings.Contains(text, ",") && (strings.HasSuffix(text, "Z") || offset[:2] < "24" && offset[3:] < "60")
}

// later returns the later one of two moments.
func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
