package sqlitefile

import (
	"os"
	"path/filepath"
	"testing"

	"cloudtag/internal/storefacts"
)

func inspect(t *testing.T, file string) (storefacts.Facts, error) {
	t.Helper()
	nothing := func(*Conn) ([]string, error) { return nil, nil }
	return Inspect(t.Context(), Scheme+file, Schema{Newest: 1, Missing: nothing}, true)
}

func TestInspectReportsVersionAndSpace(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "new", "cloudtag.db")
	facts, err := inspect(t, file)
	if err != nil || facts.Found || facts.Disk == nil || facts.Disk.Total == 0 {
		t.Errorf("without a file: %+v, %v", facts, err)
	}
	if _, err := os.Stat(filepath.Dir(file)); !os.IsNotExist(err) {
		t.Errorf("inspecting created the folder: %v", err)
	}
	opened, err := openWords(Scheme+file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, when := range []string{"while it is open", "closed"} {
		facts, err = inspect(t, file)
		if err != nil || !facts.Found || facts.Schema != facts.Newest || len(facts.Missing) != 0 || len(facts.Damage) != 0 || facts.Disk.Used == 0 {
			t.Errorf("%s: %+v, %v", when, facts, err)
		}
		if err := opened.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestInspectReportsDamage(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cloudtag.db")
	if err := os.WriteFile(file, []byte("this is no database, and long enough to be distinguished from one by its first bytes"), 0o600); err != nil {
		t.Fatal(err)
	}
	if facts, err := inspect(t, file); err == nil {
		t.Errorf("a text file passes as %+v", facts)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	opened, err := openWords(Scheme+file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := opened.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(content) - 4096; i < len(content); i++ { // the last page belongs to a table or an index
		content[i] = 0xff
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if facts, err := inspect(t, file); err == nil && len(facts.Damage) == 0 {
		t.Errorf("an overwritten page is not reported: %+v", facts)
	}
}
