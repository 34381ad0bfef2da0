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

// sameValue compares stored with expected values: empty slices equal nil ones, and JSON is compared by content.
var sameValue = cmp.Options{
	cmp.FilterPath(func(path cmp.Path) bool {
		return path.Last().Type() != reflect.TypeFor[json.RawMessage]()
	}, cmpopts.EquateEmpty()),
	cmp.Comparer(func(a, b json.RawMessage) bool { return bytes.Equal(canonical(a), canonical(b)) }),
}

// withoutSeq compares entries except for their sequence numbers, and hashes, which cover them.
var withoutSeq = cmp.Options{sameValue, cmpopts.IgnoreFields(cloudtag.Entry{}, "Seq", "Hash")}

// equal checks a value.
func equal[T any](t testing.TB, what string, got, want T, options ...cmp.Option) {
	t.Helper()
	if reflect.DeepEqual(got, want) {
		return // the usual case, and much faster
	}
	if len(options) == 0 {
		options = []cmp.Option{sameValue}
	}
	if diff := cmp.Diff(want, got, options...); diff != "" {
		t.Fatalf("%s (- want, + got):\n%s", what, diff)
	}
}

// canonical returns the canonical form of JSON: without spaces, keys in order. Invalid JSON is returned unchanged.
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
