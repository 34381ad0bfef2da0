package cloudtag_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

// agedMarket is a market with a log that begins at the start and goes on every week, and is counted, more than three
// years later.
func agedMarket(t *testing.T) (*market, *Retention) {
	m := newMarket(t)
	for i := range 12 {
		m.clock.now = start.AddDate(0, 0, 7*i)
		buyer := BuyerID("b-" + string(rune('a'+i)))
		for _, shop := range []MerchantID{"A", "B", "C"} {
			m.submitOne(shop, buyer)
		}
	}
	m.clock.now = start.AddDate(LogRetention, 6, 0)
	// One view has counted everything, another all but the newest entry.
	last := int64(len(m.store.log()))
	return m, NewRetention(m.store, m.clock, countedUpTo(last), countedUpTo(last-1))
}

// countedUpTo is a view that has counted so many entries.
type countedUpTo int64

func (c countedUpTo) Counted(context.Context) (int64, error) { return int64(c), nil }

func TestTrimKeepsTheRequiredEntries(t *testing.T) {
	m, retention := agedMarket(t)
	whole, auditor := m.store.log(), Caller{Subject: "a", Roles: []Role{RoleAuditor}}
	records := NewRecords(m.store, m.clock)
	first := 1
	var archived []Entry
	for _, until := range []time.Time{start, start.AddDate(0, 0, 15), start.AddDate(0, 0, 15), start.AddDate(0, 0, 61)} {
		var part []Entry
		from, to, err := retention.Archive(t.Context(), until, func(entry Entry) error { part = append(part, entry); return nil })
		if err != nil {
			t.Fatal(err)
		}
		want := slices.DeleteFunc(slices.Clone(whole), func(entry Entry) bool { return entry.Seq < from.Seq || !entry.At.Before(until) })
		if len(part) != len(want) || from.Seq != int64(first) || to.Seq != int64(first+len(want)) {
			t.Fatalf("until %s: %d entries from %d to %d, want %d from %d", until, len(part), from.Seq, to.Seq, len(want), first)
		}
		archived = append(archived, part...)
		if len(part) == 0 {
			continue
		}
		first = int(to.Seq)
		if err := retention.Trim(t.Context(), to, "file", "sum"); err != nil {
			t.Fatal(err)
		}
		if got, err := VerifyLog(t.Context(), m.store, nil); err != nil || got.Break != nil || got.First != to.Seq {
			t.Errorf("until %s: %+v, %v", until, got, err)
		}
		if got, err := Reconcile(t.Context(), m.store); err != nil || len(got.Discrepancies) > 0 || got.Archived == 0 || got.Tags+got.Cases+got.Archived != 36+12 {
			t.Errorf("until %s: %+v, %v", until, got, err)
		}
		if got, err := records.LogEntry(t.Context(), auditor, to.Seq); err != nil || !got.Intact {
			t.Errorf("the first entry that is kept: %+v, %v", got, err)
		}
		if _, err := records.LogEntry(t.Context(), auditor, to.Seq-1); CodeOf(err) != CodeNotFound {
			t.Errorf("the last one that is not: %v", err)
		}
		if _, err := records.LogPage(t.Context(), auditor, LogFilter{}, PageRequest{After: part[0].Place().Cursor()}); CodeOf(err) != CodeResync {
			t.Errorf("behind an archived entry: %v", err)
		}
	}
	var all Verification
	for _, entry := range append(archived, m.store.log()...) {
		if reason := all.Add(entry); reason != "" {
			t.Fatalf("archives and log together: entry %d: %s", all.Entries+1, reason)
		}
	}
	if all.Entries != int64(len(whole)+2) {
		t.Errorf("%d entries, want those before and one for each of two trims", all.Entries)
	}
}

// Entries that the law requires, that a view has not processed, or whose chain is broken are not archived.
func TestArchiveStopsAtRequiredEntries(t *testing.T) {
	m, retention := agedMarket(t)
	none := func(Entry) error { return nil }
	last := m.clock.now.AddDate(-LogRetention, 0, 0)
	if _, _, err := retention.Archive(t.Context(), last.Add(time.Millisecond), none); CodeOf(err) != CodeBadInput {
		t.Errorf("younger than the law allows: %v", err)
	}
	// One of the views has not counted the newest entry.
	_, to, err := retention.Archive(t.Context(), last, none)
	newest := m.store.log()
	if err != nil || to.Seq != newest[len(newest)-1].Seq {
		t.Errorf("up to %d of %d: %v", to.Seq, len(newest), err)
	}
	full := errors.New("the disk is full")
	if from, to, err := retention.Archive(t.Context(), last, func(Entry) error { return full }); !errors.Is(err, full) || from.Seq != to.Seq {
		t.Errorf("a file that can't be written: %v", err)
	}
	broken := &tampered{shelf: m.store, entries: newest}
	broken.entries[4].Actor = "x"
	if _, _, err := NewRetention(broken, m.clock).Archive(t.Context(), last, none); err == nil {
		t.Error("a chain that breaks is archived")
	}
	fresh := newMarket(t)
	fresh.submitOne("A", "b-1")
	fresh.clock.now = m.clock.now
	if from, to, err := NewRetention(fresh.store, fresh.clock, countedUpTo(0)).Archive(t.Context(), last, none); err != nil || from.Seq != to.Seq {
		t.Errorf("what nobody counted: %v, up to %d", err, to.Seq)
	}
}

// Trimming more than was logged, or without a log entry, is detected.
func TestUnloggedTrimmingIsDetected(t *testing.T) {
	m, retention := agedMarket(t)
	log := &tampered{shelf: m.store, entries: m.store.log()[1:]}
	if got, err := VerifyLog(t.Context(), log, nil); err != nil || got.Break == nil || got.Break.Seq != 1 {
		t.Errorf("without an entry: %+v, %v", got, err)
	}
	_, to, err := retention.Archive(t.Context(), start.AddDate(0, 0, 15), func(Entry) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if err := retention.Trim(t.Context(), to, "file", "sum"); err != nil {
		t.Fatal(err)
	}
	log.entries = m.store.log()[1:]
	if got, err := VerifyLog(t.Context(), log, nil); err != nil || got.Break == nil || got.Break.Seq != to.Seq {
		t.Errorf("one more: %+v, %v", got, err)
	}
	log.entries = m.store.log()
	log.entries[0].Reason += "x"
	if got, err := VerifyLog(t.Context(), log, nil); err != nil || got.Break == nil || got.Break.Seq != to.Seq {
		t.Errorf("the first one changed: %+v, %v", got, err)
	}
}
