package sqliteengine

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
)

// work is one transaction of the writer. It remembers what its jobs have read and written: nobody else writes meanwhile.
type work struct {
	*sqlitefile.Transaction
	known    map[store.Ref]any // nil: there is no such record
	chain    *store.Chain      // nil: the log's end was not looked up yet
	appended bool
}

// Begin knows nothing yet: another process may have written since the transaction before.
func (w *work) Begin(tx *sqlitefile.Transaction) error {
	*w = work{Transaction: tx, known: make(map[store.Ref]any)}
	return nil
}

// Committed reports whether entries of the log became durable.
func (w *work) Committed() bool { return w.appended }

// Forget leaves it to Begin.
func (w *work) Forget() {}

// do runs a job: nothing of it is written unless its edit ends well.
func (w *work) do(edit func(store.Tx) error) error {
	tx := &tx{work: w, places: make(map[store.Ref]int)}
	if err := edit(tx); err != nil {
		return err
	}
	if err := w.put(tx.puts); err != nil {
		return err
	}
	return w.append(tx.entries)
}

// get returns records, reading those that are not known yet.
func (w *work) get(refs []store.Ref) (map[store.Ref]any, error) {
	var unknown []store.Ref
	for _, ref := range refs {
		if _, known := w.known[ref]; !known {
			unknown = append(unknown, ref)
		}
	}
	if len(unknown) > 0 {
		read, err := readRecords(w.Session, unknown)
		if err != nil {
			return nil, err
		}
		for _, ref := range unknown {
			w.known[ref] = read[ref]
		}
	}
	found := make(map[store.Ref]any, len(refs))
	for _, ref := range refs {
		if record := w.known[ref]; record != nil {
			found[ref] = record
		}
	}
	return found, nil
}

// tx is what one job reads and writes with.
type tx struct {
	work    *work
	puts    []put
	places  map[store.Ref]int
	entries []cloudtag.Entry
}

type put struct {
	ref    store.Ref
	record any
}

func (t *tx) Get(refs ...store.Ref) (map[store.Ref]any, error) {
	found, err := t.work.get(refs)
	for _, ref := range refs {
		if place, changed := t.places[ref]; changed && err == nil {
			found[ref] = t.puts[place].record
		}
	}
	return found, err
}

func (t *tx) Put(kind *store.Kind, record any) {
	ref := store.Ref{Kind: kind, ID: kind.ID(record)}
	if place, again := t.places[ref]; again {
		t.puts[place].record = record
		return
	}
	t.places[ref] = len(t.puts)
	t.puts = append(t.puts, put{ref, record})
}

func (t *tx) Append(entries ...cloudtag.Entry) { t.entries = append(t.entries, entries...) }

// put writes records: new ones together, changed ones with the columns that changed.
func (w *work) put(puts []put) error {
	fresh := make(map[*store.Kind]*insert)
	for _, p := range puts {
		before, known := w.known[p.ref]
		encoded, err := json.Marshal(p.record)
		if err != nil {
			return fmt.Errorf("encode %s %s: %w", p.ref.Kind.Name, p.ref.ID, err)
		}
		values := p.ref.Kind.Values(p.record)
		switch {
		case known && before != nil:
			err = w.update(p.ref, p.ref.Kind.Values(before), values, encoded)
		default:
			rows := fresh[p.ref.Kind]
			if rows == nil {
				rows = insertInto(p.ref.Kind)
				fresh[p.ref.Kind] = rows
			}
			err = rows.add(w, append(append([]any{p.ref.ID}, values...), string(encoded)))
		}
		if err != nil {
			return err
		}
		w.known[p.ref] = p.record
	}
	for _, rows := range fresh {
		if err := rows.flush(w); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) update(ref store.Ref, before, after []any, encoded []byte) error {
	sets, args := []string{"record = ?"}, []any{string(encoded)}
	for n, field := range ref.Kind.Fields {
		if before[n] != after[n] {
			sets, args = append(sets, quote(field.Name)+" = ?"), append(args, after[n])
		}
	}
	text := "UPDATE " + quote(ref.Kind.Name) + " SET " + strings.Join(sets, ", ") + " WHERE id = ?"
	return w.Write("update "+ref.Kind.Name, text, append(args, ref.ID)...)
}

// append numbers and writes entries.
func (w *work) append(entries []cloudtag.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	if w.chain == nil {
		chain := &store.Chain{}
		err := w.One("SELECT seq, hash FROM log ORDER BY seq DESC LIMIT 1", nil, &chain.Seq, &chain.Head)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		w.chain = chain
	}
	log := newInsert("log", "seq", "at", "actor", "action", "subjects", "reason", "before", "after", "hash")
	keys := newInsert("log_keys", "key", "seq")
	for _, entry := range w.chain.Seal(entries) {
		if err := log.add(w, entryValues(entry)); err != nil {
			return err
		}
		for _, key := range store.LogKeys(entry) {
			if err := keys.add(w, []any{string(key), entry.Seq}); err != nil {
				return err
			}
		}
	}
	w.appended = true
	if err := log.flush(w); err != nil {
		return err
	}
	return keys.flush(w)
}
