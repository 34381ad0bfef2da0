package mongo

import "time"

// storedTime is a time as it is stored: none for the zero time.
func storedTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func timeOf(stored *time.Time) time.Time {
	if stored == nil {
		return time.Time{}
	}
	return stored.UTC()
}

// nextMilli is the first whole millisecond that is not before a time: what is stored is compared with that.
func nextMilli(t time.Time) time.Time {
	return time.UnixMilli(t.Add(time.Millisecond - time.Nanosecond).UnixMilli()).UTC()
}
