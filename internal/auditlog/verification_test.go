package auditlog_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"cloudtag/internal/auditlog"
	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
)

// tampered is a store whose log was changed directly.
type tampered struct {
	*Store
	entries []Entry
}

func (l *tampered) LogPage(_ context.Context, filter LogFilter, slice Slice) ([]Entry, bool, error) {
	within := slices.DeleteFunc(slices.Clone(l.entries), func(entry Entry) bool {
		return !filter.Matches(entry) || slice.After != nil && entry.Seq <= slice.After.Key || slice.Before != nil && entry.Seq >= slice.Before.Key
	})
	return within[:min(slice.Limit, len(within))], len(within) > slice.Limit, nil
}

func TestVerifyDetectsTampering(t *testing.T) {
	whole := func() *Store {
		m := NewOffice(t)
		m.SubmitOne("A", "b-1")
		m.SubmitOne("B", "b-1")
		return m.Store
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
			log := &tampered{Store: store, entries: test.tamper(store.Entries())}
			got, err := auditlog.Verify(t.Context(), log, nil)
			if err != nil {
				t.Fatal(err)
			}
			if (got.Break == nil) != (test.breaks == 0) || got.Break != nil && got.Break.Seq != test.breaks {
				t.Errorf("%+v %+v", got, got.Break)
			}
		})
	}
}

func TestVerifyEndStartsFromThePrecedingHash(t *testing.T) {
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
			store := NewStore(t)
			for range 5 {
				store.Append(Entry{At: Start, Actor: "a", Action: ActionTagSubmitted})
			}
			log := &tampered{Store: store, entries: store.Entries()}
			if test.tamper > 0 {
				log.entries[test.tamper-1].Actor = "x"
			}
			got, err := auditlog.VerifyEnd(t.Context(), log, test.entries)
			if err != nil || got.Entries != test.verified || (got.Break == nil) != (test.breaks == 0) || got.Break != nil && got.Break.Seq != test.breaks {
				t.Errorf("%+v %+v, %v", got, got.Break, err)
			}
		})
	}
}
