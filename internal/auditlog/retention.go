package auditlog

import (
	"context"
	"encoding/hex"
	"fmt"
	"math"
	"time"

	"cloudtag/internal/cloudtag"
)

// RetentionYears is for how many years every entry of the log stays at least: what the law asks for records of transactions
// (E-Commerce Law, art. 31) and of automated decisions about people (PIPL, art. 55 and 56).
const RetentionYears = 3

// Retention ends how long the log is kept: it hands out entries to be archived, and deletes them once they are.
type Retention struct {
	store retentionStore
	clock cloudtag.Clock
	views []CountedView
}

// CountedView is what entries of the log are kept for: a view that counts each of them once, see internal/logview.
type CountedView interface {
	// Counted returns the number of the last entry that is counted, 0 for none.
	Counted(ctx context.Context) (int64, error)
}

type retentionStore interface {
	cloudtag.LogReader
	// TrimLog appends an entry, then deletes the entries below a number.
	TrimLog(ctx context.Context, entry cloudtag.Entry, below int64) error
	// DropLog deletes the entries below a number. Ended half way it leaves the newer of them.
	DropLog(ctx context.Context, below int64) error
}

// NewRetention returns the service over a store. No entry is archived that one of the views has not counted.
func NewRetention(store retentionStore, clock cloudtag.Clock, views ...CountedView) *Retention {
	return &Retention{store: store, clock: clock, views: views}
}

// Archive writes the entries at the log's beginning whose time is before a moment, in order, up to the first that is not
// or that a view of the log has not counted yet, and returns from where to where the log would begin without them. It checks
// the chain meanwhile. Errors: BAD_USER_INPUT for a moment less than [RetentionYears] years ago.
func (r *Retention) Archive(ctx context.Context, until time.Time, write func(cloudtag.Entry) error) (from, to Start, err error) {
	if until.After(r.clock.Now().AddDate(-RetentionYears, 0, 0)) {
		return from, to, cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{
			ZH: fmt.Sprintf("before：日志至少须保留 %d 年。", RetentionYears),
			EN: fmt.Sprintf("before: must be at least %d years ago, which the law wants every entry of the log kept for.", RetentionYears),
		}, "before")
	}
	if from, err = FindStart(ctx, r.store); err != nil {
		return from, from, err
	}
	counted, err := r.counted(ctx)
	if err != nil {
		return from, from, err
	}
	done := from.verified()
	for more := true; more; {
		var entries []cloudtag.Entry
		entries, more, err = r.store.LogPage(ctx, cloudtag.LogFilter{}, cloudtag.Slice{Limit: 1000, After: &cloudtag.Position{Key: done.Entries}})
		if err != nil {
			return from, from, fmt.Errorf("read log after %d: %w", done.Entries, err)
		}
		for _, entry := range entries {
			if !entry.At.Before(until) || entry.Seq > counted {
				more = false
				break
			}
			if reason := done.Add(entry); reason != "" {
				return from, from, fmt.Errorf("the log's chain breaks at entry %d: %s", done.Entries+1, reason)
			}
			if err := write(entry); err != nil {
				return from, from, err
			}
		}
	}
	if done.Entries < from.Seq {
		return from, from, nil
	}
	return from, Start{Seq: done.Entries + 1, Before: done.Head, Until: until}, nil
}

// counted is the number of the newest entry that all views of the log have counted.
func (r *Retention) counted(ctx context.Context) (int64, error) {
	counted := int64(math.MaxInt64)
	for _, view := range r.views {
		seq, err := view.Counted(ctx)
		if err != nil {
			return 0, err
		}
		counted = min(counted, seq)
	}
	return counted, nil
}

// Trim makes the log begin where [Retention.Archive] said it may, now that the entries before are in a file, whose name and
// SHA-256 (in hexadecimal) the log keeps. When the process dies before the entry about it is stored, nothing has happened;
// after it, entries that are left over count for nothing, and [Retention.Finish] deletes them.
func (r *Retention) Trim(ctx context.Context, to Start, archive, sha256 string) error {
	return r.store.TrimLog(ctx, cloudtag.Entry{
		At: r.clock.Now(), Actor: "system:trim-log", Action: cloudtag.ActionLogTrimmed,
		After: cloudtag.MustJSON(logTrim{First: to.Seq, Before: hex.EncodeToString(to.Before), Until: to.Until, Archive: archive, SHA256: sha256}),
	}, to.Seq)
}

// Finish deletes what an earlier [Retention.Trim] left over.
func (r *Retention) Finish(ctx context.Context) error {
	start, err := FindStart(ctx, r.store)
	if err != nil || start.Seq == 1 {
		return err
	}
	return r.store.DropLog(ctx, start.Seq)
}
