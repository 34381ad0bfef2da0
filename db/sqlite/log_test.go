package sqlite

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
)

func TestBlockRoundTrip(t *testing.T) {
	entries := []cloudtag.Entry{
		{},
		{
			Seq: 8, At: time.UnixMilli(-1).UTC(), Actor: "a\x00\xff", Action: "b", Subjects: []cloudtag.Subject{"", "tag:1"}, Reason: "为何",
			Before: json.RawMessage(`{ "a": "<" }`), After: json.RawMessage{}, Hash: []byte{0, 1},
		},
		{Seq: 9, At: time.UnixMilli(1_700_000_000_123).UTC(), After: json.RawMessage("null"), Hash: []byte{2}},
	}
	entries[0].Seq, entries[0].At, entries[0].Hash = 7, time.UnixMilli(0).UTC(), []byte{}
	encoded := encodeBlock(entries)
	got, err := decodeBlock(7, encoded)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(entries, got); diff != "" {
		t.Error(diff)
	}
	for length := range encoded {
		if _, err := decodeBlock(7, encoded[:length]); err == nil {
			t.Errorf("a block cut off after %d of %d bytes is decoded", length, len(encoded))
		}
	}
}

func FuzzDecodeBlock(f *testing.F) {
	f.Add(encodeBlock([]cloudtag.Entry{{Actor: "a", Subjects: []cloudtag.Subject{"tag:1"}, After: json.RawMessage("{}"), Hash: []byte{1}}}))
	f.Fuzz(func(t *testing.T, encoded []byte) {
		entries, err := decodeBlock(1, encoded)
		if err != nil {
			return
		}
		again, err := decodeBlock(1, encodeBlock(entries))
		if diff := cmp.Diff(entries, again); err != nil || diff != "" {
			t.Error(err, diff)
		}
	})
}

// Pages may begin and end within blocks, whichever index they use. Counts agree with pages, and neither includes dropped
// entries.
func TestPagesBeginAndEndWithinBlocks(t *testing.T) {
	s := openStore(t, Options{})
	var entries []cloudtag.Entry
	for n := range 3 * blockSize {
		actor := []string{"x", "y"}[min(1, n%3)]
		entries = append(entries, cloudtag.Entry{
			Actor: actor, Action: cloudtag.Action([]string{"a", "b"}[n%2]), Subjects: []cloudtag.Subject{cloudtag.Subject(fmt.Sprintf(`merchant:"%s`, actor))},
		})
	}
	for chunk := range slices.Chunk(entries, 100) { // blocks also end before their size
		err := s.engine.Update(t.Context(), "test", func(tx store.Tx) error {
			tx.Append(chunk...)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, below := range []int64{1, 20, blockSize + 1, 120, 121} {
		if err := s.engine.DropLog(t.Context(), below); err != nil {
			t.Fatal(err)
		}
		checkLog(t, s, entries, below)
	}
}

// checkLog checks pages and counts of a log whose entries below a sequence number were dropped.
func checkLog(t *testing.T, s *opened, entries []cloudtag.Entry, below int64) {
	t.Helper()
	for _, filter := range []cloudtag.LogFilter{
		{}, {Actor: "x"}, {Action: "b"}, {Subject: `merchant:"x`}, {Actor: "x", Action: "b"}, {Subject: `merchant:"x`, Action: "a"}, {Actor: "z"},
	} {
		all := 0
		for n := range entries {
			if int64(n+1) >= below && filter.Matches(entries[n]) {
				all++
			}
		}
		for _, limit := range []int{1, 40, 1000} {
			if count, err := s.CountLog(t.Context(), filter, limit); err != nil || count != min(all, limit) {
				t.Errorf("from %d: %+v: %d up to %d, %v; want %d", below, filter, count, limit, err, min(all, limit))
			}
		}
		for _, after := range []int64{0, 1, blockSize - 1, blockSize, blockSize + 1, 2*blockSize + 5} {
			for _, backward := range []bool{false, true} {
				before := after + blockSize + 7
				got, more, err := s.LogPage(t.Context(), filter, cloudtag.Slice{
					Limit: 30, After: &cloudtag.Position{Key: after}, Before: &cloudtag.Position{Key: before}, Backward: backward,
				})
				if err != nil {
					t.Fatal(err)
				}
				var want, seqs []int64
				for i, entry := range entries {
					if seq := int64(i + 1); seq >= below && filter.Matches(entry) && seq > after && seq < before {
						want = append(want, seq)
					}
				}
				wantMore := len(want) > 30
				if backward {
					want = want[max(0, len(want)-30):]
				} else {
					want = want[:min(30, len(want))]
				}
				for _, entry := range got {
					seqs = append(seqs, entry.Seq)
				}
				if !slices.Equal(seqs, want) || more != wantMore {
					t.Errorf("from %d: %+v after %d, backward %v: got %v, %v, want %v, %v", below, filter, after, backward, seqs, more, want, wantMore)
				}
			}
		}
	}
}
