package dbtest_test

import (
	"testing"

	"cloudtag/db/dbtest"
	"cloudtag/internal/store"
	"cloudtag/internal/store/memory"
)

// TestMemory runs the suite of all stores on the fake.
func TestMemory(t *testing.T) { dbtest.Run(t, newFactory) }

// factory opens engines over the data of one test.
type factory struct {
	kinds *store.Catalogue
	data  *memory.Data
}

func newFactory(testing.TB) dbtest.Factory {
	return &factory{kinds: store.NewCatalogue(), data: memory.NewData()}
}

// Open opens an engine over the test's data.
func (f *factory) Open(_ testing.TB, options dbtest.Options) dbtest.Store {
	engine := memory.Open(f.data, memory.Options{Appended: options.Appended, Fault: options.Fault})
	return store.New(engine, f.kinds)
}
