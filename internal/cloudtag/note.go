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
	// MaxCaseNoteLength is the maximum length of a reviewer's note, in characters.
	MaxCaseNoteLength = 1000
	// MaxCaseNotes is the maximum number of notes of a case, including withdrawn ones.
	MaxCaseNotes = 200
	// MaxMentions is the maximum number of people that a note mentions.
	MaxMentions = 20
)

// CaseNotes is what a case stores about its notes. The notes themselves are log entries, which never change.
type CaseNotes struct {
	Count     int              `json:"count"` // withdrawn ones included
	Withdrawn []NoteWithdrawal `json:"withdrawn,omitempty"`
}

// NotWithdrawn counts the notes that were not withdrawn.
func (n CaseNotes) NotWithdrawn() int { return n.Count - len(n.Withdrawn) }

// withdrawal returns a note's withdrawal, or nil.
func (n CaseNotes) withdrawal(seq int64) *NoteWithdrawal {
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

// noteOf converts an entry to a note; nil for any other entry.
func noteOf(entry Entry) *CaseNote {
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
	f.recordWork(ActionCaseNoted, normalTime(at), by, text, mentions...)
	f.describeEntries()
	return nil
}

// WithdrawNote withdraws a note of the case. INVALID_STATE if it is already withdrawn.
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

// checkCaseNote checks the text of a note. Errors: NOTE_TOO_LONG, INVALID_NOTE.
func checkCaseNote(text string) error {
	switch {
	case utf8.RuneCountInString(text) > MaxCaseNoteLength:
		return Refuse(CodeNoteTooLong, Text{
			ZH: fmt.Sprintf("备注最多 %d 个字。", MaxCaseNoteLength), EN: fmt.Sprintf("A note has at most %d characters.", MaxCaseNoteLength),
		}, "input", "text")
	case !HasVisibleText(text, MaxCaseNoteLength):
		return Refuse(CodeInvalidNote, Text{
			ZH: "备注须有内容，且不含控制字符。", EN: "A note needs words, and has no control characters.",
		}, "input", "text")
	default:
		return nil
	}
}

// Mentions returns the people that a text mentions, each once, in the order of the text: "@", not preceded by an ASCII letter
// or digit, and a name, not followed by one. If several names match, the longest does.
func Mentions(text string, people []string) []string {
	longestFirst := slices.SortedFunc(slices.Values(people), func(a, b string) int { return len(b) - len(a) })
	var mentioned []string
	for at := 0; at < len(text); at++ {
		if text[at] != '@' || at > 0 && isWordByte(text[at-1]) {
			continue
		}
		rest := text[at+1:]
		i := slices.IndexFunc(longestFirst, func(name string) bool { return startsWithName(rest, name) })
		if i < 0 {
			continue
		}
		name := longestFirst[i]
		at += len(name)
		if !slices.Contains(mentioned, name) {
			mentioned = append(mentioned, name)
		}
	}
	return mentioned
}

// startsWithName reports whether a text starts with a name and not with a longer ASCII word, where "-", "." and "@" join
// words. Other scripts do not separate names from what follows.
func startsWithName(text, name string) bool {
	rest, starts := strings.CutPrefix(text, name)
	if name == "" || !starts {
		return false
	}
	if rest == "" || !isWordByte(name[len(name)-1]) {
		return true
	}
	joined := strings.TrimLeft(rest[:min(2, len(rest))], "-.@")
	return joined == "" || !isWordByte(joined[0])
}

// isWordByte reports whether a byte is an ASCII letter, digit or underscore.
func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
