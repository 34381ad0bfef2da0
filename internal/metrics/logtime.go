package metrics

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// The log is ordered by sequence number, which is nearly the order of its entries' times, except for imported history. The
// records of [Service] keep the range of sequence numbers of each day's entries. A search by time therefore needs no index on
// time: it reads only the ranges that can hold matching entries.

// Times is an interval of time: From inclusive, To exclusive.
type Times struct{ From, To time.Time }

func (t Times) hold(at time.Time) bool { return !at.Before(t.From) && at.Before(t.To) }

// TimedFilter selects log entries of a time interval; with a figure, those that it counts.
type TimedFilter struct {
	cloudtag.LogFilter
	Times  Times
	Figure *Figure
}

// check returns FORBIDDEN for filters that the caller may not use, and BAD_USER_INPUT.
func (f TimedFilter) check(caller cloudtag.Caller) error {
	if !caller.Reviews() {
		return cloudtag.Forbidden()
	}
	if f.Figure == nil {
		return nil
	}
	return f.Figure.check(caller)
}

const (
	timedPage = 1000
	// maxTimedReads is the maximum number of entries that one search reads. It bounds searches of history that was imported out
	// of order, whose ranges hold mostly entries of other times.
	maxTimedReads = 50_000
)

// logPart is a range of sequence numbers, both ends exclusive; before 0: to the log's end.
type logPart struct{ after, before int64 }

// LogPage returns a page of log entries of a time interval, oldest first. Errors: FORBIDDEN unless the caller reviews;
// BAD_USER_INPUT, also for more than 366 days; LIMIT_EXCEEDED when the search would read more than 50,000 entries.
func (m *Service) LogPage(ctx context.Context, caller cloudtag.Caller, filter TimedFilter, request cloudtag.PageRequest) (cloudtag.Page[cloudtag.Entry], error) {
	if err := filter.check(caller); err != nil {
		return cloudtag.Page[cloudtag.Entry]{}, err
	}
	slice, err := request.LogSlice(ctx, m.store)
	if err != nil {
		return cloudtag.Page[cloudtag.Entry]{}, err
	}
	entries, err := m.timed(ctx, filter, slice, slice.Limit+1)
	if err != nil {
		return cloudtag.Page[cloudtag.Entry]{}, err
	}
	more := len(entries) > slice.Limit
	if more {
		entries = entries[:slice.Limit]
	}
	if slice.Backward {
		slices.Reverse(entries)
	}
	return cloudtag.NewLogPage(entries, more, slice), nil
}

// CountLog counts log entries of a time interval, exactly up to MaxCount, then MaxCount+1. Errors as in LogPage.
func (m *Service) CountLog(ctx context.Context, caller cloudtag.Caller, filter TimedFilter) (int, error) {
	if err := filter.check(caller); err != nil {
		return 0, err
	}
	entries, err := m.timed(ctx, filter, cloudtag.Slice{}, cloudtag.MaxCount+1)
	return len(entries), err
}

// FirstSince returns the sequence number of the first entry at a time or later; the next number to be assigned when there is none.
// BAD_USER_INPUT for a time more than 366 days ago.
func (m *Service) FirstSince(ctx context.Context, at time.Time) (int64, error) {
	now := m.clock.Now()
	if at.After(now) {
		at = now
	}
	found, err := m.timed(ctx, TimedFilter{Times: Times{From: at, To: now.Add(time.Second)}}, cloudtag.Slice{}, 1)
	if err != nil {
		return 0, err
	}
	if len(found) > 0 {
		return found[0].Seq, nil
	}
	last, err := m.store.LastSeq(ctx)
	if err != nil {
		return 0, fmt.Errorf("find the log's end: %w", err)
	}
	return last + 1, nil
}

// timed returns up to wanted matching entries, in the direction of the slice.
func (m *Service) timed(ctx context.Context, filter TimedFilter, slice cloudtag.Slice, wanted int) ([]cloudtag.Entry, error) {
	if err := checkDays(filter.Times.From, filter.Times.To); err != nil {
		return nil, err
	}
	parts, err := m.partsOf(ctx, filter.Times)
	if err != nil {
		return nil, err
	}
	if slice.Backward {
		slices.Reverse(parts)
	}
	if filter.Figure == nil {
		return m.search(ctx, filter, filter.LogFilter, parts, slice, wanted)
	}
	// One search per action, since the index is on the action. Few figures count several actions.
	var found []cloudtag.Entry
	for _, of := range filter.Figure.filters(filter.LogFilter) {
		entries, err := m.search(ctx, filter, of, parts, slice, wanted)
		if err != nil {
			return nil, err
		}
		found = append(found, entries...)
	}
	slices.SortFunc(found, func(a, b cloudtag.Entry) int {
		if slice.Backward {
			a, b = b, a
		}
		return cmp.Compare(a.Seq, b.Seq)
	})
	return found[:min(len(found), wanted)], nil
}

// search returns up to wanted matching entries from parts of the log, in the direction of the slice.
func (m *Service) search(ctx context.Context, filter TimedFilter, of cloudtag.LogFilter, parts []logPart, slice cloudtag.Slice, wanted int) ([]cloudtag.Entry, error) {
	var found []cloudtag.Entry
	reads := 0
	for _, part := range parts {
		at, possible := part.within(slice)
		for more := possible; more && len(found) < wanted; {
			if reads >= maxTimedReads {
				return nil, errTooManyReads()
			}
			var entries []cloudtag.Entry
			var err error
			if entries, more, err = m.store.LogPage(ctx, of, at); err != nil {
				return nil, fmt.Errorf("read log: %w", err)
			}
			reads += len(entries)
			if more {
				at = at.Continue(entries)
			}
			entries = slices.DeleteFunc(entries, func(entry cloudtag.Entry) bool { return !filter.Times.hold(entry.At) })
			if filter.Figure != nil {
				if entries, err = filter.Figure.pick(ctx, m.store, m.calendar, entries); err != nil {
					return nil, err
				}
			}
			if slice.Backward {
				slices.Reverse(entries)
			}
			found = append(found, entries[:min(len(entries), wanted-len(found))]...)
		}
	}
	return found, nil
}

// partsOf returns the parts of the log that can hold entries of a time interval, in order.
func (m *Service) partsOf(ctx context.Context, times Times) ([]logPart, error) {
	// Read the checkpoint before the records, whose bounds are limited to it: an entry that is counted in between is in the
	// second part only.
	position, err := m.view().Checkpoint(ctx, m.store)
	if err != nil {
		return nil, err
	}
	days, err := findDays(ctx, m.store, m.calendar, namesOf(m.calendar, m.calendar.Days(times.From, times.To), ""))
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

// within returns the intersection of a slice with the part, and whether it can hold entries.
func (p logPart) within(slice cloudtag.Slice) (cloudtag.Slice, bool) {
	after, before := p.after, p.before
	if slice.After != nil {
		after = max(after, slice.After.Key)
	}
	if slice.Before != nil && (before == 0 || slice.Before.Key < before) {
		before = slice.Before.Key
	}
	part := cloudtag.Slice{Limit: timedPage, Backward: slice.Backward, After: &cloudtag.Position{Key: after}}
	if before != 0 {
		part.Before = &cloudtag.Position{Key: before}
	}
	return part, before == 0 || before > after+1
}

func errTooManyReads() *cloudtag.Error {
	return cloudtag.Refuse(cloudtag.CodeLimitExceeded, cloudtag.Text{
		ZH: "此时间范围内需查找的记录过多，请缩小时间范围，或按操作、操作者、对象筛选。",
		EN: "Too much of the log would have to be searched for this time; narrow it, or filter by action, actor or subject.",
	}, "to")
}
