package cloudtag

import "time"

// Calendar divides time into the days of the platform's time zone. A day has 24 hours except where the zone changes its
// offset: 23 or 25 then, or another length.
type Calendar struct{ zone *time.Location }

// NewCalendar returns the calendar of a zone.
func NewCalendar(zone *time.Location) Calendar { return Calendar{zone} }

// Zone is the zone's name in the IANA database.
func (c Calendar) Zone() string { return c.zone.String() }

// Name is the day of an instant, such as 2006-01-02.
func (c Calendar) Name(at time.Time) string { return at.In(c.zone).Format(time.DateOnly) }

// Start is the first instant of an instant's day, in UTC.
func (c Calendar) Start(at time.Time) time.Time {
	year, month, day := at.In(c.zone).Date()
	return c.startOf(year, month, day)
}

// Next is the first instant of the following day, in UTC.
func (c Calendar) Next(at time.Time) time.Time {
	year, month, day := at.In(c.zone).Date()
	return c.startOf(year, month, day+1)
}

// startOf is the first instant of a day. Midnight may be skipped when clocks go forward, and occur twice when they go back,
// so that both offsets from UTC, before and after the day's start, are tried. A day that a zone skipped (it crossed the
// date line) starts when the following day does.
func (c Calendar) startOf(year int, month time.Month, day int) time.Time {
	midnight := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	_, before := midnight.Add(-36 * time.Hour).In(c.zone).Zone()
	_, after := midnight.Add(36 * time.Hour).In(c.zone).Zone()
	name := midnight.Format(time.DateOnly)
	// The larger offset is the earlier instant.
	for _, offset := range []int{max(before, after), min(before, after)} {
		if start := midnight.Add(-time.Duration(offset) * time.Second); c.Name(start) >= name {
			return start
		}
	}
	return time.Date(year, month, day, 0, 0, 0, 0, c.zone).UTC()
}

// Days returns the first instants of the days from one instant's to another's, inclusive.
func (c Calendar) Days(from, to time.Time) []time.Time {
	var days []time.Time
	for at := c.Start(from); !at.After(to); at = c.Next(at) {
		days = append(days, at)
	}
	return days
}
