package cloudtag

import "time"

// TimeResolution is the precision of every stored time: what all stores keep exactly.
const TimeResolution = time.Millisecond

// Clock tells the time, in UTC and truncated to [TimeResolution].
type Clock interface {
	Now() time.Time
}

// SystemClock is the machine's clock.
type SystemClock struct{}

// Now returns the current time in UTC, truncated to [TimeResolution].
func (SystemClock) Now() time.Time { return normalTime(time.Now()) }

// normalTime brings a time to the form that is stored: UTC, whole milliseconds, no monotonic reading.
func normalTime(t time.Time) time.Time { return t.UTC().Truncate(TimeResolution) }
