package cloudtag

import "time"

// TimeResolution is the precision of every stored time, which all stores preserve.
const TimeResolution = time.Millisecond

// Clock returns the current time, in UTC and truncated to [TimeResolution].
type Clock interface {
	Now() time.Time
}

// SystemClock is the system clock.
type SystemClock struct{}

// Now returns the current time in UTC, truncated to [TimeResolution].
func (SystemClock) Now() time.Time { return NormalTime(time.Now()) }

// NormalTime normalizes a time for storage: UTC, whole milliseconds, no monotonic reading.
func NormalTime(t time.Time) time.Time { return t.UTC().Truncate(TimeResolution) }
