package mongo

import (
	"testing"

	"cloudtag/internal/store"
)

// opened is an engine and the store over it.
type opened struct {
	*Engine
	*store.Store
	kinds *store.Catalogue
}

// openAt opens a store until the test ends.
func openAt(t testing.TB, uri string, opts Options) *Engine {
	t.Helper()
	return openStore(t, uri, opts).Engine
}

func openStore(t testing.TB, uri string, opts Options) opened {
	t.Helper()
	kinds := store.NewCatalogue()
	engine, err := Open(t.Context(), uri, kinds, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return opened{engine, store.New(engine, kinds), kinds}
}
