package cloudtag

import "time"

// Calendar says which moments are one day: that of the platform's time zone, which people who work there call today. A
// day has 24 hours but where the zone changes its clocks: 23 or 25 then, or another length.
type Calendar struct{ zone *time.Location }

// NewCalendar returns the calendar of a zone.
func NewCalendar(zone *time.Location) Calendar { return Calendar{zone} }

// Zone is the name of the zone, as the IANA database has it.
func (c Calendar) Zone() string { return c.zone.String() }

// Name names the day of a moment, as 2006-01-02.
func (c Calendar) Name(at time.Time) string { return at.In(c.zone).Format(time.DateOnly) }

// Start is the first moment of a moment's day, in UTC.
func (c Calendar) Start(at time.Time) time.Time {
	year, month, day := at.In(c.zone).Date()
	return c.startOf(year, month, day)
}

// Next is the first moment of the day behind a moment's, in UTC: where that one ends.
func (c Calendar) Next(at time.Time) time.Time {
	year, month, day := at.In(c.zone).Date()
	return c.startOf(year, month, day+1)
}

// startOf is the first moment of a day. Midnight may be skipped when clocks go forward, and happen twice when they go back,
// so that it is looked for with the distances from UTC that the zone has before and after. A day that a zone never had (it
// crossed the date line) begins where the one behind it does.
func (c Calendar) startOf(year int, month time.Month, day int) time.Time {
	midnight := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	_, before := midnight.Add(-36 * time.Hour).In(c.zone).Zone()
	_, after := midnight.Add(36 * time.Hour).In(c.zone).Zone()
	name := midnight.Format(time.DateOnly)
	// The larger distance is the earlier moment.
	for _, distance := range []int{max(before, after), min(before, after)} {
		if start := midnight.Add(-time.Duration(distance) * time.Second); c.Name(start) >= name {
			return start
		}
	}
	return time.Date(year, month, day, 0, 0, 0, 0, c.zone).UTC()
}

// Days are the first moments of the days that hold two moments, and of those between.
func (c Calendar) Days(from, to time.Time) []time.Time {
	var days []time.Time
	for at := c.Start(from); !at.After(to); at = c.Next(at) {
		days = append(days, at)
	}
	return days
}
