package cloudtag

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Discrepancy is a record that is not what the log says of it: it was changed, added or removed beside the product.
type Discrepancy struct {
	Subject Subject
	Logged  string // empty: the log knows nothing of it
	Stored  string // empty: there is no such record
}

// Reconciliation is the outcome of comparing records with the log.
type Reconciliation struct {
	Tags, Cases   int // compared
	Archived      int // tags and cases that are older than the log
	Discrepancies []Discrepancy
}

// ReconciliationStore is what a reconciliation reads.
type ReconciliationStore interface {
	LogReader
	TagsByOrder(ctx context.Context, orders []OrderNo) (map[OrderNo]Tag, error)
	TagPage(ctx context.Context, filter TagFilter, order TagOrder, slice Slice) (tags []Tag, more bool, err error)
	Cases(ctx context.Context, ids []CaseID) (map[CaseID]Case, error)
	CaseIDs(ctx context.Context, after CaseID, limit int) ([]CaseID, error)
}

// reconciledPage is how many entries and records are read at once, and maxDiscrepancies after how many the search ends.
const (
	reconciledPage   = 1000
	maxDiscrepancies = 100
)

// Reconcile compares every tag and case with what the newest entry about it says (rule 16): a tag's status, party and,
// unless it succeeded, whether it counts, a case's state and handling. It finds at most 100 discrepancies. Servers may go on
// meanwhile: what changes while it reads is looked at again. It keeps some hundred bytes of each tag and case in memory. A tag
// or case from before the log's beginning, of which no entry is kept, can't be compared.
func Reconcile(ctx context.Context, store ReconciliationStore) (Reconciliation, error) {
	start, err := FindLogStart(ctx, store)
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
	for subject := range logged { // what no record was found for
		if err := r.suspect(ctx, subject); err != nil {
			return Reconciliation{}, err
		}
	}
	return r.found, nil
}

type reconciler struct {
	store ReconciliationStore
	start LogStart
	found Reconciliation
}

// readLog returns what the log says last of each tag and case.
func (r *reconciler) readLog(ctx context.Context) (map[Subject]string, error) {
	logged := make(map[Subject]string)
	for place, more := r.start.Seq-1, true; more; {
		var entries []Entry
		var err error
		entries, more, err = r.store.LogPage(ctx, LogFilter{}, Slice{Limit: reconciledPage, After: &Position{Key: place}})
		if err != nil {
			return nil, fmt.Errorf("read log after %d: %w", place, err)
		}
		for _, entry := range entries {
			place = entry.Seq
			if subject, state := loggedState(entry); subject != "" {
				logged[subject] = state
			}
		}
	}
	return logged, nil
}

// loggedState is what an entry says of a tag or a case; an empty subject when it says nothing.
func loggedState(entry Entry) (Subject, string) {
	switch {
	case strings.HasPrefix(string(entry.Action), "tag."):
		var state TagState
		if json.Unmarshal(entry.After, &state) != nil {
			return "", ""
		}
		return TagSubject(OrderNo(entry.Subject("tag"))), describeTag(state)
	case strings.HasPrefix(string(entry.Action), "case."):
		var summary CaseSummary
		if json.Unmarshal(entry.After, &summary) != nil {
			return "", ""
		}
		return CaseSubject(CaseID(entry.Subject("case"))), describeCase(summary)
	default:
		return "", ""
	}
}

// describeTag leaves out whether a tag that succeeded counts: it stops when it leaves the window, which no entry tells.
func describeTag(state TagState) string {
	if state.Status == TagSucceeded {
		return fmt.Sprintf("%s, of %s", state.Status, state.EntityID)
	}
	return fmt.Sprintf("%s, of %s, counts: %t", state.Status, state.EntityID, state.Live)
}

func describeCase(summary CaseSummary) string {
	return fmt.Sprintf("%s, %s", summary.State, summary.Handling)
}

func (r *reconciler) compareTags(ctx context.Context, logged map[Subject]string) error {
	slice := Slice{Limit: reconciledPage}
	for more := true; more; {
		var tags []Tag
		var err error
		tags, more, err = r.store.TagPage(ctx, TagFilter{}, TagsBySubmittedAsc, slice)
		if err != nil {
			return fmt.Errorf("read tags: %w", err)
		}
		for _, tag := range tags {
			if err := r.compare(ctx, logged, TagSubject(tag.OrderNo), describeTag(tagState(tag)), tag.SubmittedAt, &r.found.Tags); err != nil {
				return err
			}
			place := TagsBySubmittedAsc.PositionOf(tag)
			slice.After = &place
		}
	}
	return nil
}

func (r *reconciler) compareCases(ctx context.Context, logged map[Subject]string) error {
	for after, ids := CaseID(""), []CaseID{""}; len(ids) > 0; {
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
			if err := r.compare(ctx, logged, CaseSubject(id), describeCase(caseSummary(cases[id])), cases[id].OpenedAt, &r.found.Cases); err != nil {
				return err
			}
		}
	}
	return nil
}

// compare takes a record, which began at a time, off what the log knows, and counts it.
func (r *reconciler) compare(
	ctx context.Context, logged map[Subject]string, subject Subject, stored string, began time.Time, count *int,
) error {
	said, known := logged[subject]
	delete(logged, subject)
	if !known && began.Before(r.start.Until) {
		r.found.Archived++
		return nil
	}
	*count++
	if said == stored {
		return nil
	}
	return r.suspect(ctx, subject)
}

// suspect looks again at a record that differs from the log, which may have changed between the two: it is at fault when
// it is the same before and after its newest entry is read, and that says something else.
func (r *reconciler) suspect(ctx context.Context, subject Subject) error {
	for len(r.found.Discrepancies) < maxDiscrepancies {
		before, err := r.stored(ctx, subject)
		if err != nil {
			return err
		}
		said, err := r.newest(ctx, subject)
		if err != nil {
			return err
		}
		after, err := r.stored(ctx, subject)
		switch {
		case err != nil:
			return err
		case before != after:
			continue
		case before != said:
			r.found.Discrepancies = append(r.found.Discrepancies, Discrepancy{Subject: subject, Logged: said, Stored: before})
		}
		return nil
	}
	return nil
}

// stored describes a record as it is; empty when there is none.
func (r *reconciler) stored(ctx context.Context, subject Subject) (string, error) {
	kind, id, _ := strings.Cut(string(subject), ":")
	if kind == "tag" {
		tags, err := r.store.TagsByOrder(ctx, []OrderNo{OrderNo(id)})
		if tag, known := tags[OrderNo(id)]; known {
			return describeTag(tagState(tag)), err
		}
		return "", err
	}
	cases, err := r.store.Cases(ctx, []CaseID{CaseID(id)})
	if c, known := cases[CaseID(id)]; known {
		return describeCase(caseSummary(c)), err
	}
	return "", err
}

// newest is what the log says last of a subject; empty for nothing. Entries about tags have their case as a subject, too.
func (r *reconciler) newest(ctx context.Context, subject Subject) (string, error) {
	slice := Slice{Limit: reconciledPage, Backward: true}
	for more := true; more; {
		var entries []Entry
		var err error
		entries, more, err = r.store.LogPage(ctx, LogFilter{Subject: subject}, slice)
		if err != nil {
			return "", fmt.Errorf("read log of %s: %w", subject, err)
		}
		for i := len(entries) - 1; i >= 0; i-- {
			if about, state := loggedState(entries[i]); about == subject {
				return state, nil
			}
		}
		if len(entries) > 0 {
			slice.Before = &Position{Key: entries[0].Seq}
		}
	}
	return "", nil
}
