package model

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// The executor appends values to its buffer by these functions. Each belongs to the marshaler of the same name, by which gqlgen
// binds the scalar.

// AppendID appends an identifier.
func AppendID(to []byte, id string) []byte { return AppendString(to, id) }

const hexDigits = "0123456789ABCDEF"

// AppendString appends a text in quotes. Invalid UTF-8, which JSON does not allow, becomes U+FFFD.
func AppendString(to []byte, text string) []byte {
	to = append(to, '"')
	start := 0
	for i := 0; i < len(text); {
		c := text[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(text[i:])
			if r == utf8.RuneError && size == 1 {
				to = append(append(to, text[start:i]...), "\uFFFD"...)
				start = i + 1
			}
			i += size
			continue
		}
		if c < ' ' || c == '"' || c == '\\' {
			to = appendEscaped(append(to, text[start:i]...), c)
			start = i + 1
		}
		i++
	}
	return append(append(to, text[start:]...), '"')
}

func appendEscaped(to []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(to, '\\', c)
	case '\n':
		return append(to, '\\', 'n')
	case '\r':
		return append(to, '\\', 'r')
	case '\t':
		return append(to, '\\', 't')
	default:
		return append(to, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xF])
	}
}

// AppendBoolean appends true or false.
func AppendBoolean(to []byte, b bool) []byte { return strconv.AppendBool(to, b) }

// AppendInt appends a whole number.
func AppendInt(to []byte, i int) []byte { return strconv.AppendInt(to, int64(i), 10) }

// AppendInt64 appends a whole number.
func AppendInt64(to []byte, i int64) []byte { return strconv.AppendInt(to, i, 10) }

// AppendFloat appends a number in the form of fmt's %g.
func AppendFloat(to []byte, f float64) []byte { return strconv.AppendFloat(to, f, 'g', -1, 64) }

// AppendTime appends a time in UTC: RFC 3339 with exactly the milliseconds that are stored. [time.RFC3339] is formatted in a
// third of the time of a layout with milliseconds.
func AppendTime(to []byte, t time.Time) []byte {
	to = t.UTC().AppendFormat(append(to, '"'), time.RFC3339)
	ms := t.Nanosecond() / int(time.Millisecond)
	return append(to[:len(to)-len("Z")], '.', byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10), 'Z', '"')
}
