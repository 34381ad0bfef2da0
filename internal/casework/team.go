package casework

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// Team is how reviewers and leads share cases: notes with mentions, assignment, takeover, snoozing, escalation. Every change
// of a case is atomic with its log entries.
type Team struct {
	store teamStore
	clock cloudtag.Clock
	ids   cloudtag.IDSource
}

type teamStore interface {
	cloudtag.CaseAmender
	cloudtag.DocumentStore
	cloudtag.LogReader
}

// NewTeam returns the service over a store; ids generates the random tokens of claims.
func NewTeam(store teamStore, clock cloudtag.Clock, ids cloudtag.IDSource) *Team {
	return &Team{store: store, clock: clock, ids: ids}
}

// assignWorkers is how many cases are assigned concurrently, so that a store can commit them together.
const assignWorkers = 16

// TakeOver claims a case for a lead, whoever holds it (see [cloudtag.CaseFile.TakeOver]). Errors: FORBIDDEN unless the caller leads,
// NOT_FOUND, INVALID_STATE.
func (t *Team) TakeOver(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID) (cloudtag.Case, error) {
	if !caller.Leads() {
		return cloudtag.Case{}, cloudtag.Forbidden()
	}
	token := t.ids.NewID()
	return cloudtag.AmendCase(ctx, t.store, caller, id, func(file *cloudtag.CaseFile) error {
		return file.TakeOver(caller.Subject, token, t.clock.Now())
	})
}

// Assign assigns several cases to a person, or unassigns them for an empty name, independently, and returns one result per
// case, in order. Errors: FORBIDDEN unless the caller leads; BAD_USER_INPUT for more than MaxRulings cases, and for a person
// who is not a known reviewer. For each case: NOT_FOUND, INVALID_STATE.
func (t *Team) Assign(ctx context.Context, caller cloudtag.Caller, ids []cloudtag.CaseID, to string) ([]cloudtag.RulingResult, error) {
	if !caller.Leads() {
		return nil, cloudtag.Forbidden()
	}
	if len(ids) > cloudtag.MaxRulings {
		return nil, cloudtag.TooManyCases(len(ids), "caseIds")
	}
	if err := t.checkReviewer(ctx, caller, to); err != nil {
		return nil, err
	}
	results := make([]cloudtag.RulingResult, len(ids))
	cloudtag.Parallel(len(ids), assignWorkers, func(i int) {
		results[i].Case, results[i].Err = cloudtag.AmendCase(ctx, t.store, caller, ids[i], func(file *cloudtag.CaseFile) error {
			return file.Assign(to, caller.Subject, t.clock.Now())
		})
	})
	return results, nil
}

func (t *Team) checkReviewer(ctx context.Context, caller cloudtag.Caller, name string) error {
	if name == "" || name == caller.Subject {
		return nil
	}
	known, err := t.store.Documents(ctx, cloudtag.KindReviewer, []string{name})
	if err != nil {
		return fmt.Errorf("find reviewer: %w", err)
	}
	if _, is := known[name]; !is {
		return cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{
			ZH: "没有这位审核员：须为处理过案件的人。", EN: "There is no such reviewer: it must be somebody who has acted on a case.",
		}, "input", "to")
	}
	return nil
}

// Snooze hides a case from the queue until a time (see [cloudtag.CaseFile.Snooze]). Errors: FORBIDDEN unless the caller is a reviewer,
// BAD_USER_INPUT for a reason that is too long, NOT_FOUND, INVALID_STATE, CLAIMED_BY_OTHER.
func (t *Team) Snooze(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, until time.Time, reason string) (cloudtag.Case, error) {
	if !caller.Decides() {
		return cloudtag.Case{}, cloudtag.Forbidden()
	}
	if !cloudtag.ValidText(reason, cloudtag.MaxReasonLength) {
		return cloudtag.Case{}, cloudtag.Refuse(cloudtag.CodeBadInput, cloudtag.Text{
			ZH: fmt.Sprintf("reason：最多 %d 个字且不含控制字符。", cloudtag.MaxReasonLength),
			EN: fmt.Sprintf("reason: must be at most %d characters without control characters.", cloudtag.MaxReasonLength),
		}, "input", "reason")
	}
	return cloudtag.AmendCase(ctx, t.store, caller, id, func(file *cloudtag.CaseFile) error {
		return file.Snooze(caller.Subject, reason, until, t.clock.Now())
	})
}

// Wake ends the snooze of a case. Errors: FORBIDDEN unless the caller is a reviewer, NOT_FOUND, INVALID_STATE.
func (t *Team) Wake(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID) (cloudtag.Case, error) {
	return cloudtag.AmendCase(ctx, t.store, caller, id, func(file *cloudtag.CaseFile) error { return file.Wake(caller.Subject, t.clock.Now()) })
}

// Escalate escalates a case to a lead (see [cloudtag.CaseFile.Escalate]). Errors: FORBIDDEN unless the caller is a reviewer,
// REASON_REQUIRED, NOT_FOUND, INVALID_STATE, CLAIMED_BY_OTHER.
func (t *Team) Escalate(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, reason string) (cloudtag.Case, error) {
	if !caller.Decides() {
		return cloudtag.Case{}, cloudtag.Forbidden()
	}
	if err := cloudtag.CheckReason(reason, "reason"); err != nil {
		return cloudtag.Case{}, err
	}
	return cloudtag.AmendCase(ctx, t.store, caller, id, func(file *cloudtag.CaseFile) error {
		return file.Escalate(caller.Subject, reason, t.clock.Now())
	})
}

// HandBack returns an escalated case to the reviewers. Errors: FORBIDDEN unless the caller leads, REASON_REQUIRED,
// NOT_FOUND, INVALID_STATE.
func (t *Team) HandBack(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, reason string) (cloudtag.Case, error) {
	if !caller.Leads() {
		return cloudtag.Case{}, cloudtag.Forbidden()
	}
	if err := cloudtag.CheckReason(reason, "reason"); err != nil {
		return cloudtag.Case{}, err
	}
	return cloudtag.AmendCase(ctx, t.store, caller, id, func(file *cloudtag.CaseFile) error {
		return file.HandBack(caller.Subject, reason, t.clock.Now())
	})
}

// Note adds a note to a case; known reviewers whom it mentions find it in their inbox. Errors: FORBIDDEN unless the caller is a
// reviewer; NOTE_TOO_LONG for more than MaxNoteLength characters; INVALID_NOTE for a blank text, control characters, and
// more than MaxMentions people; NOT_FOUND; INVALID_STATE.
func (t *Team) Note(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, text string) (cloudtag.Case, error) {
	if !caller.Decides() {
		return cloudtag.Case{}, cloudtag.Forbidden()
	}
	if err := checkNote(text); err != nil {
		return cloudtag.Case{}, err
	}
	people, err := cloudtag.KnownReviewers(ctx, t.store)
	if err != nil {
		return cloudtag.Case{}, err
	}
	mentions := Mentions(text, people)
	if len(mentions) > MaxMentions {
		return cloudtag.Case{}, cloudtag.Refuse(cloudtag.CodeInvalidNote, cloudtag.Text{
			ZH: fmt.Sprintf("一条备注最多提及 %d 人。", MaxMentions), EN: fmt.Sprintf("A note mentions at most %d people.", MaxMentions),
		}, "input", "text")
	}
	return cloudtag.AmendCase(ctx, t.store, caller, id, func(file *cloudtag.CaseFile) error {
		return file.Note(text, mentions, caller.Subject, t.clock.Now())
	})
}

// WithdrawNote withdraws a note. Errors: FORBIDDEN unless the caller is a reviewer; NOT_FOUND if the case has no such note, or
// it is another person's and the caller does not lead; INVALID_STATE if it is already withdrawn.
func (t *Team) WithdrawNote(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, seq int64) (cloudtag.Case, error) {
	if !caller.Decides() {
		return cloudtag.Case{}, cloudtag.Forbidden()
	}
	if seq < 1 {
		return cloudtag.Case{}, cloudtag.NotFound()
	}
	found, _, err := t.store.LogPage(ctx, cloudtag.LogFilter{}, cloudtag.Slice{Limit: 1, After: &cloudtag.Position{Key: seq - 1}})
	if err != nil {
		return cloudtag.Case{}, fmt.Errorf("find note: %w", err)
	}
	if len(found) == 0 || found[0].Seq != seq {
		return cloudtag.Case{}, cloudtag.NotFound()
	}
	note := cloudtag.NoteOf(found[0])
	if note == nil || note.CaseID != id || !note.MayWithdraw(caller) {
		return cloudtag.Case{}, cloudtag.NotFound()
	}
	return cloudtag.AmendCase(ctx, t.store, caller, id, func(file *cloudtag.CaseFile) error {
		return file.WithdrawNote(*note, caller.Subject, t.clock.Now())
	})
}

// Notes returns the notes of a case, latest first, including withdrawn ones; stored is the case's CaseNotes. FORBIDDEN unless
// the caller reviews.
func (t *Team) Notes(ctx context.Context, caller cloudtag.Caller, id cloudtag.CaseID, stored cloudtag.CaseNotes) ([]cloudtag.CaseNote, error) {
	if !caller.MaySeeCases() {
		return nil, cloudtag.Forbidden()
	}
	notes := make([]cloudtag.CaseNote, 0, stored.Count)
	filter, slice := cloudtag.LogFilter{Subject: cloudtag.CaseSubject(id), Action: cloudtag.ActionCaseNoted}, cloudtag.Slice{Limit: cloudtag.MaxPageSize}
	for more := stored.Count > 0; more && len(notes) < stored.Count; {
		var entries []cloudtag.Entry
		var err error
		if entries, more, err = t.store.LogPage(ctx, filter, slice); err != nil {
			return nil, fmt.Errorf("find notes: %w", err)
		}
		for _, entry := range entries {
			note := cloudtag.NoteOf(entry)
			note.Withdrawn = stored.Withdrawal(note.Seq)
			notes = append(notes, *note)
		}
		if more {
			slice = slice.Continue(entries)
		}
	}
	slices.Reverse(notes)
	return notes, nil
}

// Reviewers returns the people who have acted on a case, by name. FORBIDDEN unless the caller reviews.
func (t *Team) Reviewers(ctx context.Context, caller cloudtag.Caller) ([]string, error) {
	if !caller.Reviews() {
		return nil, cloudtag.Forbidden()
	}
	return cloudtag.KnownReviewers(ctx, t.store)
}
