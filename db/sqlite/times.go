package sqlite

import (
	"database/sql"
	"time"
)

// storedTime is a time as it is stored: milliseconds since 1970, nil for the zero time.
func storedTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

// earliestMilli is the first whole millisecond that is not before a time.
func earliestMilli(t time.Time) int64 {
	milli := t.UnixMilli()
	if time.UnixMilli(milli).Before(t) {
		milli++
	}
	return milli
}

func timeOf(stored sql.NullInt64) time.Time {
	if !stored.Valid {
		return time.Time{}
	}
	return time.UnixMilli(stored.Int64).UTC()
}
