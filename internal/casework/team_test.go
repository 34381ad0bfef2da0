package casework_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudtag/internal/casework"
	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
)

// desk is an office with a pending case and the team that shares it.
type desk struct {
	*Office
	team *casework.Team
	id   CaseID
}

func newDesk(t *testing.T) *desk {
	o := NewOffice(t)
	o.SubmitOne("A", "b-1")
	o.SubmitOne("B", "b-1")
	tokens := 0
	return &desk{
		Office: o, team: casework.NewTeam(o.Store, o.Clock, IDFunc(func() string { tokens++; return fmt.Sprint("token-", tokens) })),
		id: NewCaseID(TestScenario, "b-1"),
	}
}

// introduce lets people act on the case, so that they are known reviewers.
func (d *desk) introduce(names ...string) {
	d.T.Helper()
	for _, name := range names {
		claimed, err := d.Reviews.Claim(d.T.Context(), Person(name, RoleReviewer), d.id, "")
		if err == nil {
			_, err = d.Reviews.Release(d.T.Context(), Person(name, RoleReviewer), d.id, claimed.Claim.Token)
		}
		if err != nil {
			d.T.Fatal(err)
		}
	}
	documents, err := NewReviewers(d.T.Context(), d.Store, d.Store.Entries())
	if err == nil {
		err = d.Store.SaveDocuments(d.T.Context(), documents, nil)
	}
	if err != nil {
		d.T.Fatal(err)
	}
}

func (d *desk) notes(caller Caller) []CaseNote {
	d.T.Helper()
	found, err := d.team.Notes(d.T.Context(), caller, d.id, d.Store.Case(d.id).Notes)
	d.want(err, "")
	return found
}

func (d *desk) want(err error, code Code) {
	d.T.Helper()
	if CodeOf(err) != code {
		d.T.Errorf("%v, want %q", err, code)
	}
}

var (
	ann   = Person("ann", RoleReviewer)
	ben   = Person("ben", RoleReviewer)
	chief = Person("chief", RoleAdmin)
)

// Unauthorized callers get FORBIDDEN whatever else is wrong; callers who may only read change nothing.
func TestTeamAuthorization(t *testing.T) {
	d, ctx := newDesk(t), context.Background()
	before := d.Store.Case(d.id)
	calls := map[string]struct {
		lead bool
		call func(Caller) error
	}{
		"take over": {true, func(c Caller) error { _, err := d.team.TakeOver(ctx, c, d.id); return err }},
		"assign":    {true, func(c Caller) error { _, err := d.team.Assign(ctx, c, []CaseID{d.id}, "ann"); return err }},
		"hand back": {true, func(c Caller) error { _, err := d.team.HandBack(ctx, c, d.id, "why"); return err }},
		"snooze":    {false, func(c Caller) error { _, err := d.team.Snooze(ctx, c, d.id, Start.Add(time.Hour), ""); return err }},
		"wake":      {false, func(c Caller) error { _, err := d.team.Wake(ctx, c, d.id); return err }},
		"escalate":  {false, func(c Caller) error { _, err := d.team.Escalate(ctx, c, d.id, "why"); return err }},
		"note":      {false, func(c Caller) error { _, err := d.team.Note(ctx, c, d.id, "a note"); return err }},
		"withdraw":  {false, func(c Caller) error { _, err := d.team.WithdrawNote(ctx, c, d.id, 1); return err }},
		"read":      {false, func(c Caller) error { _, err := d.team.ReadInbox(ctx, c, 1); return err }},
	}
	for name, test := range calls {
		for _, caller := range []Caller{
			Person("u", RoleAuditor), Platform(), ShopCaller("A"), {Subject: "nobody"}, Person("ann", RoleReviewer),
		} {
			if caller.Decides() && !test.lead {
				continue
			}
			if err := test.call(caller); CodeOf(err) != CodeForbidden {
				t.Errorf("%s by %v: %v", name, caller.Roles, err)
			}
		}
	}
	if after := d.Store.Case(d.id); after.Revision != before.Revision {
		t.Error("the case changed")
	}
	for name, read := range map[string]func(Caller) error{
		"notes":     func(c Caller) error { _, err := d.team.Notes(ctx, c, d.id, CaseNotes{}); return err },
		"reviewers": func(c Caller) error { _, err := d.team.Reviewers(ctx, c); return err },
		"inbox":     func(c Caller) error { _, err := d.team.Inbox(ctx, c); return err },
	} {
		d.want(read(Person("u", RoleAuditor)), "")
		for _, caller := range []Caller{Platform(), ShopCaller("A"), {Subject: "nobody"}} {
			if err := read(caller); CodeOf(err) != CodeForbidden {
				t.Errorf("%s for %v: %v", name, caller.Roles, err)
			}
		}
	}
}

func TestNotesWithMentions(t *testing.T) {
	d, ctx := newDesk(t), context.Background()
	d.introduce("ben", "cora")
	if known, err := d.team.Reviewers(ctx, ann); err != nil || !slices.Equal(known, []string{"ben", "cora"}) {
		t.Fatalf("%v, %v", known, err)
	}
	for text, code := range map[string]Code{
		"": CodeInvalidNote, " \n": CodeInvalidNote, "a\x00b": CodeInvalidNote,
		strings.Repeat("字", casework.MaxNoteLength+1): CodeNoteTooLong,
	} {
		_, err := d.team.Note(ctx, ann, d.id, text)
		d.want(err, code)
	}
	_, err := d.team.Note(ctx, ann, "RETURN_SWAPPED:nobody", "a note")
	d.want(err, CodeNotFound)
	for _, text := range []string{strings.Repeat("字", casework.MaxNoteLength), "@ben and @dora, look at the baskets"} {
		d.Clock.Time = d.Clock.Time.Add(time.Minute)
		_, err := d.team.Note(ctx, ann, d.id, text)
		d.want(err, "")
	}
	notes := func() []CaseNote { return d.notes(chief) }
	latest := notes()[0]
	if len(notes()) != 2 || latest.By != "ann" || !slices.Equal(latest.Mentions, []string{"ben"}) || !latest.At.Equal(d.Clock.Time) {
		t.Fatalf("%+v", notes())
	}
	unread := func(caller Caller) int {
		t.Helper()
		inbox, err := d.team.Inbox(ctx, caller)
		d.want(err, "")
		return inbox.Unread
	}
	if unread(ben) != 1 || unread(ann) != 0 || unread(Person("cora", RoleReviewer)) != 0 {
		t.Errorf("unread: ben %d, ann %d", unread(ben), unread(ann))
	}

	// Notes can be withdrawn once, by the author or a lead, of this case only.
	_, err = d.team.WithdrawNote(ctx, ben, d.id, latest.Seq)
	d.want(err, CodeNotFound)
	for _, seq := range []int64{-1, 0, latest.Seq - 2, latest.Seq + 1} {
		_, err = d.team.WithdrawNote(ctx, ann, d.id, seq)
		d.want(err, CodeNotFound)
	}
	d.SubmitOne("A", "b-2")
	_, err = d.team.WithdrawNote(ctx, ann, NewCaseID(TestScenario, "b-2"), latest.Seq)
	d.want(err, CodeNotFound)
	_, err = d.team.WithdrawNote(ctx, chief, d.id, latest.Seq)
	d.want(err, "")
	_, err = d.team.WithdrawNote(ctx, ann, d.id, latest.Seq)
	d.want(err, CodeInvalidState)
	if latest = notes()[0]; latest.Withdrawn == nil || latest.Withdrawn.By != "chief" || latest.MayWithdraw(ann) || notes()[1].Withdrawn != nil {
		t.Errorf("%+v", notes())
	}
	if latest.Text == "" {
		t.Error("the log lost what a withdrawn note said")
	}
	if unread(ben) != 2 || unread(ann) != 1 {
		t.Errorf("unread: ben %d, ann %d", unread(ben), unread(ann))
	}
}

// A note may mention at most MaxMentions people.
func TestANoteWithTooManyMentionsIsRejected(t *testing.T) {
	d, ctx := newDesk(t), context.Background()
	var names []string
	for n := range casework.MaxMentions + 1 {
		names = append(names, fmt.Sprint("person-", n))
	}
	d.introduce(names...)
	for count, code := range map[int]Code{casework.MaxMentions: "", casework.MaxMentions + 1: CodeInvalidNote} {
		_, err := d.team.Note(ctx, ann, d.id, "@"+strings.Join(names[:count], " @"))
		d.want(err, code)
	}
}

// Notes returns all notes even if they do not fit into one page of the log.
func TestNotesBeyondOnePage(t *testing.T) {
	d, ctx := newDesk(t), context.Background()
	for n := range MaxPageSize + 5 {
		_, err := d.team.Note(ctx, ann, d.id, fmt.Sprint("note ", n))
		d.want(err, "")
	}
	notes := d.notes(ann)
	if len(notes) != MaxPageSize+5 || notes[0].Text != "note 104" || notes[104].Text != "note 0" {
		t.Errorf("%d notes", len(notes))
	}
}

func TestInboxes(t *testing.T) {
	d, ctx := newDesk(t), context.Background()
	d.introduce("ben")
	for n := range casework.MaxUnread + 1 {
		_, err := d.team.Note(ctx, ann, d.id, fmt.Sprint("@ben ", n))
		d.want(err, "")
	}
	inbox, err := d.team.Inbox(ctx, ben)
	if err != nil || inbox.Unread != casework.MaxUnread || inbox.Subject != ReviewerSubject("ben") {
		t.Errorf("%+v, %v", inbox, err)
	}
	last := int64(len(d.Store.Entries()))
	for _, seq := range []int64{-1, last + 1} {
		_, err := d.team.ReadInbox(ctx, ben, seq)
		d.want(err, CodeBadInput)
	}
	for _, step := range []struct {
		through int64
		unread  int
	}{{last - 3, 3}, {last - 5, 3}, {last, 0}, {1, 0}} {
		if inbox, err = d.team.ReadInbox(ctx, ben, step.through); err != nil || inbox.Unread != step.unread {
			t.Errorf("read to %d: %+v, %v", step.through, inbox, err)
		}
	}
	if int64(len(d.Store.Entries())) != last {
		t.Error("reading is in the log")
	}
}

func TestLeadsAssignSeveralCases(t *testing.T) {
	d, ctx := newDesk(t), context.Background()
	d.introduce("ben")
	d.SubmitOne("A", "b-2") // one vote of three: waits for nobody
	other := NewCaseID(TestScenario, "b-2")
	ids := []CaseID{d.id, "RETURN_SWAPPED:nobody", other, d.id}
	results, err := d.team.Assign(ctx, chief, ids, "ben")
	d.want(err, "")
	for i, code := range []Code{"", CodeNotFound, CodeInvalidState, ""} {
		d.want(results[i].Err, code)
	}
	if d.Store.Case(d.id).AssignedTo() != "ben" {
		t.Error("not assigned")
	}
	_, err = d.team.Assign(ctx, chief, ids[:1], "dora")
	d.want(err, CodeBadInput)
	_, err = d.team.Assign(ctx, chief, make([]CaseID, MaxRulings+1), "ben")
	d.want(err, CodeBadInput)
	for _, to := range []string{"chief", ""} { // oneself, nobody
		_, err = d.team.Assign(ctx, chief, ids[:1], to)
		d.want(err, "")
		if got := d.Store.Case(d.id).AssignedTo(); got != to {
			t.Errorf("assigned to %q, want %q", got, to)
		}
	}
}

func TestLeadsTakeOverAndDecideEscalatedCases(t *testing.T) {
	d, ctx := newDesk(t), context.Background()
	_, err := d.Reviews.Claim(ctx, ann, d.id, "")
	d.want(err, "")
	_, err = d.team.Escalate(ctx, ann, d.id, "")
	d.want(err, CodeReasonRequired)
	_, err = d.team.Escalate(ctx, ann, d.id, "one street")
	d.want(err, "")
	_, err = d.Reviews.Claim(ctx, ben, d.id, "")
	d.want(err, CodeInvalidState)
	ruling := Ruling{Decision: DecisionReject, Reason: "r", ExpectedVersion: d.Store.Case(d.id).Version}
	c, err := d.Reviews.Decide(ctx, ann, d.id, ruling)
	d.want(err, CodeInvalidState)
	if c.Work.Escalation == nil {
		t.Error("the refusal comes without the case")
	}
	_, err = d.team.HandBack(ctx, chief, d.id, "look again")
	d.want(err, "")
	_, err = d.Reviews.Claim(ctx, ben, d.id, "")
	d.want(err, "")
	taken, err := d.team.TakeOver(ctx, chief, d.id)
	d.want(err, "")
	if taken.Claim.TakenFrom != "ben" {
		t.Errorf("%+v", taken.Claim)
	}
	ruling.Token = taken.Claim.Token
	_, err = d.Reviews.Decide(ctx, chief, d.id, ruling)
	d.want(err, "")
}
