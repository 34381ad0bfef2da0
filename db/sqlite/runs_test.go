package sqlite

import (
	"fmt"
	"slices"
	"testing"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
)

func entriesBy(actors ...string) []cloudtag.Entry {
	entries := make([]cloudtag.Entry, len(actors))
	for i, actor := range actors {
		entries[i] = cloudtag.Entry{Seq: int64(100 + i), Actor: actor, Action: "a"}
	}
	return entries
}

func TestRunsBridgeShortGapsOnly(t *testing.T) {
	others := func(count int) []string { return slices.Repeat([]string{"other"}, count) }
	for _, test := range []struct {
		name   string
		actors []string
		want   []run // of the first actor
	}{
		{"one entry", []string{"x"}, []run{{"by x", 100, 100}}},
		{"neighbours", []string{"x", "x", "x"}, []run{{"by x", 100, 102}}},
		{"the longest gap", slices.Concat([]string{"x"}, others(runGap), []string{"x"}), []run{{"by x", 100, 101 + runGap}}},
		{"one more", slices.Concat([]string{"x"}, others(runGap+1), []string{"x"}), []run{{"by x", 100, 100}, {"by x", 102 + runGap, 102 + runGap}}},
		{"the longest run", slices.Repeat([]string{"x"}, runSpan), []run{{"by x", 100, 99 + runSpan}}},
		{"one entry more", slices.Repeat([]string{"x"}, runSpan+1), []run{{"by x", 100, 99 + runSpan}, {"by x", 100 + runSpan, 100 + runSpan}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := slices.DeleteFunc(runsOf(entriesBy(test.actors...)), func(r run) bool { return r.key != "by x" })
			if !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// A page that begins within a run finds the rest of it, and one that ends there leaves the rest out.
func TestPagesBeginAndEndWithinRuns(t *testing.T) {
	s := openStore(t, Options{})
	var actors []string
	for n := range 3 * runSpan {
		actors = append(actors, []string{"x", "y"}[min(1, n%3)])
	}
	entries := entriesBy(actors...)
	for i := range entries {
		entries[i].Subjects = []cloudtag.Subject{cloudtag.Subject(fmt.Sprintf(`merchant:"%s`, entries[i].Actor))}
	}
	appendAll := func(tx store.Tx) error {
		tx.Append(entries...)
		return nil
	}
	if err := s.engine.Update(t.Context(), "test", appendAll); err != nil {
		t.Fatal(err)
	}
	for _, filter := range []cloudtag.LogFilter{{Actor: "x"}, {Subject: `merchant:"x`}, {Actor: "x", Action: "a"}} {
		for _, after := range []int64{0, 1, runSpan - 1, runSpan, runSpan + 1, 2*runSpan + 5} {
			before := after + runSpan + 7
			got, _, err := s.LogPage(t.Context(), filter, cloudtag.Slice{
				Limit: 10 * runSpan, After: &cloudtag.Position{Key: after}, Before: &cloudtag.Position{Key: before},
			})
			if err != nil {
				t.Fatal(err)
			}
			var want, seqs []int64
			for i, actor := range actors {
				if seq := int64(i + 1); actor == "x" && seq > after && seq < before {
					want = append(want, seq)
				}
			}
			for _, entry := range got {
				seqs = append(seqs, entry.Seq)
			}
			if !slices.Equal(seqs, want) {
				t.Errorf("%+v after %d: got %v, want %v", filter, after, seqs, want)
			}
		}
	}
}
