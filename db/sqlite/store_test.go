package sqlite

import (
	"context"
	"path/filepath"
	"testing"

	"cloudtag/db/dbtest"
	"cloudtag/db/sqlitefile"
	"cloudtag/internal/store"
)

// TestStore runs the suite of all stores.
func TestStore(t *testing.T) {
	dbtest.Run(t, func(t testing.TB) dbtest.Factory {
		return fileFactory{file: filepath.Join(t.TempDir(), "cloudtag.db")}
	})
}

// fileFactory opens the same file each time.
type fileFactory struct {
	file string
}

func (f fileFactory) Open(t testing.TB, options dbtest.Options) dbtest.Store {
	t.Helper()
	kinds := store.NewCatalogue()
	engine, err := Open(context.Background(), sqlitefile.Scheme+f.file, kinds, Options{Fault: options.Fault, Appended: options.Appended})
	if err != nil {
		t.Fatal(err)
	}
	return store.New(engine, kinds)
}
