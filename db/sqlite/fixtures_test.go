package sqlite

import (
	"context"
	"path/filepath"
	"testing"

	"cloudtag/db/sqlitefile"
)

// openStore opens a store in a file of the test's own.
func openStore(t testing.TB, options Options) *Store {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "cloudtag.db"), options)
}

func openAt(t testing.TB, file string, options Options) *Store {
	t.Helper()
	store, err := Open(context.Background(), sqlitefile.Scheme+file, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}
