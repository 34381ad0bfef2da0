package cloudtag

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// MaxCaseNotes is the maximum number of notes of a case, including withdrawn ones.
const MaxCaseNotes = 200

// CaseNotes is what a case stores about its notes. The notes themselves are log entries, which never change.
type CaseNotes struct {
	Count     int              `json:"count"` // withdrawn ones included
	Withdrawn []NoteWithdrawal `json:"withdrawn,omitempty"`
}

// NotWithdrawn counts the notes that were not withdrawn.
func (n CaseNotes) NotWithdrawn() int { return n.Count - len(n.Withdrawn) }

// Withdrawal returns a note's withdrawal, or nil.
func (n CaseNotes) Withdrawal(seq int64) *NoteWithdrawal {
	i := slices.IndexFunc(n.Withdrawn, func(w NoteWithdrawal) bool { return w.Note == seq })
	if i < 0 {
		return nil
	}
	return &n.Withdrawn[i]
}

// NoteWithdrawal is the withdrawal of a note, whose text stays in the log.
type NoteWithdrawal struct {
	Note int64     `json:"note"` // the number of its entry
	By   string    `json:"by"`
	At   time.Time `json:"at"`
}

// CaseNote is a reviewer's note on a case, for other reviewers.
type CaseNote struct {
	Seq       int64 // of its entry; identifies the note
	CaseID    CaseID
	At        time.Time
	By        string
	Text      string
	Mentions  []string
	Withdrawn *NoteWithdrawal // nil unless withdrawn
}

// NoteOf returns the note of an entry that added one, and nil for any other entry.
func NoteOf(entry Entry) *CaseNote {
	if entry.Action != ActionCaseNoted {
		return nil
	}
	return &CaseNote{
		Seq: entry.Seq, CaseID: CaseID(entry.Subject("case")), At: entry.At, By: entry.Actor, Text: entry.Reason, Mentions: entry.people(),
	}
}

// MayWithdraw reports whether the caller may withdraw the note: its author and leads may.
func (n CaseNote) MayWithdraw(caller Caller) bool {
	return n.Withdrawn == nil && caller.Decides() && (n.By == caller.Subject || caller.Leads())
}

// noteSubject returns the subject of a note, by the number of its entry.
func noteSubject(seq int64) Subject { return "note:" + Subject(strconv.FormatInt(seq, 10)) }

// Note adds a note to the case, in any state. The people mentioned become subjects of the entry. INVALID_STATE if the case has
// MaxCaseNotes.
func (f *CaseFile) Note(text string, mentions []string, by string, at time.Time) error {
	if f.Case.Notes.Count >= MaxCaseNotes {
		return Refuse(CodeInvalidState, Text{
			ZH: fmt.Sprintf("每个案件最多 %d 条备注。", MaxCaseNotes), EN: fmt.Sprintf("A case has at most %d notes.", MaxCaseNotes),
		}, "input", "caseId")
	}
	f.Case.Notes.Count++
	f.recordWork(ActionCaseNoted, NormalTime(at), by, text, mentions...)
	f.describeEntries()
	return nil
}

// WithdrawNote withdraws a note of the case. INVALID_STATE if it is already withdrawn.
func (f *CaseFile) WithdrawNote(note CaseNote, by string, at time.Time) error {
	if f.Case.Notes.Withdrawal(note.Seq) != nil {
		return InvalidState("noteId")
	}
	at = NormalTime(at)
	withdrawn := slices.Clone(f.Case.Notes.Withdrawn)
	f.Case.Notes.Withdrawn = append(withdrawn, NoteWithdrawal{Note: note.Seq, By: by, At: at})
	f.recordWork(ActionCaseNoteWithdrawn, at, by, "", append([]string{note.By}, note.Mentions...)...)
	if last := len(f.entries) - 1; last >= 0 {
		f.entries[last].Subjects = append(f.entries[last].Subjects, noteSubject(note.Seq))
	}
	f.describeEntries()
	return nil
}
