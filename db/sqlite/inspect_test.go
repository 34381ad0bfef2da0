package sqlite

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/storefacts"
)

func inspect(t *testing.T, file string) (storefacts.Facts, error) {
	t.Helper()
	return Inspect(t.Context(), sqlitefile.Scheme+file, true)
}

func TestInspectTellsWhatIsThere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cloudtag.db")
	openAt(t, file, Options{})
	facts, err := inspect(t, file)
	if err != nil || !facts.Found || facts.Schema != facts.Newest || len(facts.Missing) != 0 {
		t.Errorf("while it is open: %+v, %v", facts, err)
	}
	err = sqlitefile.Use(t.Context(), file, func(s *sqlitefile.Session) error {
		return s.Run("DROP INDEX documents_by_wake")
	})
	if err != nil {
		t.Fatal(err)
	}
	facts, err = inspect(t, file)
	if err != nil || !slices.Equal(facts.Missing, []string{"index documents_by_wake"}) {
		t.Errorf("without an index: %+v, %v", facts, err)
	}
}

func TestInspectLeavesAnOlderSchemaAlone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "old.db")
	packed, err := os.Open("testdata/schema1.db.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		facts, err := inspect(t, file)
		if err != nil || !facts.Found || facts.Schema != 1 || facts.Newest < 2 || facts.Missing != nil {
			t.Errorf("%+v, %v", facts, err)
		}
	}
}
