package store

import (
	"bytes"
	"testing"

	"cloudtag/internal/cloudtag"
)

// A log continues its chain; an empty one begins with the number and hash of the first entry of a trimmed log, if that is
// what it is given.
func TestSeal(t *testing.T) {
	tests := []struct {
		name  string
		chain Chain
		first cloudtag.Entry
		seq   int64
		kept  bool // the entry's hash
	}{
		{"the first entry", Chain{}, cloudtag.Entry{}, 1, false},
		{"a first entry with a hash", Chain{}, cloudtag.Entry{Seq: 1, Hash: []byte("x")}, 1, false},
		{"the first one of a trimmed log", Chain{}, cloudtag.Entry{Seq: 5, Hash: []byte("x")}, 5, true},
		{"a number without a hash", Chain{}, cloudtag.Entry{Seq: 5}, 1, false},
		{"a log with entries", Chain{Seq: 7, Head: []byte("y")}, cloudtag.Entry{Seq: 5, Hash: []byte("x")}, 8, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			head := test.chain.Head
			sealed := test.chain.Seal([]cloudtag.Entry{test.first, {}})
			first, second := sealed[0], sealed[1]
			hashed := test.first
			hashed.Seq = test.seq
			want := hashed.ChainHash(head)
			if test.kept {
				want = test.first.Hash
			}
			if first.Seq != test.seq || !bytes.Equal(first.Hash, want) {
				t.Errorf("entry %d with hash %x, want %d with %x", first.Seq, first.Hash, test.seq, want)
			}
			next := cloudtag.Entry{Seq: test.seq + 1}
			if second.Seq != next.Seq || !bytes.Equal(second.Hash, next.ChainHash(first.Hash)) {
				t.Errorf("entry %d with hash %x does not continue %x", second.Seq, second.Hash, first.Hash)
			}
			if test.chain.Seq != second.Seq || !bytes.Equal(test.chain.Head, second.Hash) {
				t.Errorf("the chain ends with %d, %x", test.chain.Seq, test.chain.Head)
			}
		})
	}
}

func TestLogQuerySelects(t *testing.T) {
	entry := cloudtag.Entry{Seq: 5, Subjects: []cloudtag.Subject{"merchant:a"}}
	tests := []struct {
		query LogQuery
		want  bool
	}{
		{LogQuery{}, true},
		{LogQuery{Above: 4, Below: 6}, true},
		{LogQuery{Above: 5}, false},
		{LogQuery{Below: 5}, false},
		{LogQuery{Key: "merchant:a"}, true},
		{LogQuery{Key: "merchant:b"}, false},
		{LogQuery{LogFilter: cloudtag.LogFilter{Subject: "merchant:b"}}, false},
	}
	for _, test := range tests {
		if got := test.query.Selects(entry); got != test.want {
			t.Errorf("%+v: %t, want %t", test.query, got, test.want)
		}
	}
}
