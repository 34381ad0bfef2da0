package cloudtag_test

import (
	"testing"
	"time"
	_ "time/tzdata" // so that the tests do not depend on the machine's zones

	. "cloudtag/internal/cloudtag"
)

func calendarOf(t *testing.T, zone string) Calendar {
	t.Helper()
	location, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return NewCalendar(location)
}

// The expected days follow from the laws of the zones.
func TestDaysWhenClocksChange(t *testing.T) {
	for _, c := range []struct {
		zone, at, name, start string
		hours                 float64
	}{
		{"Asia/Shanghai", "2026-06-03T15:59:59.999Z", "2026-06-03", "2026-06-02T16:00:00Z", 24},
		{"Asia/Shanghai", "2026-06-03T16:00:00Z", "2026-06-04", "2026-06-03T16:00:00Z", 24},
		{"UTC", "2026-06-03T23:59:59Z", "2026-06-03", "2026-06-03T00:00:00Z", 24},
		// At two o'clock clocks go forward, and back.
		{"America/New_York", "2026-03-08T05:00:00Z", "2026-03-08", "2026-03-08T05:00:00Z", 23},
		{"America/New_York", "2026-03-09T03:59:59Z", "2026-03-08", "2026-03-08T05:00:00Z", 23},
		{"America/New_York", "2026-03-09T04:00:00Z", "2026-03-09", "2026-03-09T04:00:00Z", 24},
		{"America/New_York", "2026-11-01T12:00:00Z", "2026-11-01", "2026-11-01T04:00:00Z", 25},
		{"America/New_York", "2026-11-02T05:00:00Z", "2026-11-02", "2026-11-02T05:00:00Z", 24},
		// Midnight is skipped: the day starts at one o'clock.
		{"America/Sao_Paulo", "2018-11-04T12:00:00Z", "2018-11-04", "2018-11-04T03:00:00Z", 23},
		// At midnight clocks go back to eleven of the day before, which has 25 hours.
		{"America/Sao_Paulo", "2018-02-18T02:30:00Z", "2018-02-17", "2018-02-17T02:00:00Z", 25},
		{"America/Sao_Paulo", "2018-02-18T12:00:00Z", "2018-02-18", "2018-02-18T03:00:00Z", 24},
		// At one o'clock clocks go back to midnight, which happens twice.
		{"America/Havana", "2026-11-01T12:00:00Z", "2026-11-01", "2026-11-01T04:00:00Z", 25},
		// At ten in the evening before, clocks go forward, when the day has begun in UTC.
		{"America/Nuuk", "2019-03-31T12:00:00Z", "2019-03-31", "2019-03-31T02:00:00Z", 24},
		// By half an hour.
		{"Australia/Lord_Howe", "2026-04-05T02:00:00Z", "2026-04-05", "2026-04-04T13:00:00Z", 24.5},
		// Samoa skipped the 30th.
		{"Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29", "2011-12-29T10:00:00Z", 24},
		{"Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31", "2011-12-30T10:00:00Z", 24},
	} {
		calendar, at := calendarOf(t, c.zone), instant(t, c.at)
		if name := calendar.Name(at); name != c.name {
			t.Errorf("%s in %s: day %s, want %s", c.at, c.zone, name, c.name)
		}
		begins, ends := calendar.Start(at), calendar.Next(at)
		if !begins.Equal(instant(t, c.start)) || ends.Sub(begins).Hours() != c.hours {
			t.Errorf("%s in %s: from %s for %v hours, want from %s for %v", c.at, c.zone, begins, ends.Sub(begins).Hours(), c.start, c.hours)
		}
	}
}

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// In every zone days are contiguous, and a day contains exactly the instants with its name.
func TestDaysAreContiguousInEveryZone(t *testing.T) {
	for _, zone := range []string{
		"UTC", "Asia/Shanghai", "Asia/Kolkata", "America/New_York", "America/Sao_Paulo", "America/Havana", "Asia/Beirut", "Africa/Cairo",
		"Australia/Lord_Howe", "Pacific/Apia", "Pacific/Kiritimati", "Atlantic/Azores", "Asia/Tehran", "Pacific/Chatham",
	} {
		calendar := calendarOf(t, zone)
		for at, last := calendar.Start(instant(t, "2005-01-01T00:00:00Z")), instant(t, "2031-01-01T00:00:00Z"); at.Before(last); {
			next := calendar.Next(at)
			name := calendar.Name(at)
			switch hours := next.Sub(at).Hours(); {
			case hours < 22 || hours > 26:
				if hours != 0 || zone != "Pacific/Apia" {
					t.Fatalf("%s: %s has %v hours", zone, name, hours)
				}
			case calendar.Name(next.Add(-TimeResolution)) != name, calendar.Name(next) <= name, calendar.Name(at.Add(-TimeResolution)) >= name:
				t.Fatalf("%s: %s is from %s to %s", zone, name, at, next)
			case !calendar.Start(next.Add(-TimeResolution)).Equal(at), !calendar.Start(at.Add(5 * time.Hour)).Equal(at):
				t.Fatalf("%s: the middle and the end of %s are of another day", zone, name)
			}
			at = next
		}
		from := instant(t, "2026-03-01T00:00:00Z")
		if days := calendar.Days(from, from.Add(365*24*time.Hour)); len(days) < 365 || len(days) > 367 {
			t.Errorf("%s: %d days in a year", zone, len(days))
		}
	}
}
