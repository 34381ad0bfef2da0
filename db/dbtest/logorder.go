package dbtest

import (
	"fmt"
	"slices"
	"sync"

	"cloudtag/internal/cloudtag"
)

func logOrderCases() []testCase {
	return []testCase{
		inWorld("ReadersNeverMissAnEntry", logReaders),
		inWorld("LastSeqIsReadable", logLastSeq),
	}
}

const appenders = 8

// appendAll has 8 appenders record and amend, each its own cases, and closes done when they are finished.
func (w *world) appendAll(each int, done chan struct{}) error {
	defer close(done)
	failures := make([]error, appenders)
	var workers sync.WaitGroup
	for i := range appenders {
		workers.Go(func() {
			for n := 0; n < each && failures[i] == nil; n++ {
				failures[i] = w.appendSome(i, n)
			}
		})
	}
	workers.Wait()
	for _, err := range failures {
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *world) appendSome(appender, n int) error {
	buyer := fmt.Sprintf("%d-%d", appender, n/3)
	first := fmt.Sprintf("%d-%d-first", appender, n)
	s := w.from(1+appender, fmt.Sprint(n)).tag(buyer, first, fmt.Sprintf("%d-%d-second", appender, n))
	if _, _, err := s.try(w.ctx); err != nil {
		return err
	}
	return voidTag(w, buyer, first)
}

// logReaders: 4 readers page forward from their own cursors while 8 appenders work. Every reader reads every entry exactly
// once, in ascending order: no entry appears behind a returned cursor.
func logReaders(w *world) {
	w.openShops(appenders)
	filters := []cloudtag.LogFilter{
		{}, {}, {Action: cloudtag.ActionTagVoided}, {Subject: cloudtag.MerchantSubject(w.shop(3))},
	}
	begin := w.lastSeq()
	done := make(chan struct{})
	seen := make([][]int64, len(filters))
	var appendError error
	w.parallel(1+len(filters), func(i int) error {
		if i == 0 {
			appendError = w.appendAll(scaled(15, 8), done)
			return appendError
		}
		var err error
		seen[i-1], err = w.follow(filters[i-1], begin, 1+i*13, done)
		return err
	})
	b := w.checkInvariants()
	for i, filter := range filters {
		var want []int64
		for _, entry := range b.entries {
			if entry.Seq > begin && filter.Matches(entry) {
				want = append(want, entry.Seq)
			}
		}
		equal(w, fmt.Sprintf("entries read by reader %d (%+v)", i, filter), seen[i], want)
	}
}

// follow reads the log from a cursor until the appenders are done and nothing follows. An unfiltered reader checks that
// there is no gap.
func (w *world) follow(filter cloudtag.LogFilter, from int64, size int, done <-chan struct{}) ([]int64, error) {
	var seen []int64
	cursor := from
	for {
		ended := isClosed(done) // before the page is read
		page, _, err := w.store.LogPage(w.ctx, filter, cloudtag.Slice{Limit: size, After: &cloudtag.Position{Key: cursor}})
		if err != nil {
			return seen, err
		}
		for _, entry := range page {
			if entry.Seq <= cursor || filter == (cloudtag.LogFilter{}) && entry.Seq != cursor+1 {
				return seen, fmt.Errorf("entry %d (%s) comes after %d", entry.Seq, entry.Action, cursor)
			}
			cursor = entry.Seq
			seen = append(seen, cursor)
		}
		if len(page) == 0 && ended {
			return seen, nil
		}
	}
}

func isClosed(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}

// logLastSeq: all entries up to LastSeq can be read at once, and it never decreases. A new subscription begins there.
func logLastSeq(w *world) {
	w.openShops(appenders)
	done := make(chan struct{})
	w.parallel(3, func(i int) error {
		if i == 0 {
			return w.appendAll(scaled(12, 6), done)
		}
		var last int64
		for ended := false; !ended; {
			ended = isClosed(done)
			next, err := w.store.LastSeq(w.ctx)
			if err != nil {
				return err
			}
			if next < last {
				return fmt.Errorf("LastSeq went from %d to %d", last, next)
			}
			before := max(0, next-20)
			page, _, err := w.store.LogPage(w.ctx, cloudtag.LogFilter{}, cloudtag.Slice{
				Limit: 20, After: &cloudtag.Position{Key: before}, Before: &cloudtag.Position{Key: next + 1},
			})
			if err != nil {
				return err
			}
			var got, want []int64
			for _, entry := range page {
				got = append(got, entry.Seq)
			}
			for seq := before + 1; seq <= next; seq++ {
				want = append(want, seq)
			}
			if !slices.Equal(got, want) {
				return fmt.Errorf("LastSeq says %d, the log up to there holds %v, want %v", next, got, want)
			}
			last = next
		}
		return nil
	})
	w.checkInvariants()
}
