package cloudtag_test

import (
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

func TestMentions(t *testing.T) {
	people := []string{"li", "lily", "rev-2", "rev", "wang@example.com", "审核员甲", "审核员", "a.b", "auth0|7"}
	for text, want := range map[string][]string{
		"":                              nil,
		"nobody":                        nil,
		"@li":                           {"li"},
		"@lily and @li":                 {"lily", "li"},
		"@lila":                         nil,
		"@li, please":                   {"li"},
		"ask @li.":                      {"li"},
		"(@li)":                         {"li"},
		"@li请看":                         {"li"},
		"请@li看":                         {"li"},
		"@rev-2 @rev":                   {"rev-2", "rev"},
		"@rev-3":                        nil,
		"@rev- is":                      {"rev"},
		"@rev@li":                       nil,
		"@wang@example.com: look":       {"wang@example.com"},
		"mail to someone@li is none":    nil,
		"请@审核员甲看":                       {"审核员甲"},
		"请@审核员乙看":                       {"审核员"},
		"@li @li @li":                   {"li"},
		"@ li":                          nil,
		"@@li":                          {"li"},
		"@a.b and @a.bc":                {"a.b"},
		"@auth0|7":                      {"auth0|7"},
		"@auth0|77":                     nil,
		"first line\n@lily\nthird @rev": {"lily", "rev"},
	} {
		if got := Mentions(text, people); !slices.Equal(got, want) {
			t.Errorf("%q mentions %q, want %q", text, got, want)
		}
	}
	if got := Mentions("@ @x", []string{""}); got != nil {
		t.Errorf("a person without a name: %q", got)
	}
}

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
