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

// contents are all tags, cases and log entries of a store; in a world of several rounds, those of this round.
type contents struct {
	tags    map[cloudtag.OrderNo]cloudtag.Tag
	cases   map[cloudtag.CaseID]cloudtag.Case
	byCase  map[cloudtag.CaseID][]cloudtag.Tag // by time of submission, then order number
	entries []cloudtag.Entry
}

func (w *world) readContents() contents {
	w.Helper()
	b := contents{
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

// roundTags returns the tags of this round's orders, by time of submission, then order number.
func (w *world) roundTags() []cloudtag.Tag {
	w.Helper()
	l := w.tagList(cloudtag.TagFilter{}, cloudtag.TagsBySubmittedAsc)
	return l.model(slices.Collect(maps.Values(w.tags(unique(w.known.orders)...))))
}

// roundCases returns the cases of this round's buyers.
func (w *world) roundCases() []cloudtag.Case {
	w.Helper()
	found, err := w.store.CasesOfBuyers(w.ctx, unique(w.known.buyers))
	w.noError(err, "cases of buyers")
	return slices.Concat(slices.Collect(maps.Values(found))...)
}

// about returns the entries about a subject, in order.
func (b contents) about(subject cloudtag.Subject) []cloudtag.Entry {
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

// checkInvariants checks what must hold whenever no call is running, and returns what it read: every tag is counted by its
// case, flips and batches are complete, every change is logged, and the log has no gap.
func (w *world) checkInvariants() contents {
	w.Helper()
	b := w.readContents()
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
			w.Fatalf("the log has entries about a tag of %s, which is not stored", order)
		}
	}
	for id := range caseEntries {
		if _, stored := b.cases[id]; !stored {
			w.Fatalf("the log has entries about case %s, which is not stored", id)
		}
	}
	w.checkCases(b, caseEntries)
	w.checkCounts(b)
	w.checkBatches(b)
	return b
}

// caseOfEntry returns the case of an entry; its identifier may contain colons.
func caseOfEntry(entry cloudtag.Entry) cloudtag.CaseID { return cloudtag.CaseID(entry.Subject("case")) }

// checkLog checks that sequence numbers begin with 1 and have no gap, that LastSeq and CountLog agree with them, and that
// the hash chain is intact.
func (w *world) checkLog(b contents) {
	w.Helper()
	before := w.round.hash
	for i, entry := range b.entries {
		if want := w.round.seq + int64(i) + 1; entry.Seq != want {
			w.Fatalf("entry %d of the log has sequence number %d (%s)", want, entry.Seq, entry.Action)
		}
		if !bytes.Equal(entry.Hash, entry.ChainHash(before)) {
			w.Fatalf("entry %d of the log (%s) has hash %x, want %x", entry.Seq, entry.Action, entry.Hash, entry.ChainHash(before))
		}
		before = entry.Hash
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

// checkTag checks that a tag's entries are its complete history: each begins in the state in which the one before ended, and
// the last one ends in the tag's state.
func (w *world) checkTag(b contents, tag cloudtag.Tag, entries []cloudtag.Entry) {
	w.Helper()
	if _, stored := b.cases[tag.CaseID()]; !stored {
		w.Fatalf("tag of %s has no case", tag.OrderNo)
	}
	succeeded, restored := count(entries, cloudtag.ActionTagSucceeded), count(entries, cloudtag.ActionTagRestored)
	if len(entries) == 0 || entries[0].Action != cloudtag.ActionTagSubmitted ||
		count(entries, cloudtag.ActionTagSubmitted) != 1 || succeeded > 1+restored {
		w.Fatalf("tag of %s: its entries are %s; want one tag.submitted first and one tag.succeeded, unless it was undone",
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
func (w *world) checkCases(b contents, entries map[cloudtag.CaseID][]cloudtag.Entry) {
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

// checkCase checks a case's counts against its live tags.
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
		w.Fatalf("case %s has %d votes, its live tags are of %d entities", c.ID, c.Votes, len(entities))
	case !c.NextExpiryAt.Equal(nextExpiry):
		w.Fatalf("case %s has next expiry %v, its live tags have %v", c.ID, c.NextExpiryAt, nextExpiry)
	case enough && c.State != cloudtag.CaseConfirmed,
		!enough && c.State == cloudtag.CaseConfirmed && (c.ReviewedVotes == 0 || c.Votes < min(c.ReviewedVotes, c.Threshold)):
		w.Fatalf("case %s is %s with %d of %d votes", c.ID, c.State, c.Votes, c.Threshold)
	case (c.Handling == cloudtag.HandlingPending) == c.DueAt.IsZero():
		w.Fatalf("case %s is %s, due at %v", c.ID, c.Handling, c.DueAt)
	case c.Version < 1 || c.Revision < c.Version:
		w.Fatalf("case %s has version %d, revision %d", c.ID, c.Version, c.Revision)
	}
}

// checkCaseEntries checks that a case's entries are its complete history.
func (w *world) checkCaseEntries(c cloudtag.Case, entries []cloudtag.Entry) {
	w.Helper()
	if len(entries) == 0 || entries[0].Action != cloudtag.ActionCaseOpened || count(entries, cloudtag.ActionCaseOpened) != 1 {
		w.Fatalf("case %s: its entries are %s; want one case.opened first", c.ID, actions(entries))
	}
	var last cloudtag.CaseSummary
	for i, entry := range entries {
		// All entries of one change have the same state before and after.
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

// checkCounts checks each shop's counts against its tags.
func (w *world) checkCounts(b contents) {
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

// checkBatches checks that each known batch is absent or complete, and that each tag is accepted by its batch.
func (w *world) checkBatches(b contents) {
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
