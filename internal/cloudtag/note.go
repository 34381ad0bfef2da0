package cloudtag

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	// MaxCaseNoteLength is how long a reviewer's note on a case is at most, in characters.
	MaxCaseNoteLength = 1000
	// MaxCaseNotes is how many notes a case has at most, withdrawn ones included.
	MaxCaseNotes = 200
	// MaxMentions is how many people one note mentions at most.
	MaxMentions = 20
)

// CaseNotes is what a case keeps of its notes. The notes themselves are entries of its log: they never change.
type CaseNotes struct {
	Count     int              `json:"count"` // withdrawn ones included
	Withdrawn []NoteWithdrawal `json:"withdrawn,omitempty"`
}

// Standing counts the notes that were not withdrawn.
func (n CaseNotes) Standing() int { return n.Count - len(n.Withdrawn) }

// withdrawal returns how a note was withdrawn; nil when it stands.
func (n CaseNotes) withdrawal(seq int64) *NoteWithdrawal {
	place := slices.IndexFunc(n.Withdrawn, func(w NoteWithdrawal) bool { return w.Note == seq })
	if place < 0 {
		return nil
	}
	return &n.Withdrawn[place]
}

// NoteWithdrawal says that a note no longer stands. The log keeps what it said.
type NoteWithdrawal struct {
	Note int64     `json:"note"` // the number of its entry
	By   string    `json:"by"`
	At   time.Time `json:"at"`
}

// CaseNote is what a reviewer noted on a case, for other reviewers.
type CaseNote struct {
	Seq       int64 // of its entry, which is what it is called by
	CaseID    CaseID
	At        time.Time
	By        string
	Text      string
	Mentions  []string
	Withdrawn *NoteWithdrawal // nil: it stands
}

// noteOf reads a note from its entry; nil for an entry of anything else.
func noteOf(entry Entry) *CaseNote {
	if entry.Action != ActionCaseNoted {
		return nil
	}
	return &CaseNote{
		Seq: entry.Seq, CaseID: CaseID(entry.Subject("case")), At: entry.At, By: entry.Actor, Text: entry.Reason, Mentions: entry.people(),
	}
}

// MayWithdraw reports whether the caller may withdraw the note: its author may, and a lead.
func (n CaseNote) MayWithdraw(caller Caller) bool {
	return n.Withdrawn == nil && caller.Decides() && (n.By == caller.Subject || caller.Leads())
}

// noteSubject returns the subject of a note, by the number of its entry.
func noteSubject(seq int64) Subject { return "note:" + Subject(strconv.FormatInt(seq, 10)) }

// Note puts a note on a case, whatever its state. The people mentioned are found by the entry. INVALID_STATE when the case
// has MaxCaseNotes.
func (f *CaseFile) Note(text string, mentions []string, by string, at time.Time) error {
	if f.Case.Notes.Count >= MaxCaseNotes {
		return Refuse(CodeInvalidState, Text{
			ZH: fmt.Sprintf("每个案件最多 %d 条备注。", MaxCaseNotes), EN: fmt.Sprintf("A case has at most %d notes.", MaxCaseNotes),
		}, "input", "caseId")
	}
	f.Case.Notes.Count++
	f.recordWork(ActionCaseNoted, normalTime(at), by, text, mentions...)
	f.describeEntries()
	return nil
}

// WithdrawNote lets a note of the case no longer stand. INVALID_STATE when it was withdrawn already.
func (f *CaseFile) WithdrawNote(note CaseNote, by string, at time.Time) error {
	if f.Case.Notes.withdrawal(note.Seq) != nil {
		return InvalidState("noteId")
	}
	at = normalTime(at)
	withdrawn := slices.Clone(f.Case.Notes.Withdrawn)
	f.Case.Notes.Withdrawn = append(withdrawn, NoteWithdrawal{Note: note.Seq, By: by, At: at})
	f.recordWork(ActionCaseNoteWithdrawn, at, by, "", append([]string{note.By}, note.Mentions...)...)
	if last := len(f.entries) - 1; last >= 0 {
		f.entries[last].Subjects = append(f.entries[last].Subjects, noteSubject(note.Seq))
	}
	f.describeEntries()
	return nil
}

// checkCaseNote refuses a text that is no note: NOTE_TOO_LONG, INVALID_NOTE.
func checkCaseNote(text string) error {
	switch {
	case utf8.RuneCountInString(text) > MaxCaseNoteLength:
		return Refuse(CodeNoteTooLong, Text{
			ZH: fmt.Sprintf("备注最多 %d 个字。", MaxCaseNoteLength), EN: fmt.Sprintf("A note has at most %d characters.", MaxCaseNoteLength),
		}, "input", "text")
	case !saysSomething(text, MaxCaseNoteLength):
		return Refuse(CodeInvalidNote, Text{
			ZH: "备注须有内容，且不含控制字符。", EN: "A note needs words, and has no control characters.",
		}, "input", "text")
	default:
		return nil
	}
}

// Mentions finds whom a text mentions among people: "@", which no letter or digit of ASCII precedes, and a name, which none
// goes on. Of names that begin alike the longest is meant. Each is listed once, in the order of the text.
func Mentions(text string, people []string) []string {
	longestFirst := slices.SortedFunc(slices.Values(people), func(a, b string) int { return len(b) - len(a) })
	var mentioned []string
	for at := 0; at < len(text); at++ {
		if text[at] != '@' || at > 0 && isWordByte(text[at-1]) {
			continue
		}
		behind := text[at+1:]
		place := slices.IndexFunc(longestFirst, func(name string) bool { return namedFirst(behind, name) })
		if place < 0 {
			continue
		}
		name := longestFirst[place]
		at += len(name)
		if !slices.Contains(mentioned, name) {
			mentioned = append(mentioned, name)
		}
	}
	return mentioned
}

// namedFirst reports whether a text begins with a name, and not with a longer word: a letter, a digit, or one behind a mark
// that joins words of ASCII would make it one. Other scripts write names without a gap.
func namedFirst(text, name string) bool {
	rest, begins := strings.CutPrefix(text, name)
	if name == "" || !begins {
		return false
	}
	if rest == "" || !isWordByte(name[len(name)-1]) {
		return true
	}
	joined := strings.TrimLeft(rest[:min(2, len(rest))], "-.@")
	return joined == "" || !isWordByte(joined[0])
}

// isWordByte reports whether a byte is a letter, a digit or an underscore of ASCII.
func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
