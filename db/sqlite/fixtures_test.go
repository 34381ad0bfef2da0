package sqlite

import (
	"context"
	"path/filepath"
	"testing"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/store"
)

// opened is a store over an engine of this package.
type opened struct {
	*store.Store
	engine *Engine
	kinds  *store.Catalogue
}

func open(ctx context.Context, file string, options Options) (*opened, error) {
	kinds := store.NewCatalogue()
	engine, err := Open(ctx, sqlitefile.Scheme+file, kinds, options)
	return &opened{Store: store.New(engine, kinds), engine: engine, kinds: kinds}, err
}

// openStore opens a store in a temporary file.
func openStore(t testing.TB, options Options) *opened {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "cloudtag.db"), options)
}

func openAt(t testing.TB, file string, options Options) *opened {
	t.Helper()
	s, err := open(context.Background(), file, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
