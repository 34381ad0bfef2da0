package mongo

import (
	"testing"

	"cloudtag/db/mongo/mongotest"
)

// openForTest opens a store on a database of the test's own.
func openForTest(t testing.TB, opts Options) *Store {
	t.Helper()
	return openAt(t, mongotest.FreshURI(t), opts)
}

func openAt(t testing.TB, uri string, opts Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), uri, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}
