package sqlitefile

import (
	"context"
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// words is the state of a store of words. Words that begin with "entry" stand for log entries.
type words struct {
	tx         *Transaction
	appended   bool
	rolledBack int
}

func (w *words) Begin(tx *Transaction) error {
	w.tx, w.appended = tx, false
	return nil
}

func (w *words) Committed() bool { return w.appended }

func (w *words) Flush() error { return nil }

func (w *words) Rollback() { w.rolledBack++ }

func (w *words) add(word string) func() error {
	return func() error {
		w.appended = w.appended || strings.HasPrefix(word, "entry")
		return w.tx.Write("add a word", "INSERT INTO words (word) VALUES (?)", word)
	}
}

func prepareWords(c *Conn, step func(string) error) error {
	return c.Transact(func() error {
		if err := c.RunScript("CREATE TABLE IF NOT EXISTS words (word TEXT PRIMARY KEY); PRAGMA user_version = 1"); err != nil {
			return err
		}
		return step("commit")
	})
}

func openWords(uri string, options Options) (*File, error) {
	return Open(context.Background(), uri, options, prepareWords, &words{})
}

// openStore opens a store of words in a temporary file.
func openStore(t *testing.T, options Options) (*File, *words) {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "words.db"), options)
}

func openAt(t *testing.T, path string, options Options) (*File, *words) {
	t.Helper()
	store := &words{}
	file, err := Open(context.Background(), Scheme+path, options, prepareWords, store)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
	return file, store
}

// known reports which of the words are stored.
func known(t *testing.T, file *File, names ...string) []bool {
	t.Helper()
	var stored []string
	err := file.Read(context.Background(), "words", func(c *Conn) error {
		return c.Each("SELECT word FROM words", nil, func(rows *sql.Rows) error {
			var word string
			err := rows.Scan(&word)
			stored = append(stored, word)
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	found := make([]bool, len(names))
	for i, name := range names {
		found[i] = slices.Contains(stored, name)
	}
	return found
}
