package cloudtag_test

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

// tampered is a store whose log was changed directly.
type tampered struct {
	*shelf
	entries []Entry
}

func (l *tampered) LogPage(_ context.Context, filter LogFilter, slice Slice) ([]Entry, bool, error) {
	within := slices.DeleteFunc(slices.Clone(l.entries), func(entry Entry) bool {
		return !filter.Matches(entry) || slice.After != nil && entry.Seq <= slice.After.Key || slice.Before != nil && entry.Seq >= slice.Before.Key
	})
	return within[:min(slice.Limit, len(within))], len(within) > slice.Limit, nil
}

func TestLogEntryDetectsTampering(t *testing.T) {
	m := newMarket(t)
	m.submitOne("A", "b-1")
	m.submitOne("B", "b-1")
	log := &tampered{shelf: m.store, entries: m.store.log()}
	records, auditor := NewRecords(log, m.clock), Caller{Subject: "a", Roles: []Role{RoleAuditor}}
	check := func(doing string, want ...bool) {
		t.Helper()
		for i, intact := range want {
			got, err := records.LogEntry(t.Context(), auditor, int64(i+1))
			if err != nil || got.Seq != int64(i+1) || got.Intact != intact {
				t.Errorf("%s: entry %d: %+v, %v, want intact %t", doing, i+1, got, err, intact)
			}
		}
	}
	check("untouched", true, true, true)
	log.entries[1].Reason += "x"
	check("the second one changed", true, false, true)
	log.entries[1].Hash = log.entries[1].ChainHash(log.entries[0].Hash)
	check("and hashed again", true, true, false)
	for _, seq := range []int64{-1, 0, int64(len(log.entries)) + 1} {
		if _, err := records.LogEntry(t.Context(), auditor, seq); CodeOf(err) != CodeNotFound {
			t.Errorf("entry %d: %v", seq, err)
		}
	}
	if _, err := records.LogEntry(t.Context(), shopCaller("A"), 1); CodeOf(err) != CodeForbidden {
		t.Errorf("a shop: %v", err)
	}
}

func TestVerifyLogDetectsTampering(t *testing.T) {
	whole := func() *shelf {
		m := newMarket(t)
		m.submitOne("A", "b-1")
		m.submitOne("B", "b-1")
		return m.store
	}
	tests := []struct {
		name   string
		tamper func(log []Entry) []Entry
		breaks int64 // 0: it holds
	}{
		{"untouched", func(log []Entry) []Entry { return log }, 0},
		{"another actor", func(log []Entry) []Entry { log[1].Actor = "x"; return log }, 2},
		{"another time", func(log []Entry) []Entry { log[1].At = log[1].At.Add(time.Millisecond); return log }, 2},
		{"another action", func(log []Entry) []Entry { log[1].Action = "x"; return log }, 2},
		{"another subject", func(log []Entry) []Entry { log[1].Subjects = log[1].Subjects[1:]; return log }, 2},
		{"another reason", func(log []Entry) []Entry { log[1].Reason += "x"; return log }, 2},
		{"another state before", func(log []Entry) []Entry { log[1].Before = json.RawMessage(`{}`); return log }, 2},
		{"another state after", func(log []Entry) []Entry { log[1].After = json.RawMessage(`{}`); return log }, 2},
		{"one removed", func(log []Entry) []Entry { return slices.Delete(log, 1, 2) }, 2},
		{"two exchanged", func(log []Entry) []Entry { log[0].Actor, log[1].Actor = log[1].Actor, log[0].Actor; return log }, 1},
		{"rehashed from there on", func(log []Entry) []Entry {
			log[1].Actor = "x"
			log[1].Hash = log[1].ChainHash(log[0].Hash)
			return log
		}, 3},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			store := whole()
			log := &tampered{shelf: store, entries: test.tamper(store.log())}
			got, err := VerifyLog(t.Context(), log, nil)
			if err != nil {
				t.Fatal(err)
			}
			if (got.Break == nil) != (test.breaks == 0) || got.Break != nil && got.Break.Seq != test.breaks {
				t.Errorf("%+v %+v", got, got.Break)
			}
		})
	}
}

func TestChainHashSeparatesFields(t *testing.T) {
	a := Entry{Seq: 1, At: start, Actor: "ab", Action: "c"}
	b := Entry{Seq: 1, At: start, Actor: "a", Action: "bc"}
	if bytes.Equal(a.ChainHash(nil), b.ChainHash(nil)) {
		t.Error("two entries hash the same")
	}
}

func TestVerifyLogEndStartsFromThePrecedingHash(t *testing.T) {
	tests := []struct {
		name     string
		entries  int64
		tamper   int // number of the changed entry; 0: none
		breaks   int64
		verified int64
	}{
		{"all of it", 100, 0, 0, 5},
		{"the end", 2, 0, 0, 5},
		{"a change before the end", 2, 1, 0, 5},
		{"a change in the end", 2, 4, 4, 3},
		{"a change of the entry before the end", 2, 3, 0, 5}, // its hash is what the next one follows from
		{"no entry", 0, 4, 0, 5},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			store := newShelf(t)
			for range 5 {
				store.append(Entry{At: start, Actor: "a", Action: ActionTagSubmitted})
			}
			log := &tampered{shelf: store, entries: store.log()}
			if test.tamper > 0 {
				log.entries[test.tamper-1].Actor = "x"
			}
			got, err := VerifyLogEnd(t.Context(), log, test.entries)
			if err != nil || got.Entries != test.verified || (got.Break == nil) != (test.breaks == 0) || got.Break != nil && got.Break.Seq != test.breaks {
				t.Errorf("%+v %+v, %v", got, got.Break, err)
			}
		})
	}
}
