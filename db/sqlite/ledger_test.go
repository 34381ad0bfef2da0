package sqlite

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"cloudtag/db/dbtest"
	"cloudtag/internal/cloudtag"
)

func addWord(name string) func(*work) error {
	return func(w *work) error {
		_, err := w.word(name)
		return err
	}
}

func wordsOf(t *testing.T, store *Store, names ...string) (known []bool) {
	t.Helper()
	err := store.read(context.Background(), "words", func(r *reading) error {
		for _, name := range names {
			no, err := wordNumber(r, "SELECT no FROM words WHERE word = ?", name)
			if err != nil {
				return err
			}
			known = append(known, no > 0)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return known
}

// What a job that fails has learnt is forgotten with it: the next one gives the same word a number that is stored.
func TestAFailedJobIsForgotten(t *testing.T) {
	failure := errors.New("failed")
	store := openStore(t, Options{})
	err := store.write(t.Context(), "test", func(w *work) error {
		if err := addWord("half done")(w); err != nil {
			return err
		}
		return failure
	})
	if !errors.Is(err, failure) {
		t.Errorf("got %v, want %v", err, failure)
	}
	if got := wordsOf(t, store, "half done"); got[0] {
		t.Error("a failed job left its word")
	}
	if err := store.write(t.Context(), "test", addWord("half done")); err != nil {
		t.Fatal(err)
	}
	if got := wordsOf(t, store, "half done"); !got[0] {
		t.Error("the word is known in memory and not stored")
	}
}

func TestAppendedComesWithEntriesOnly(t *testing.T) {
	var calls atomic.Int32
	store := openStore(t, Options{Appended: func() { calls.Add(1) }})
	dbtest.Furnish(t, store, 1)
	calls.Store(0)
	submission := dbtest.SubmissionOf(dbtest.Shop(0), "key", dbtest.Start, []cloudtag.OrderNo{"order"}, []cloudtag.BuyerID{"buyer"})
	if _, _, err := store.Record(t.Context(), submission, dbtest.Add); err != nil {
		t.Fatal(err)
	}
	if got := calls.Load(); got != 1 {
		t.Errorf("called %d times for a batch, want once", got)
	}
	if err := store.write(t.Context(), "test", addWord("no entry")); err != nil {
		t.Fatal(err)
	}
	if got := calls.Load(); got != 1 {
		t.Errorf("called %d times, want none for a commit without entries", got)
	}
}
