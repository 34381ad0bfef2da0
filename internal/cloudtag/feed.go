package cloudtag

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Feed converts log entries to events, as far as the caller may see them. Reading the log from a position and waiting for
// new entries is the job of internal/live.
type Feed struct {
	store  recordStore
	clock  Clock
	shared *sharedReads
}

// NewFeed returns the service over a store.
func NewFeed(store recordStore, clock Clock) *Feed {
	return &Feed{store: store, clock: clock, shared: &sharedReads{store: store}}
}

// Through returns a feed of events up to an entry that is in the log. It shares the reads of their records among all
// subscribers that follow the log as it grows. A subscriber that catches up reads for itself.
func (f *Feed) Through(seq int64) *Feed {
	return &Feed{store: f.shared.through(seq), clock: f.clock, shared: f.shared}
}

// Records returns the records of the feed's events.
func (f *Feed) Records() *Records { return NewRecords(f.store, f.clock) }

// TagEvent is one change of a tag's status, its submission included.
type TagEvent struct {
	Cursor   Cursor
	At       time.Time
	Tag      Tag       // after the change
	Previous TagStatus // empty for a submission
}

// CaseEvent is one change of a case.
type CaseEvent struct {
	Cursor Cursor
	At     time.Time
	Action Action
	Case   Case // current state
}

// TagTopic returns the filter for a caller's events of tags, and the most specific subject that all of their log entries
// have; it is empty if the whole log has to be read. FORBIDDEN as of [TagScope].
func TagTopic(caller Caller, filter TagFilter) (TagFilter, Subject, error) {
	filter, err := TagScope(caller, filter)
	switch {
	case err != nil:
		return filter, "", err
	case !caller.Reviews():
		// All entries about the shop, so that a change of its permission is noticed at once.
		return filter, MerchantSubject(filter.MerchantID), nil
	case len(filter.OrderNos) == 1:
		return filter, TagSubject(filter.OrderNos[0]), nil
	case filter.BuyerID != "":
		return filter, BuyerSubject(filter.BuyerID), nil
	case filter.MerchantID != "":
		return filter, MerchantSubject(filter.MerchantID), nil
	default:
		return filter, "", nil
	}
}

// Cursor is the current end of the log. A client that takes it before reading a list misses no later change.
func (f *Feed) Cursor(ctx context.Context) (Cursor, error) {
	newest, _, err := f.store.LogPage(ctx, LogFilter{}, Slice{Limit: 1, Backward: true})
	switch {
	case err != nil:
		return "", fmt.Errorf("find the log's end: %w", err)
	case len(newest) == 0:
		return LogPlace{}.Cursor(), nil
	default:
		return newest[0].Place().Cursor(), nil
	}
}

// Admit returns PERMISSION_REVOKED if the caller's shop lost its permission (rule 13), which ends its subscriptions. It is
// called when a subscription starts, and again before events are delivered.
func (f *Feed) Admit(ctx context.Context, caller Caller) error {
	if caller.Reviews() || !caller.ActsFor(caller.MerchantID) {
		return nil
	}
	found, err := f.store.Merchants(ctx, []MerchantID{caller.MerchantID})
	if err != nil {
		return fmt.Errorf("find merchant: %w", err)
	}
	if found[caller.MerchantID].Permission == PermissionRevoked {
		return PermissionRevoked.Refusal()
	}
	return nil
}

// CaseTopic is [TagTopic] for cases. Errors: FORBIDDEN unless the caller reviews, BAD_USER_INPUT.
func CaseTopic(caller Caller, filter CaseFilter) (Subject, error) {
	if !caller.MaySeeCases() {
		return "", Forbidden()
	}
	if err := filter.check(); err != nil {
		return "", err
	}
	if filter.BuyerID != "" {
		return BuyerSubject(filter.BuyerID), nil
	}
	return "", nil
}

// LogSelection selects entries for a feed of the log; zero fields select all.
type LogSelection struct {
	LogFilter
	Actions  []Action     // only entries with one of these; empty selects all
	Scenario ScenarioCode // only entries about cases of this scenario, and their tags
}

// Matches reports whether an entry is selected.
func (s LogSelection) Matches(e Entry) bool {
	if !s.LogFilter.Matches(e) || len(s.Actions) > 0 && !slices.Contains(s.Actions, e.Action) {
		return false
	}
	scenario, _, _ := CaseID(e.Subject("case")).Parts()
	return s.Scenario == "" || s.Scenario == scenario
}

// LogTopic is [TagTopic] for the log itself. FORBIDDEN unless the caller reviews.
func LogTopic(caller Caller, selection LogSelection) (Subject, error) {
	if !caller.Reviews() {
		return "", Forbidden()
	}
	return selection.Subject, nil
}

// TagEvents returns the events of the entries, in order, that match the filter of [TagTopic].
func (f *Feed) TagEvents(ctx context.Context, filter TagFilter, entries []Entry) ([]TagEvent, error) {
	orders := make([]OrderNo, 0, len(entries))
	for _, entry := range entries {
		if entry.Action.changesStatus() && entry.concerns(filter) {
			orders = append(orders, OrderNo(entry.Subject("tag")))
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
		tag, known := tags[OrderNo(entry.Subject("tag"))]
		if !known || !entry.Action.changesStatus() {
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

// concerns reports whether the entry is about the filter's shop, which avoids loading the tags of others.
func (e Entry) concerns(filter TagFilter) bool {
	return filter.MerchantID == "" || MerchantID(e.Subject("merchant")) == filter.MerchantID
}

// changesStatus reports whether entries of the action change the status of a tag.
func (a Action) changesStatus() bool {
	return strings.HasPrefix(string(a), "tag.") && a != ActionTagReassigned && a != ActionTagDiscounted
}

// tagEvent returns the tag in its state after the entry's change.
func tagEvent(entry Entry, tag Tag) (TagEvent, error) {
	var before, after TagState
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
func (f *Feed) CaseEvents(ctx context.Context, filter CaseFilter, entries []Entry) ([]CaseEvent, error) {
	ids := make([]CaseID, 0, len(entries))
	for _, entry := range entries {
		if entry.Action.changesCase() {
			ids = append(ids, CaseID(entry.Subject("case")))
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
		c, known := cases[CaseID(entry.Subject("case"))]
		if known && entry.Action.changesCase() && filter.Matches(c) {
			events = append(events, CaseEvent{Cursor: entry.Place().Cursor(), At: entry.At, Action: entry.Action, Case: c})
		}
	}
	return events, nil
}

// changesCase reports whether entries of the action are events of a case: those about the case itself, and those about tags
// that change its votes.
func (a Action) changesCase() bool {
	switch a {
	case ActionTagSubmitted, ActionTagExpired, ActionTagVoided, ActionTagReassigned, ActionTagDiscounted:
		return true
	default:
		return strings.HasPrefix(string(a), "case.")
	}
}
