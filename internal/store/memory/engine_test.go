package memory

import (
	"testing"

	"cloudtag/db/dbtest"
	"cloudtag/internal/store"
)

func TestStore(t *testing.T) { dbtest.Run(t, newFactory) }

// factory opens engines over the data of one test.
type factory struct {
	kinds *store.Catalogue
	data  *Data
}

func newFactory(testing.TB) dbtest.Factory {
	return &factory{kinds: store.NewCatalogue(), data: NewData()}
}

// Open opens an engine over the test's data.
func (f *factory) Open(_ testing.TB, options dbtest.Options) dbtest.Store {
	return store.New(Open(f.data, Options{Appended: options.Appended, Fault: options.Fault}), f.kinds)
}
