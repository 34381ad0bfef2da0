package sqlite

import (
	"path/filepath"
	"strings"
	"testing"

	"cloudtag/db/dbtest"
	"cloudtag/db/sqlitefile"
	"cloudtag/internal/store"
)

func TestOpenExplainsFailures(t *testing.T) {
	for _, test := range []struct{ name, script, want string }{
		{"another program's database", "CREATE TABLE songs (title TEXT)", "database of another program"},
		{"a schema of before the first release", "CREATE TABLE log (seq INTEGER); PRAGMA user_version = 3", "begin with a new file"},
		{"a newer schema", "PRAGMA user_version = 1000", "version 1000"},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "other.db")
			if err := sqlitefile.Use(t.Context(), file, func(c *sqlitefile.Conn) error { return c.RunScript(test.script) }); err != nil {
				t.Fatal(err)
			}
			engine, err := Open(t.Context(), sqlitefile.Scheme+file, store.NewCatalogue(), Options{})
			if err == nil {
				t.Fatal("opened", engine.Close())
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %q, want %q in it", err, test.want)
			}
		})
	}
}

// Processes that start at the same time prepare the schema one after the other: each one acquires the write lock before it
// reads what is missing.
func TestSchemaIsPreparedUnderTheWriteLock(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cloudtag.db")
	steps := 0
	openAt(t, file, Options{Fault: func(step string) error {
		if steps++; steps > 1 {
			return nil
		}
		return sqlitefile.Use(t.Context(), file, func(c *sqlitefile.Conn) error {
			if err := c.RunScript("PRAGMA busy_timeout = 0; BEGIN IMMEDIATE"); err == nil {
				t.Errorf("another process can write before the step %q", step)
			}
			return nil
		})
	}})
	if steps == 0 {
		t.Error("the schema was prepared without a step")
	}
}

func TestConcurrentStartsShareOneFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cloudtag.db")
	dbtest.StartAtOnce(t, func() (dbtest.Store, error) { return open(t.Context(), file, Options{}) })
}
