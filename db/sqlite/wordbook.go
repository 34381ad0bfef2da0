package sqlite

import (
	"database/sql"
	"errors"
)

// wordbook numbers names that repeat. Numbers are for ever, so that the writer may keep them in memory.
type wordbook struct {
	find, add string           // statements
	known     map[string]int64 // durable
	fresh     map[string]int64 // of the transaction that runs
}

// maxKnownWords bounds the memory for names; beyond it they are looked up again.
const maxKnownWords = 50_000

func newWordbook(find, add string) *wordbook {
	return &wordbook{find: find, add: add, known: make(map[string]int64), fresh: make(map[string]int64)}
}

// number returns the number of a name; a new name gets the one after highest.
func (b *wordbook) number(w *work, name string, highest *int64) (int64, error) {
	if no, found := b.known[name]; found {
		return no, nil
	}
	if no, found := b.fresh[name]; found {
		return no, nil
	}
	var no int64
	err := w.One(b.find, []any{name}, &no)
	if errors.Is(err, sql.ErrNoRows) {
		no = *highest + 1
		if err = w.Write("add a name", b.add, no, name); err == nil {
			*highest = no
		}
	}
	if err != nil {
		return 0, err
	}
	b.fresh[name] = no
	return no, nil
}

// keep makes the names of a committed transaction known.
func (b *wordbook) keep() {
	if len(b.known)+len(b.fresh) > maxKnownWords {
		clear(b.known)
	}
	for name, no := range b.fresh {
		b.known[name] = no
	}
	clear(b.fresh)
}

// forget drops the names of a transaction, or of a job, that was rolled back.
func (b *wordbook) forget() { clear(b.fresh) }
