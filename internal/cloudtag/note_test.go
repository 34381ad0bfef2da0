package cloudtag_test

import (
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

func TestNotes(t *testing.T) {
	script, _ := queued(t)
	version, at := script.stored.Version, start.Add(2*time.Hour)
	note := func(text string, mentions ...string) error {
		return script.try(func(f *CaseFile) error { return f.Note(text, mentions, "ann", at) })
	}
	script.wantCode(note("@ben look", "ben", "ann"), "")
	script.wantLast(ActionCaseNoted, ReviewerSubject("ben")) // not who wrote it
	written := script.entries[len(script.entries)-1]
	if written.Reason != "@ben look" || written.Actor != "ann" || script.stored.Version != version || script.stored.Notes.Count != 1 {
		t.Errorf("%+v, %+v", written, script.stored)
	}
	withdraw := func(by string) error {
		return script.try(func(f *CaseFile) error {
			return f.WithdrawNote(CaseNote{Seq: 7, By: "ann", Mentions: []string{"ben"}}, by, at)
		})
	}
	script.wantCode(withdraw("lead"), "")
	script.wantLast(ActionCaseNoteWithdrawn, ReviewerSubject("ann"), ReviewerSubject("ben"), "note:7")
	script.wantCode(withdraw("ann"), CodeInvalidState)
	if notes := script.stored.Notes; notes.NotWithdrawn() != 0 || notes.Count != 1 {
		t.Errorf("%+v", notes)
	}
	for range MaxCaseNotes - 1 {
		script.wantCode(note("again"), "")
	}
	script.wantCode(note("one too many"), CodeInvalidState)
	// A handled case accepts notes, too.
	handled := newCaseScript(t)
	handled.tag("A", start)
	script.wantCode(handled.try(func(f *CaseFile) error { return f.Note("for later", nil, "ann", at) }), "")
}
