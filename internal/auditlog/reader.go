package auditlog

import (
	"context"
	"fmt"

	"cloudtag/internal/cloudtag"
)

// Reader reads the log on behalf of callers. Only those who review may see it.
type Reader struct{ log cloudtag.LogReader }

// NewReader returns the service over a store.
func NewReader(log cloudtag.LogReader) *Reader { return &Reader{log: log} }

// Page returns a page of the log, oldest first. Errors: FORBIDDEN unless the caller reviews, BAD_USER_INPUT.
func (r *Reader) Page(
	ctx context.Context, caller cloudtag.Caller, filter cloudtag.LogFilter, request cloudtag.PageRequest,
) (cloudtag.Page[cloudtag.Entry], error) {
	if !caller.Reviews() {
		return cloudtag.Page[cloudtag.Entry]{}, cloudtag.Forbidden()
	}
	slice, err := request.LogSlice(ctx, r.log)
	if err != nil {
		return cloudtag.Page[cloudtag.Entry]{}, err
	}
	entries, more, err := r.log.LogPage(ctx, filter, slice)
	if err != nil {
		return cloudtag.Page[cloudtag.Entry]{}, fmt.Errorf("read log: %w", err)
	}
	return cloudtag.NewLogPage(entries, more, slice), nil
}

// Count counts the entries that match, exactly up to MaxCount, then MaxCount+1. FORBIDDEN unless the caller reviews.
func (r *Reader) Count(ctx context.Context, caller cloudtag.Caller, filter cloudtag.LogFilter) (int, error) {
	if !caller.Reviews() {
		return 0, cloudtag.Forbidden()
	}
	return r.log.CountLog(ctx, filter, cloudtag.MaxCount+1)
}

// VerifiedEntry is an entry with what its hash proves.
type VerifiedEntry struct {
	cloudtag.Entry
	Intact bool // whether the hash follows from the content and the entry before
}

// Entry returns an entry by its number. Errors: FORBIDDEN unless the caller reviews, NOT_FOUND.
func (r *Reader) Entry(ctx context.Context, caller cloudtag.Caller, seq int64) (VerifiedEntry, error) {
	if !caller.Reviews() {
		return VerifiedEntry{}, cloudtag.Forbidden()
	}
	slice := cloudtag.Slice{Limit: 2, After: &cloudtag.Position{Key: seq - 2}, Before: &cloudtag.Position{Key: seq + 1}}
	entries, _, err := r.log.LogPage(ctx, cloudtag.LogFilter{}, slice)
	if err != nil {
		return VerifiedEntry{}, fmt.Errorf("read log entry: %w", err)
	}
	if len(entries) == 0 || entries[len(entries)-1].Seq != seq {
		return VerifiedEntry{}, cloudtag.NotFound()
	}
	found, before := entries[len(entries)-1], Verification{Entries: seq - 1}
	if len(entries) == 2 {
		before.Head = entries[0].Hash
	} else if start, err := FindStart(ctx, r.log); err != nil {
		return VerifiedEntry{}, err
	} else if start.Seq == seq {
		before.Head = start.Before
	}
	return VerifiedEntry{Entry: found, Intact: before.Add(found) == ""}, nil
}
