package cloudtag_test

import (
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

func TestMayDecide(t *testing.T) {
	reviewer, auditor := person("rev", RoleReviewer), person("aud", RoleAuditor)
	waiting := Case{Handling: HandlingPending}
	held := Case{Handling: HandlingPending, Claim: &Claim{By: "ann", Until: start.Add(time.Minute)}}
	tests := []struct {
		name string
		may  bool
		want bool
	}{
		{"a reviewer, a waiting case", waiting.MayDecide(reviewer, start), true},
		{"an auditor, a waiting case", waiting.MayDecide(auditor, start), false},
		{"a reviewer, a handled case", Case{Handling: HandlingHandled}.MayDecide(reviewer, start), false},
		{"the holder", held.MayDecide(person("ann", RoleReviewer), start), true},
		{"somebody else", held.MayDecide(reviewer, start), false},
		{"somebody else once the claim has ended", held.MayDecide(reviewer, start.Add(time.Minute)), true},
	}
	for _, test := range tests {
		if test.may != test.want {
			t.Errorf("%s: %t", test.name, test.may)
		}
	}
	undo := Case{Version: 4, Undo: &Undo{By: "rev", Until: start.Add(time.Second), Version: 4}}
	if until, ok := undo.UndoableUntil("rev", start); !ok || !until.Equal(start.Add(time.Second)) {
		t.Errorf("the author: %v %t", until, ok)
	}
	if _, ok := undo.UndoableUntil("ann", start); ok {
		t.Error("somebody else takes a decision back")
	}
	if _, ok := undo.UndoableUntil("rev", start.Add(2*time.Second)); ok {
		t.Error("the window has no end")
	}
	undo.Version++
	if _, ok := undo.UndoableUntil("rev", start); ok {
		t.Error("a change since does not end the window")
	}
}
