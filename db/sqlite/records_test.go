package sqlite

import (
	"reflect"
	"testing"

	"cloudtag/internal/store"
)

// A field of a type that recordjson does not support would make every page slower by a tenth.
func TestRecordsOfPagesAreDecodedByRecordJSON(t *testing.T) {
	kinds := store.NewCatalogue()
	decoders := decodersOf(kinds)
	for _, kind := range []*store.Kind{kinds.Tags, kinds.Cases, kinds.Orders, kinds.Merchants, kinds.Batches} {
		if reflect.ValueOf(decoders[kind]).IsZero() {
			t.Errorf("%s: a field's type is not supported", kind.Name)
		}
	}
}
