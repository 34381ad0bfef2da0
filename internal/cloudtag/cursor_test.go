package cloudtag_test

import (
	"testing"

	. "cloudtag/internal/cloudtag"
)

func TestCursors(t *testing.T) {
	position := Position{Key: -5, ID: "o:1:x"}
	got, err := DecodeCursor("list", EncodeCursor("list", position), "after")
	if err != nil || got != position {
		t.Errorf("%+v, %v", got, err)
	}
	for _, bad := range []Cursor{"", "x", "!!", "list", "list:x", "list:!:", ForeignCursor, EncodeCursor("other", position)} {
		if _, err := DecodeCursor("list", bad, "after"); CodeOf(err) != CodeBadInput || fieldOf(err) != "after" {
			t.Errorf("%q: %v", bad, err)
		}
	}
	place := LogPlace{Seq: 42, Hash: "0011223344556677"}
	if got, err := ParseLogCursor(place.Cursor()); err != nil || got != place {
		t.Errorf("log cursor: %+v, %v", got, err)
	}
	for _, bad := range []Cursor{"", EncodeCursor("log", Position{Key: -1}), EncodeCursor("log", Position{Key: 0, ID: "x"}), ForeignCursor} {
		if _, err := ParseLogCursor(bad); CodeOf(err) != CodeBadInput {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestPageRequests(t *testing.T) {
	number := func(n int) *int { return &n }
	tests := []struct {
		name    string
		request PageRequest
		limit   int
		code    Code
	}{
		{"default", PageRequest{}, DefaultPageSize, ""},
		{"one", PageRequest{First: number(1)}, 1, ""},
		{"the most", PageRequest{Last: number(100)}, 100, ""},
		{"none", PageRequest{First: number(0)}, 0, CodeBadInput},
		{"too many", PageRequest{First: number(101)}, 0, CodeBadInput},
		{"negative", PageRequest{Last: number(-1)}, 0, CodeBadInput},
		{"both", PageRequest{First: number(1), Last: number(1)}, 0, CodeBadInput},
		{"foreign cursor", PageRequest{After: EncodeCursor("other", Position{})}, 0, CodeBadInput},
		{"broken cursor", PageRequest{Before: "%"}, 0, CodeBadInput},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			slice, err := test.request.Slice("list")
			if CodeOf(err) != test.code || err == nil && slice.Limit != test.limit {
				t.Errorf("limit %d, %v", slice.Limit, err)
			}
		})
	}
}
