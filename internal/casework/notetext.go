package casework

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"cloudtag/internal/cloudtag"
)

const (
	// MaxNoteLength is the maximum length of a reviewer's note, in characters.
	MaxNoteLength = 1000
	// MaxMentions is the maximum number of people that a note mentions.
	MaxMentions = 20
)

// checkNote checks the text of a note. Errors: NOTE_TOO_LONG, INVALID_NOTE.
func checkNote(text string) error {
	switch {
	case utf8.RuneCountInString(text) > MaxNoteLength:
		return cloudtag.Refuse(cloudtag.CodeNoteTooLong, cloudtag.Text{
			ZH: fmt.Sprintf("备注最多 %d 个字。", MaxNoteLength), EN: fmt.Sprintf("A note has at most %d characters.", MaxNoteLength),
		}, "input", "text")
	case !cloudtag.HasVisibleText(text, MaxNoteLength):
		return cloudtag.Refuse(cloudtag.CodeInvalidNote, cloudtag.Text{
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
