package recordjson

import (
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
)

// Decoder decodes values of one type. It is safe for concurrent use.
type Decoder struct {
	decode decodeFunc // nil: values of the type are decoded by the v2 package only
}

// For returns the decoder of a type.
func For(t reflect.Type) Decoder {
	decode, supported := compiler{}.value(t)
	if !supported {
		return Decoder{}
	}
	return Decoder{decode: decode}
}

// Decode sets the zero value that into points to. Its strings are parts of encoded, which they keep in memory.
func (d Decoder) Decode(encoded string, into any) error {
	if d.decode != nil && strings.IndexByte(encoded, '\\') < 0 {
		value, text := reflect.ValueOf(into).Elem(), text{rest: encoded}
		d.decode(&text, value)
		if text.rest == "" && !text.unexpected {
			return nil
		}
		value.SetZero()
	}
	return json.Unmarshal([]byte(encoded), into)
}

// text is the rest of a text without escapes.
type text struct {
	rest       string
	unexpected bool // the text is not of the expected form: nothing is left of it
}

func (t *text) fail() { t.rest, t.unexpected = "", true }

// skip reports whether the text begins with a prefix, and skips it if it does.
func (t *text) skip(prefix string) bool {
	begins := strings.HasPrefix(t.rest, prefix)
	if begins {
		t.rest = t.rest[len(prefix):]
	}
	return begins
}

func (t *text) expect(prefix string) {
	if !t.skip(prefix) {
		t.fail()
	}
}

// quoted returns a string.
func (t *text) quoted() string {
	if !t.skip(`"`) {
		t.fail()
		return ""
	}
	end := strings.IndexByte(t.rest, '"')
	if end < 0 {
		t.fail()
		return ""
	}
	value := t.rest[:end]
	t.rest = t.rest[end+1:]
	return value
}

// digits returns a whole number.
func (t *text) digits() string {
	end := 0
	for end < len(t.rest) && (t.rest[end] == '-' || '0' <= t.rest[end] && t.rest[end] <= '9') {
		end++
	}
	value := t.rest[:end]
	t.rest = t.rest[end:]
	return value
}
