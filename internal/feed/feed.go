package feed

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"cloudtag/internal/cloudtag"
)

// Store is what a feed reads.
type Store interface {
	cloudtag.RecordStore
	cloudtag.LogPager
}

// Feed converts log entries to events, as far as the caller may see them. Reading the log from a position and waiting for
// new entries is the job of internal/live.
type Feed struct {
	store  Store
	clock  cloudtag.Clock
	shared *sharedReads
}

// New returns the service over a store.
func New(store Store, clock cloudtag.Clock) *Feed {
	return &Feed{store: store, clock: clock, shared: &sharedReads{store: store}}
}

// Through returns a feed of events up to an entry that is in the log. It shares the reads of their records among all
// subscribers that follow the log as it grows. A subscriber that catches up reads for itself.
func (f *Feed) Through(seq int64) *Feed {
	return &Feed{store: f.shared.through(seq), clock: f.clock, shared: f.shared}
}

// Records returns the records of the feed's events.
func (f *Feed) Records() *cloudtag.Records { return cloudtag.NewRecords(f.store, f.clock) }

// TagEvent is one change of a tag's status, its submission included.
type TagEvent struct {
	Cursor   cloudtag.Cursor
	At       time.Time
	Tag      cloudtag.Tag       // after the change
	Previous cloudtag.TagStatus // empty for a submission
}

// CaseEvent is one change of a case.
type CaseEvent struct {
	Cursor cloudtag.Cursor
	At     time.Time
	Action cloudtag.Action
	Case   cloudtag.Case // current state
}

// Cursor is the current end of the log. A client that takes it before reading a list misses no later change.
func (f *Feed) Cursor(ctx context.Context) (cloudtag.Cursor, error) {
	newest, _, err := f.store.LogPage(ctx, cloudtag.LogFilter{}, cloudtag.Slice{Limit: 1, Backward: true})
	switch {
	case err != nil:
		return "", fmt.Errorf("find the log's end: %w", err)
	case len(newest) == 0:
		return cloudtag.LogPlace{}.Cursor(), nil
	default:
		return newest[0].Place().Cursor(), nil
	}
}

// Admit returns PERMISSION_REVOKED if the caller's shop lost its permission (rule 13), which ends its subscriptions. It is
// called when a subscription starts, and again before events are delivered.
func (f *Feed) Admit(ctx context.Context, caller cloudtag.Caller) error {
	if caller.Reviews() || !caller.ActsFor(caller.MerchantID) {
		return nil
	}
	found, err := f.store.Merchants(ctx, []cloudtag.MerchantID{caller.MerchantID})
	if err != nil {
		return fmt.Errorf("find merchant: %w", err)
	}
	if found[caller.MerchantID].Permission == cloudtag.PermissionRevoked {
		return cloudtag.PermissionRevoked.Refusal()
	}
	return nil
}

// TagEvents returns the events of the entries, in order, that match the filter of [TagTopic].
func (f *Feed) TagEvents(ctx context.Context, filter cloudtag.TagFilter, entries []cloudtag.Entry) ([]TagEvent, error) {
	orders := make([]cloudtag.OrderNo, 0, len(entries))
	for _, entry := range entries {
		if changesStatus(entry.Action) && concerns(entry, filter) {
			orders = append(orders, cloudtag.OrderNo(entry.Subject("tag")))
		}
	}
	if len(orders) == 0 {
		return nil, nil
	}
	tags, err := f.store.TagsByOrder(ctx, orders)
	if err != nil {
		return nil, fmt.Errorf("find tags of events: %w", err)
	}
	var events []TagEvent
	for _, entry := range entries {
		tag, known := tags[cloudtag.OrderNo(entry.Subject("tag"))]
		if !known || !changesStatus(entry.Action) {
			continue
		}
		event, err := tagEvent(entry, tag)
		if err != nil {
			return nil, err
		}
		if filter.Matches(event.Tag) {
			events = append(events, event)
		}
	}
	return events, nil
}

// tagEvent returns the tag in its state after the entry's change.
func tagEvent(entry cloudtag.Entry, tag cloudtag.Tag) (TagEvent, error) {
	var before, after cloudtag.TagState
	if err := json.Unmarshal(entry.After, &after); err != nil {
		return TagEvent{}, fmt.Errorf("entry %d: state after: %w", entry.Seq, err)
	}
	if entry.Before != nil {
		if err := json.Unmarshal(entry.Before, &before); err != nil {
			return TagEvent{}, fmt.Errorf("entry %d: state before: %w", entry.Seq, err)
		}
	}
	if tag.Version != after.Version {
		tag.Status, tag.Version, tag.EntityID, tag.Live = after.Status, after.Version, after.EntityID, after.Live
		tag.StatusChangedAt = entry.At
		if !after.Handled {
			tag.HandledAt = time.Time{}
		}
	}
	return TagEvent{Cursor: entry.Place().Cursor(), At: entry.At, Tag: tag, Previous: before.Status}, nil
}

// CaseEvents returns the events of the entries, in order, whose case currently matches the filter. A change of many tags of
// a case is one event, that of the entry about the case.
func (f *Feed) CaseEvents(ctx context.Context, filter cloudtag.CaseFilter, entries []cloudtag.Entry) ([]CaseEvent, error) {
	ids := make([]cloudtag.CaseID, 0, len(entries))
	for _, entry := range entries {
		if changesCase(entry.Action) {
			ids = append(ids, cloudtag.CaseID(entry.Subject("case")))
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	cases, err := f.store.Cases(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("find cases of events: %w", err)
	}
	var events []CaseEvent
	for _, entry := range entries {
		c, known := cases[cloudtag.CaseID(entry.Subject("case"))]
		if known && changesCase(entry.Action) && filter.Matches(c) {
			events = append(events, CaseEvent{Cursor: entry.Place().Cursor(), At: entry.At, Action: entry.Action, Case: c})
		}
	}
	return events, nil
}

// concerns reports whether the entry is about the filter's shop, which avoids loading the tags of others.
func concerns(entry cloudtag.Entry, filter cloudtag.TagFilter) bool {
	return filter.MerchantID == "" || cloudtag.MerchantID(entry.Subject("merchant")) == filter.MerchantID
}

// changesStatus reports whether entries of the action change the status of a tag.
func changesStatus(action cloudtag.Action) bool {
	return strings.HasPrefix(string(action), "tag.") && action != cloudtag.ActionTagReassigned && action != cloudtag.ActionTagDiscounted
}

// changesCase reports whether entries of the action are events of a case: those about the case itself, and those about tags
// that change its votes.
func changesCase(action cloudtag.Action) bool {
	switch action {
	case cloudtag.ActionTagSubmitted, cloudtag.ActionTagExpired, cloudtag.ActionTagVoided, cloudtag.ActionTagReassigned, cloudtag.ActionTagDiscounted:
		return true
	default:
		return strings.HasPrefix(string(action), "case.")
	}
}
