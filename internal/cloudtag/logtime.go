package cloudtag

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// The log is ordered by when it was told, which is nearly the order of its entries' times, but for history that was
// imported. What [Metrics] keeps of each day says between which numbers its entries are, so that a look at some days
// needs no index over the times of all entries: it reads the stretches where they can be and leaves out the others.

// Times bounds entries by their time: from inclusive, to exclusive.
type Times struct{ From, To time.Time }

func (t Times) hold(at time.Time) bool { return !at.Before(t.From) && at.Before(t.To) }

const (
	timedPage = 1000
	// maxTimedReads is how many entries one look by time reads at most: a bound for histories that were imported in an
	// order of their own, whose stretches hold mostly entries of other times.
	maxTimedReads = 50_000
)

// logPart is a stretch of the log, by numbers, both exclusive; before 0: to the end.
type logPart struct{ after, before int64 }

// LogPage is [Records.LogPage] of entries of some time. Errors: FORBIDDEN unless the caller reviews; BAD_USER_INPUT,
// for more than 366 days too; LIMIT_EXCEEDED when too much would have to be read.
func (m *Metrics) LogPage(ctx context.Context, caller Caller, filter LogFilter, times Times, request PageRequest) (Page[Entry], error) {
	if !caller.Reviews() {
		return Page[Entry]{}, errForbidden()
	}
	slice, err := request.logSlice(ctx, m.store)
	if err != nil {
		return Page[Entry]{}, err
	}
	entries, err := m.timed(ctx, filter, times, slice, slice.Limit+1)
	if err != nil {
		return Page[Entry]{}, err
	}
	more := len(entries) > slice.Limit
	if more {
		entries = entries[:slice.Limit]
	}
	if slice.Backward {
		slices.Reverse(entries)
	}
	return newPage(logList, entries, more, slice, logPosition), nil
}

// CountLog is [Records.CountLog] of entries of some time. Errors as of LogPage.
func (m *Metrics) CountLog(ctx context.Context, caller Caller, filter LogFilter, times Times) (int, error) {
	if !caller.Reviews() {
		return 0, errForbidden()
	}
	entries, err := m.timed(ctx, filter, times, Slice{}, MaxCount+1)
	return len(entries), err
}

// timed returns up to a number of entries that match, in the direction of reading.
func (m *Metrics) timed(ctx context.Context, filter LogFilter, times Times, slice Slice, wanted int) ([]Entry, error) {
	if err := checkDays(times.From, times.To); err != nil {
		return nil, err
	}
	stretches, err := m.stretches(ctx, times)
	if err != nil {
		return nil, err
	}
	if slice.Backward {
		slices.Reverse(stretches)
	}
	var found []Entry
	reads := 0
	for _, part := range stretches {
		at, possible := part.within(slice)
		for more := possible; more && len(found) < wanted; {
			if reads >= maxTimedReads {
				return nil, errTooManyReads()
			}
			var entries []Entry
			if entries, more, err = m.store.LogPage(ctx, filter, at); err != nil {
				return nil, fmt.Errorf("read log: %w", err)
			}
			reads += len(entries)
			if more {
				at = at.behind(entries)
			}
			found = append(found, pickTimed(entries, times, slice.Backward, wanted-len(found))...)
		}
	}
	return found, nil
}

// stretches are the parts of the log in which entries of some time can be, in order.
func (m *Metrics) stretches(ctx context.Context, times Times) ([]logPart, error) {
	// Where the counting stands comes first: what is counted meanwhile is then in both parts' bounds, and in one part.
	position, err := findMetricsPosition(ctx, m.store)
	if err != nil {
		return nil, err
	}
	days, err := findMetricsDays(ctx, m.store, daysBetween(times.From, times.To))
	if err != nil {
		return nil, err
	}
	counted := logPart{after: position.Seq}
	for _, day := range days {
		if day.First == 0 || day.First > position.Seq {
			continue
		}
		counted.after = min(counted.after, day.First-1)
		counted.before = max(counted.before, min(day.Last, position.Seq)+1)
	}
	if counted.before == 0 {
		return []logPart{{after: position.Seq}}, nil
	}
	return []logPart{counted, {after: position.Seq}}, nil
}

// within is the part of a slice that lies in the part, and whether there can be any.
func (s logPart) within(slice Slice) (Slice, bool) {
	after, before := s.after, s.before
	if slice.After != nil {
		after = max(after, slice.After.Key)
	}
	if slice.Before != nil && (before == 0 || slice.Before.Key < before) {
		before = slice.Before.Key
	}
	part := Slice{Limit: timedPage, Backward: slice.Backward, After: &Position{Key: after}}
	if before != 0 {
		part.Before = &Position{Key: before}
	}
	return part, before == 0 || before > after+1
}

// behind is the rest of a slice in the direction of reading, of which some entries were read.
func (s Slice) behind(read []Entry) Slice {
	if s.Backward {
		s.Before = &Position{Key: read[0].Seq}
	} else {
		s.After = &Position{Key: read[len(read)-1].Seq}
	}
	return s
}

// pickTimed picks the entries of some time, in the direction of reading, up to a number.
func pickTimed(entries []Entry, times Times, backward bool, most int) []Entry {
	if backward {
		slices.Reverse(entries)
	}
	var picked []Entry
	for _, entry := range entries {
		if times.hold(entry.At) && len(picked) < most {
			picked = append(picked, entry)
		}
	}
	return picked
}

func errTooManyReads() *Error {
	return Refuse(CodeLimitExceeded, Text{
		ZH: "此时间范围内需查找的记录过多，请缩小时间范围，或按操作、操作者、对象筛选。",
		EN: "Too much of the log would have to be searched for this time; narrow it, or filter by action, actor or subject.",
	}, "to")
}
