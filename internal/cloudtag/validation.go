package cloudtag

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The limits of submissions (rule 1) and of identifiers.
const (
	MaxBatchOrders          = 20
	MaxNoteLength           = 300 // characters
	MaxOrderNoLength        = 64  // bytes
	MaxIdempotencyKeyLength = 128 // bytes
	MaxIDLength             = 128 // bytes, of shops, entities and accounts
	MaxNameLength           = 200 // characters
)

// ValidToken reports whether text is 1 to limit bytes of visible ASCII. That excludes spaces, control characters and
// lookalikes, so that two identifiers that look the same are the same.
func ValidToken(text string, limit int) bool {
	if text == "" || len(text) > limit {
		return false
	}
	for i := range len(text) {
		if c := text[i]; c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return true
}

// Valid reports whether the text can be an order number: 1 to MaxOrderNoLength letters, digits, hyphens,
// underscores or dots.
func (n OrderNo) Valid() bool {
	if n == "" || len(n) > MaxOrderNoLength {
		return false
	}
	for i := range len(n) {
		switch c := n[i]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '-', c == '_', c == '.':
		default:
			return false
		}
	}
	return true
}

// HasVisibleText reports whether text is valid (see [ValidText]) and has at least one visible character: not only blanks, line
// breaks, combining marks and zero-width characters.
func HasVisibleText(text string, limit int) bool {
	return ValidText(text, limit) && strings.ContainsFunc(text, func(r rune) bool {
		return unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S) && r != brailleBlank &&
			!unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
	})
}

// brailleBlank is a symbol that is rendered as a blank.
const brailleBlank = '\u2800'

// ValidText reports whether text is well-formed and free of control characters other than line breaks and tabs,
// with at most limit characters.
func ValidText(text string, limit int) bool {
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > limit {
		return false
	}
	for _, r := range text {
		if r == utf8.RuneError || unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' {
			return false
		}
	}
	return true
}

// MaxReasonLength is the maximum length of a reason, in characters.
const MaxReasonLength = 1000

// CheckReason returns REASON_REQUIRED, with the field, unless reason is a valid text, which decisions about people require.
func CheckReason(reason, field string) error {
	if !HasVisibleText(reason, MaxReasonLength) {
		return Refuse(CodeReasonRequired, Text{
			ZH: fmt.Sprintf("请填写 1 至 %d 个字且不含控制字符的内容。", MaxReasonLength),
			EN: fmt.Sprintf("Give 1 to %d characters without control characters.", MaxReasonLength),
		}, "input", field)
	}
	return nil
}
