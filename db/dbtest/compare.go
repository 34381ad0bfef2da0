package dbtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"cloudtag/internal/cloudtag"
)

// sameValue compares what was stored with what comes back: an empty slice is a nil one, and JSON is what it says,
// not how it is written.
var sameValue = cmp.Options{
	cmp.FilterPath(func(path cmp.Path) bool { return path.Last().Type() != reflect.TypeFor[json.RawMessage]() }, cmpopts.EquateEmpty()),
	cmp.Comparer(func(a, b json.RawMessage) bool { return bytes.Equal(canonical(a), canonical(b)) }),
}

// withoutSeq compares entries but for their place in the log.
var withoutSeq = cmp.Options{sameValue, cmpopts.IgnoreFields(cloudtag.Entry{}, "Seq")}

// equal checks a value.
func equal[T any](t testing.TB, what string, got, want T, options ...cmp.Option) {
	t.Helper()
	if reflect.DeepEqual(got, want) {
		return // the usual case, and much quicker to tell
	}
	if len(options) == 0 {
		options = []cmp.Option{sameValue}
	}
	if diff := cmp.Diff(want, got, options...); diff != "" {
		t.Fatalf("%s (- want, + got):\n%s", what, diff)
	}
}

// canonical is the one way to write a JSON text: without spaces, keys in order. A text that is none stays as it is.
func canonical(text json.RawMessage) []byte {
	if len(text) == 0 {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return text
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		return fmt.Appendf(nil, "%s: %v", text, err)
	}
	return encoded
}
