package auditlog

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudtag/internal/cloudtag"
)

// Discrepancy is a record that does not match the log: it was changed, added or removed without going through the program.
type Discrepancy struct {
	Subject cloudtag.Subject
	Logged  string // empty: it is not in the log
	Stored  string // empty: there is no such record
}

// Reconciliation is the outcome of comparing records with the log.
type Reconciliation struct {
	Tags, Cases   int // compared
	Archived      int // tags and cases that are older than the log, and were not compared
	Discrepancies []Discrepancy
}

// ReconciliationStore is what a reconciliation reads.
type ReconciliationStore interface {
	cloudtag.LogReader
	TagsByOrder(ctx context.Context, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Tag, error)
	TagPage(ctx context.Context, filter cloudtag.TagFilter, order cloudtag.TagOrder, slice cloudtag.Slice) (tags []cloudtag.Tag, more bool, err error)
	Cases(ctx context.Context, ids []cloudtag.CaseID) (map[cloudtag.CaseID]cloudtag.Case, error)
	CaseIDs(ctx context.Context, after cloudtag.CaseID, limit int) ([]cloudtag.CaseID, error)
}

const (
	reconciledPage   = 1000 // entries or records that are read at once
	maxDiscrepancies = 100  // after which the search ends
)

// Reconcile compares every tag and case with its newest log entry (rule 16): a tag's status, entity and, unless it
// succeeded, whether it is live; a case's state and handling. It finds at most 100 discrepancies. Servers may keep running:
// records that change meanwhile are checked again. It needs a few hundred bytes of memory per tag and case. Records older
// than the log's start, without an entry, can't be compared.
func Reconcile(ctx context.Context, store ReconciliationStore) (Reconciliation, error) {
	start, err := FindStart(ctx, store)
	if err != nil {
		return Reconciliation{}, err
	}
	r := reconciler{store: store, start: start}
	logged, err := r.readLog(ctx)
	if err != nil {
		return Reconciliation{}, err
	}
	if err := r.compareTags(ctx, logged); err != nil {
		return Reconciliation{}, err
	}
	if err := r.compareCases(ctx, logged); err != nil {
		return Reconciliation{}, err
	}
	for subject := range logged { // no record was found for these
		if err := r.recheck(ctx, subject); err != nil {
			return Reconciliation{}, err
		}
	}
	return r.found, nil
}

type reconciler struct {
	store ReconciliationStore
	start Start
	found Reconciliation
}

// readLog returns the last logged state of each tag and case.
func (r *reconciler) readLog(ctx context.Context) (map[cloudtag.Subject]string, error) {
	logged := make(map[cloudtag.Subject]string)
	for seq, more := r.start.Seq-1, true; more; {
		var entries []cloudtag.Entry
		var err error
		entries, more, err = r.store.LogPage(ctx, cloudtag.LogFilter{}, cloudtag.Slice{Limit: reconciledPage, After: &cloudtag.Position{Key: seq}})
		if err != nil {
			return nil, fmt.Errorf("read log after %d: %w", seq, err)
		}
		for _, entry := range entries {
			seq = entry.Seq
			if subject, state := loggedState(entry); subject != "" {
				logged[subject] = state
			}
		}
	}
	return logged, nil
}

// loggedState is the state of a tag or a case according to an entry; the subject is empty for entries about anything else.
func loggedState(entry cloudtag.Entry) (cloudtag.Subject, string) {
	switch {
	case strings.HasPrefix(string(entry.Action), "tag."):
		var state cloudtag.TagState
		if json.Unmarshal(entry.After, &state) != nil {
			return "", ""
		}
		return cloudtag.TagSubject(cloudtag.OrderNo(entry.Subject("tag"))), describeTag(state)
	case strings.HasPrefix(string(entry.Action), "case."):
		var summary cloudtag.CaseSummary
		if json.Unmarshal(entry.After, &summary) != nil {
			return "", ""
		}
		return cloudtag.CaseSubject(cloudtag.CaseID(entry.Subject("case"))), describeCase(summary)
	default:
		return "", ""
	}
}

// describeTag omits whether a succeeded tag is live: leaving the window is not logged.
func describeTag(state cloudtag.TagState) string {
	if state.Status == cloudtag.TagSucceeded {
		return fmt.Sprintf("%s, of %s", state.Status, state.EntityID)
	}
	return fmt.Sprintf("%s, of %s, counts: %t", state.Status, state.EntityID, state.Live)
}

func describeCase(summary cloudtag.CaseSummary) string {
	return fmt.Sprintf("%s, %s", summary.State, summary.Handling)
}

func (r *reconciler) compareTags(ctx context.Context, logged map[cloudtag.Subject]string) error {
	slice := cloudtag.Slice{Limit: reconciledPage}
	for more := true; more; {
		var tags []cloudtag.Tag
		var err error
		tags, more, err = r.store.TagPage(ctx, cloudtag.TagFilter{}, cloudtag.TagsBySubmittedAsc, slice)
		if err != nil {
			return fmt.Errorf("read tags: %w", err)
		}
		for _, tag := range tags {
			if err := r.compare(ctx, logged, cloudtag.TagSubject(tag.OrderNo), describeTag(tag.State()), tag.SubmittedAt, &r.found.Tags); err != nil {
				return err
			}
			position := cloudtag.TagsBySubmittedAsc.PositionOf(tag)
			slice.After = &position
		}
	}
	return nil
}

func (r *reconciler) compareCases(ctx context.Context, logged map[cloudtag.Subject]string) error {
	for after, ids := cloudtag.CaseID(""), []cloudtag.CaseID{""}; len(ids) > 0; {
		var err error
		if ids, err = r.store.CaseIDs(ctx, after, reconciledPage); err != nil {
			return fmt.Errorf("list cases after %q: %w", after, err)
		}
		cases, err := r.store.Cases(ctx, ids)
		if err != nil {
			return fmt.Errorf("read cases: %w", err)
		}
		for _, id := range ids {
			after = id
			if err := r.compare(ctx, logged, cloudtag.CaseSubject(id), describeCase(cases[id].Summary()), cases[id].OpenedAt, &r.found.Cases); err != nil {
				return err
			}
		}
	}
	return nil
}

// compare compares a record, created at a time, with its logged state, which it removes from logged, and counts it.
func (r *reconciler) compare(
	ctx context.Context, logged map[cloudtag.Subject]string, subject cloudtag.Subject, stored string, created time.Time, count *int,
) error {
	expected, known := logged[subject]
	delete(logged, subject)
	if !known && created.Before(r.start.Until) {
		r.found.Archived++
		return nil
	}
	*count++
	if expected == stored {
		return nil
	}
	return r.recheck(ctx, subject)
}

// recheck reads a record that differs from the log again, since it may have changed between the two reads. It is a
// discrepancy if it is the same before and after its newest entry is read, and differs from that.
func (r *reconciler) recheck(ctx context.Context, subject cloudtag.Subject) error {
	for len(r.found.Discrepancies) < maxDiscrepancies {
		before, err := r.stored(ctx, subject)
		if err != nil {
			return err
		}
		logged, err := r.newest(ctx, subject)
		if err != nil {
			return err
		}
		after, err := r.stored(ctx, subject)
		switch {
		case err != nil:
			return err
		case before != after:
			continue
		case before != logged:
			r.found.Discrepancies = append(r.found.Discrepancies, Discrepancy{Subject: subject, Logged: logged, Stored: before})
		}
		return nil
	}
	return nil
}

// stored describes a record's current state; empty if there is none.
func (r *reconciler) stored(ctx context.Context, subject cloudtag.Subject) (string, error) {
	kind, id, _ := strings.Cut(string(subject), ":")
	if kind == "tag" {
		tags, err := r.store.TagsByOrder(ctx, []cloudtag.OrderNo{cloudtag.OrderNo(id)})
		if tag, known := tags[cloudtag.OrderNo(id)]; known {
			return describeTag(tag.State()), err
		}
		return "", err
	}
	cases, err := r.store.Cases(ctx, []cloudtag.CaseID{cloudtag.CaseID(id)})
	if c, known := cases[cloudtag.CaseID(id)]; known {
		return describeCase(c.Summary()), err
	}
	return "", err
}

// newest is the last logged state of a subject; empty if there is none. Entries about tags also have their case as a subject.
func (r *reconciler) newest(ctx context.Context, subject cloudtag.Subject) (string, error) {
	slice := cloudtag.Slice{Limit: reconciledPage, Backward: true}
	for more := true; more; {
		var entries []cloudtag.Entry
		var err error
		entries, more, err = r.store.LogPage(ctx, cloudtag.LogFilter{Subject: subject}, slice)
		if err != nil {
			return "", fmt.Errorf("read log of %s: %w", subject, err)
		}
		for _, entry := range slices.Backward(entries) {
			if about, state := loggedState(entry); about == subject {
				return state, nil
			}
		}
		if len(entries) > 0 {
			slice.Before = &cloudtag.Position{Key: entries[0].Seq}
		}
	}
	return "", nil
}
