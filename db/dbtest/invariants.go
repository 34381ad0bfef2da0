package dbtest

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"cloudtag/internal/cloudtag"
)

// books is all that a store holds of tags, cases and the log; in a world of several rounds, all of this round.
type books struct {
	tags    map[cloudtag.OrderNo]cloudtag.Tag
	cases   map[cloudtag.CaseID]cloudtag.Case
	byCase  map[cloudtag.CaseID][]cloudtag.Tag // by time of submission, then order number
	entries []cloudtag.Entry
}

func (w *world) readBooks() books {
	w.Helper()
	b := books{
		tags: map[cloudtag.OrderNo]cloudtag.Tag{}, cases: map[cloudtag.CaseID]cloudtag.Case{},
		byCase: map[cloudtag.CaseID][]cloudtag.Tag{}, entries: w.logAfter(w.round.seq),
	}
	tags, cases := w.roundTags(), w.roundCases()
	if w.prefix == "" {
		tags, cases = w.allTags(), w.allCases()
	}
	for _, tag := range tags {
		b.tags[tag.OrderNo] = tag
		b.byCase[tag.CaseID()] = append(b.byCase[tag.CaseID()], tag)
	}
	for _, c := range cases {
		b.cases[c.ID] = c
	}
	return b
}

// roundTags are the tags of the orders that this round knows, by time of submission, then order number.
func (w *world) roundTags() []cloudtag.Tag {
	w.Helper()
	l := w.tagList(cloudtag.TagFilter{}, cloudtag.TagsBySubmittedAsc)
	return l.model(slices.Collect(maps.Values(w.tags(unique(w.known.orders)...))))
}

// roundCases are the cases of the buyers that this round knows.
func (w *world) roundCases() []cloudtag.Case {
	w.Helper()
	found, err := w.store.CasesOfBuyers(w.ctx, unique(w.known.buyers))
	w.noError(err, "cases of buyers")
	return slices.Concat(slices.Collect(maps.Values(found))...)
}

// about returns the entries about a subject, in order.
func (b books) about(subject cloudtag.Subject) []cloudtag.Entry {
	var found []cloudtag.Entry
	for _, entry := range b.entries {
		if slices.Contains(entry.Subjects, subject) {
			found = append(found, entry)
		}
	}
	return found
}

// count counts the entries of an action.
func count(entries []cloudtag.Entry, action cloudtag.Action) int {
	n := 0
	for _, entry := range entries {
		if entry.Action == action {
			n++
		}
	}
	return n
}

// checkInvariants checks what must hold whenever no call is under way, whatever happened before, and returns what
// it read: no tag without its case's count, no flip half done, no change without its log entry, no gap in the log,
// no batch half there.
func (w *world) checkInvariants() books {
	w.Helper()
	b := w.readBooks()
	w.checkLog(b)
	tagEntries, caseEntries := map[cloudtag.OrderNo][]cloudtag.Entry{}, map[cloudtag.CaseID][]cloudtag.Entry{}
	for _, entry := range b.entries {
		if strings.HasPrefix(string(entry.Action), "tag.") {
			order := cloudtag.OrderNo(entry.Subject("tag"))
			tagEntries[order] = append(tagEntries[order], entry)
		}
		if strings.HasPrefix(string(entry.Action), "case.") {
			id := caseOfEntry(entry)
			caseEntries[id] = append(caseEntries[id], entry)
		}
	}
	for order, tag := range b.tags {
		w.checkTag(b, tag, tagEntries[order])
	}
	for order := range tagEntries {
		if _, stored := b.tags[order]; !stored {
			w.Fatalf("the log speaks of a tag of %s, which is not stored", order)
		}
	}
	for id := range caseEntries {
		if _, stored := b.cases[id]; !stored {
			w.Fatalf("the log speaks of case %s, which is not stored", id)
		}
	}
	w.checkCases(b, caseEntries)
	w.checkCounts(b)
	w.checkBatches(b)
	return b
}

// caseOfEntry is the case that an entry is about; its identifier may hold colons.
func caseOfEntry(entry cloudtag.Entry) cloudtag.CaseID { return cloudtag.CaseID(entry.Subject("case")) }

// checkLog checks that the log counts on without a gap and knows its own end.
func (w *world) checkLog(b books) {
	w.Helper()
	for i, entry := range b.entries {
		if want := w.round.seq + int64(i) + 1; entry.Seq != want {
			w.Fatalf("entry %d of the log has sequence number %d (%s)", want, entry.Seq, entry.Action)
		}
	}
	end := w.round.seq + int64(len(b.entries))
	if last := w.lastSeq(); last != end {
		w.Fatalf("LastSeq is %d, the log ends at %d", last, end)
	}
	total, err := w.store.CountLog(w.ctx, cloudtag.LogFilter{}, int(end)+1)
	w.noError(err, "count the log")
	if total != int(end) {
		w.Fatalf("CountLog is %d, the log has %d entries", total, end)
	}
}

// checkTag checks that a tag's entries tell its whole life: each begins where the one before ended, and the last
// ends where the tag stands.
func (w *world) checkTag(b books, tag cloudtag.Tag, entries []cloudtag.Entry) {
	w.Helper()
	if _, stored := b.cases[tag.CaseID()]; !stored {
		w.Fatalf("tag of %s has no case", tag.OrderNo)
	}
	if len(entries) == 0 || entries[0].Action != cloudtag.ActionTagSubmitted ||
		count(entries, cloudtag.ActionTagSubmitted) != 1 || count(entries, cloudtag.ActionTagSucceeded) > 1 {
		w.Fatalf("tag of %s: its entries are %s; want one tag.submitted first and at most one tag.succeeded",
			tag.OrderNo, actions(entries))
	}
	var last cloudtag.TagState
	for i, entry := range entries {
		if i > 0 {
			var before cloudtag.TagState
			w.decode(entry.Before, &before)
			if before.Version != last.Version || before.Status != last.Status || before.EntityID != last.EntityID {
				w.Fatalf("tag of %s: entry %d (%s) begins at %+v, the one before ended at %+v",
					tag.OrderNo, entry.Seq, entry.Action, before, last)
			}
		}
		last = cloudtag.TagState{}
		w.decode(entry.After, &last)
		if last.Version != i+1 {
			w.Fatalf("tag of %s: entry %d (%s) is version %d, want %d", tag.OrderNo, entry.Seq, entry.Action, last.Version, i+1)
		}
	}
	if last.Status != tag.Status || last.Version != tag.Version || last.EntityID != tag.EntityID {
		w.Fatalf("tag of %s is %s version %d of %s, its log ends at %+v", tag.OrderNo, tag.Status, tag.Version, tag.EntityID, last)
	}
}

func (w *world) decode(text json.RawMessage, into any) {
	w.Helper()
	w.noError(json.Unmarshal(text, into), "decode "+string(text))
}

func actions(entries []cloudtag.Entry) string {
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = string(entry.Action)
	}
	return strings.Join(names, ", ")
}

// checkCases checks each case against its tags and its entries.
func (w *world) checkCases(b books, entries map[cloudtag.CaseID][]cloudtag.Entry) {
	w.Helper()
	ids := make([]cloudtag.CaseID, 0, len(b.cases))
	for id := range b.cases {
		ids = append(ids, id)
	}
	var live map[cloudtag.CaseID][]cloudtag.Tag
	if len(ids) > 0 {
		live = w.liveTags(ids...)
	}
	windows := map[int]time.Duration{}
	for _, id := range ids {
		c := b.cases[id]
		if _, known := windows[c.PolicyVersion]; !known {
			policy, err := w.store.Policy(w.ctx, c.PolicyVersion)
			w.noError(err, "policy of case "+string(id))
			windows[c.PolicyVersion] = policy.Window()
		}
		want := slices.DeleteFunc(slices.Clone(b.byCase[id]), func(tag cloudtag.Tag) bool { return !tag.Live })
		equal(w, "live tags of "+string(id), live[id], want)
		w.checkCase(c, want, windows[c.PolicyVersion])
		w.checkCaseEntries(c, entries[id])
	}
}

// checkCase checks a case's numbers against its live tags.
func (w *world) checkCase(c cloudtag.Case, live []cloudtag.Tag, window time.Duration) {
	w.Helper()
	entities := map[cloudtag.EntityID]bool{}
	var nextExpiry time.Time
	for _, tag := range live {
		entities[tag.EntityID] = true
		if expiry := tag.SubmittedAt.Add(window); nextExpiry.IsZero() || expiry.Before(nextExpiry) {
			nextExpiry = expiry
		}
		if c.State == cloudtag.CaseConfirmed && tag.Status != cloudtag.TagSucceeded {
			w.Fatalf("case %s is confirmed, its live tag of %s is %s", c.ID, tag.OrderNo, tag.Status)
		}
	}
	switch enough := c.Votes >= c.Threshold && len(c.Holds) == 0; {
	case c.Votes != len(entities):
		w.Fatalf("case %s says %d votes, its live tags are of %d entities", c.ID, c.Votes, len(entities))
	case !c.NextExpiryAt.Equal(nextExpiry):
		w.Fatalf("case %s says next expiry %v, its live tags say %v", c.ID, c.NextExpiryAt, nextExpiry)
	case enough != (c.State == cloudtag.CaseConfirmed):
		w.Fatalf("case %s is %s with %d of %d votes", c.ID, c.State, c.Votes, c.Threshold)
	case (c.Handling == cloudtag.HandlingPending) == c.DueAt.IsZero():
		w.Fatalf("case %s is %s, due at %v", c.ID, c.Handling, c.DueAt)
	case c.Version < 1:
		w.Fatalf("case %s has version %d", c.ID, c.Version)
	}
}

// checkCaseEntries checks that the log tells how the case came to where it stands.
func (w *world) checkCaseEntries(c cloudtag.Case, entries []cloudtag.Entry) {
	w.Helper()
	if len(entries) == 0 || entries[0].Action != cloudtag.ActionCaseOpened || count(entries, cloudtag.ActionCaseOpened) != 1 {
		w.Fatalf("case %s: its entries are %s; want one case.opened first", c.ID, actions(entries))
	}
	var last cloudtag.CaseSummary
	for i, entry := range entries {
		// Entries of one change all tell the whole change: the same before, the same after.
		sameChange := i > 0 && bytes.Equal(canonical(entry.Before), canonical(entries[i-1].Before)) &&
			bytes.Equal(canonical(entry.After), canonical(entries[i-1].After))
		if i > 0 && !sameChange {
			var before cloudtag.CaseSummary
			w.decode(entry.Before, &before)
			if before.State != last.State {
				w.Fatalf("case %s: entry %d (%s) begins as %s, the one before ended as %s",
					c.ID, entry.Seq, entry.Action, before.State, last.State)
			}
		}
		last = cloudtag.CaseSummary{}
		w.decode(entry.After, &last)
	}
	if last.State != c.State || last.Handling != c.Handling {
		w.Fatalf("case %s is %s, %s; its log ends as %s, %s", c.ID, c.State, c.Handling, last.State, last.Handling)
	}
}

// checkCounts checks each shop's numbers against its tags.
func (w *world) checkCounts(b books) {
	w.Helper()
	want := map[cloudtag.MerchantID]cloudtag.MerchantCounts{}
	for _, tag := range b.tags {
		counts := want[tag.MerchantID]
		counts.Tags++
		switch tag.Status {
		case cloudtag.TagSucceeded:
			counts.Succeeded++
		case cloudtag.TagOverturned:
			counts.Overturned++
		}
		want[tag.MerchantID] = counts
	}
	got, err := w.store.MerchantCounts(w.ctx, slices.Collect(maps.Keys(want)))
	w.noError(err, "merchant counts")
	equal(w, "counts of tags by shop", got, want)
}

// checkBatches checks that each known batch is absent or complete, and that each tag of a batch is told by it.
func (w *world) checkBatches(b books) {
	w.Helper()
	accepted := map[cloudtag.OrderNo]cloudtag.BatchID{}
	for _, key := range unique(w.known.keys) {
		batch := w.batch(key)
		if batch == nil {
			continue
		}
		for _, result := range batch.Results {
			if !result.Accepted() {
				continue
			}
			tag, stored := b.tags[result.OrderNo]
			if !stored || tag.BatchID != batch.ID {
				w.Fatalf("batch %s accepted %s, whose tag is %+v", batch.ID, result.OrderNo, tag)
			}
			accepted[result.OrderNo] = batch.ID
		}
	}
	for order, tag := range b.tags {
		if tag.BatchID != accepted[order] && tag.BatchID != replayed {
			w.Fatalf("tag of %s is of batch %q, accepted by batch %q", order, tag.BatchID, accepted[order])
		}
	}
}
