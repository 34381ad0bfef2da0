package mongo

import (
	"testing"

	"go.uber.org/goleak"

	"cloudtag/db/dbtest"
	"cloudtag/db/mongo/mongotest"
	"cloudtag/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// factory opens stores on the database of one test.
type factory struct{ uri string }

func newFactory(t testing.TB) dbtest.Factory { return factory{mongotest.FreshURI(t)} }

func (f factory) Open(t testing.TB, opts dbtest.Options) dbtest.Store {
	t.Helper()
	kinds := store.NewCatalogue()
	engine, err := Open(t.Context(), f.uri, kinds, Options{Fault: opts.Fault, Appended: opts.Appended})
	if err != nil {
		t.Fatalf("open the store: %v", err)
	}
	return store.New(engine, kinds)
}

// TestSuite runs the suite of all stores, each case on a database of its own.
func TestSuite(t *testing.T) {
	mongotest.FreshURI(t) // one skip instead of one per case
	dbtest.Run(t, newFactory)
}
