package sqlite

import (
	"path/filepath"
	"slices"
	"testing"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/store"
	"cloudtag/internal/storefacts"
)

func inspect(t *testing.T, file string) (storefacts.Facts, error) {
	t.Helper()
	return Inspect(t.Context(), sqlitefile.Scheme+file, store.NewCatalogue(), true)
}

func TestInspectReportsMissingIndexes(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cloudtag.db")
	openAt(t, file, Options{})
	facts, err := inspect(t, file)
	if err != nil || !facts.Found || facts.Schema != facts.Newest || len(facts.Missing) != 0 {
		t.Errorf("complete: %+v, %v", facts, err)
	}
	err = sqlitefile.Use(t.Context(), file, func(c *sqlitefile.Conn) error {
		return c.Run("DROP INDEX documents_wake")
	})
	if err != nil {
		t.Fatal(err)
	}
	facts, err = inspect(t, file)
	if err != nil || !slices.Equal(facts.Missing, []string{"index documents_wake"}) {
		t.Errorf("without an index: %+v, %v", facts, err)
	}
}

func TestInspectDoesNotMigrate(t *testing.T) {
	file := filepath.Join(t.TempDir(), "old.db")
	err := sqlitefile.Use(t.Context(), file, func(c *sqlitefile.Conn) error {
		return c.RunScript("CREATE TABLE log (seq INTEGER PRIMARY KEY); PRAGMA user_version = 3")
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		facts, err := inspect(t, file)
		if err != nil || !facts.Found || facts.Schema != 3 || facts.Newest != schemaVersion || facts.Missing != nil {
			t.Errorf("%+v, %v", facts, err)
		}
	}
}
