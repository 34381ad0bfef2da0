package auditlog_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"cloudtag/internal/auditlog"
	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
)

// agedMarket is a market with a log that begins at the Start and goes on every week, and is counted, more than three
// years later.
func agedMarket(t *testing.T) (*Office, *auditlog.Retention) {
	m := NewOffice(t)
	for i := range 12 {
		m.Clock.Time = Start.AddDate(0, 0, 7*i)
		buyer := BuyerID("b-" + string(rune('a'+i)))
		for _, shop := range []MerchantID{"A", "B", "C"} {
			m.SubmitOne(shop, buyer)
		}
	}
	m.Clock.Time = Start.AddDate(auditlog.RetentionYears, 6, 0)
	// One view has counted everything, another all but the newest entry.
	last := int64(len(m.Store.Entries()))
	return m, auditlog.NewRetention(m.Store, m.Clock, countedUpTo(last), countedUpTo(last-1))
}

// countedUpTo is a view that has counted so many entries.
type countedUpTo int64

func (c countedUpTo) Counted(context.Context) (int64, error) { return int64(c), nil }

func TestTrimKeepsTheRequiredEntries(t *testing.T) {
	m, retention := agedMarket(t)
	whole, auditor := m.Store.Entries(), Caller{Subject: "a", Roles: []Role{RoleAuditor}}
	reader := auditlog.NewReader(m.Store)
	first := 1
	var archived []Entry
	for _, until := range []time.Time{Start, Start.AddDate(0, 0, 15), Start.AddDate(0, 0, 15), Start.AddDate(0, 0, 61)} {
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
		if got, err := auditlog.Verify(t.Context(), m.Store, nil); err != nil || got.Break != nil || got.First != to.Seq {
			t.Errorf("until %s: %+v, %v", until, got, err)
		}
		if got, err := auditlog.Reconcile(t.Context(), m.Store); err != nil || len(got.Discrepancies) > 0 || got.Archived == 0 || got.Tags+got.Cases+got.Archived != 36+12 {
			t.Errorf("until %s: %+v, %v", until, got, err)
		}
		if got, err := reader.Entry(t.Context(), auditor, to.Seq); err != nil || !got.Intact {
			t.Errorf("the first entry that is kept: %+v, %v", got, err)
		}
		if _, err := reader.Entry(t.Context(), auditor, to.Seq-1); CodeOf(err) != CodeNotFound {
			t.Errorf("the last one that is not: %v", err)
		}
		if _, err := reader.Page(t.Context(), auditor, LogFilter{}, PageRequest{After: part[0].Place().Cursor()}); CodeOf(err) != CodeResync {
			t.Errorf("behind an archived entry: %v", err)
		}
	}
	var all auditlog.Verification
	for _, entry := range append(archived, m.Store.Entries()...) {
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
	last := m.Clock.Time.AddDate(-auditlog.RetentionYears, 0, 0)
	if _, _, err := retention.Archive(t.Context(), last.Add(time.Millisecond), none); CodeOf(err) != CodeBadInput {
		t.Errorf("younger than the law allows: %v", err)
	}
	// One of the views has not counted the newest entry.
	_, to, err := retention.Archive(t.Context(), last, none)
	newest := m.Store.Entries()
	if err != nil || to.Seq != newest[len(newest)-1].Seq {
		t.Errorf("up to %d of %d: %v", to.Seq, len(newest), err)
	}
	full := errors.New("the disk is full")
	if from, to, err := retention.Archive(t.Context(), last, func(Entry) error { return full }); !errors.Is(err, full) || from.Seq != to.Seq {
		t.Errorf("a file that can't be written: %v", err)
	}
	broken := &tampered{Store: m.Store, entries: newest}
	broken.entries[4].Actor = "x"
	if _, _, err := auditlog.NewRetention(broken, m.Clock).Archive(t.Context(), last, none); err == nil {
		t.Error("a chain that breaks is archived")
	}
	fresh := NewOffice(t)
	fresh.SubmitOne("A", "b-1")
	fresh.Clock.Time = m.Clock.Time
	if from, to, err := auditlog.NewRetention(fresh.Store, fresh.Clock, countedUpTo(0)).Archive(t.Context(), last, none); err != nil || from.Seq != to.Seq {
		t.Errorf("what nobody counted: %v, up to %d", err, to.Seq)
	}
}

// Trimming more than was logged, or without a log entry, is detected.
func TestUnloggedTrimmingIsDetected(t *testing.T) {
	m, retention := agedMarket(t)
	log := &tampered{Store: m.Store, entries: m.Store.Entries()[1:]}
	if got, err := auditlog.Verify(t.Context(), log, nil); err != nil || got.Break == nil || got.Break.Seq != 1 {
		t.Errorf("without an entry: %+v, %v", got, err)
	}
	_, to, err := retention.Archive(t.Context(), Start.AddDate(0, 0, 15), func(Entry) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if err := retention.Trim(t.Context(), to, "file", "sum"); err != nil {
		t.Fatal(err)
	}
	log.entries = m.Store.Entries()[1:]
	if got, err := auditlog.Verify(t.Context(), log, nil); err != nil || got.Break == nil || got.Break.Seq != to.Seq {
		t.Errorf("one more: %+v, %v", got, err)
	}
	log.entries = m.Store.Entries()
	log.entries[0].Reason += "x"
	if got, err := auditlog.Verify(t.Context(), log, nil); err != nil || got.Break == nil || got.Break.Seq != to.Seq {
		t.Errorf("the first one changed: %+v, %v", got, err)
	}
}
