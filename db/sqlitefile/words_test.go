package sqlitefile

import (
	"context"
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// words is a store of words. A transaction with a word that begins with "entry" has entries of the log.
type words struct {
	tx       *Transaction
	appended bool
	forgot   int
}

func (w *words) Begin(tx *Transaction) error {
	w.tx, w.appended = tx, false
	return nil
}

func (w *words) Committed() bool { return w.appended }

func (w *words) Flush() error { return nil }

func (w *words) Forget() { w.forgot++ }

func (w *words) add(word string) func() error {
	return func() error {
		w.appended = w.appended || strings.HasPrefix(word, "entry")
		return w.tx.Write("add a word", "INSERT INTO words (word) VALUES (?)", word)
	}
}

func prepareWords(s *Session, step func(string) error) error {
	return s.Transact(func() error {
		if err := s.RunScript("CREATE TABLE IF NOT EXISTS words (word TEXT PRIMARY KEY); PRAGMA user_version = 1"); err != nil {
			return err
		}
		return step("commit")
	})
}

func openWords(uri string, options Options) (*File, error) {
	return Open(context.Background(), uri, options, prepareWords, &words{})
}

// openStore opens a store of words in a file of the test's own.
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

// known reports which words are stored.
func known(t *testing.T, file *File, names ...string) []bool {
	t.Helper()
	var stored []string
	err := file.Read(context.Background(), "words", func(s *Session) error {
		return s.Each("SELECT word FROM words", nil, func(rows *sql.Rows) error {
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
