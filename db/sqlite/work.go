package sqlite

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
)

// rememberedRecords is how many records the writer remembers: some megabytes.
const rememberedRecords = 512

// work is what the writer does. Its jobs only say what is to be written: all of a transaction is written at its end, each
// record once. It remembers from one transaction to the next what is stored, for as long as no other process writes.
type work struct {
	*sqlitefile.Transaction
	kinds   *store.Catalogue
	version int64 // of the data, which changes with every commit of another connection
	known   *cache
	chain   *store.Chain // nil: the log's end was not looked up yet
	inserts map[string]*insert

	changed map[store.Ref]*change
	order   []*change // by when they were changed first
	entries []cloudtag.Entry
}

// change is a record that is to be written.
type change struct {
	ref     store.Ref
	before  any // as it is stored; nil: there is none
	after   any
	encoded []byte
	blocks  []int64 // of the log, that are to be found through the record
}

// note says that a block is to be found through the record.
func (c *change) note(block int64) {
	if len(c.blocks) == 0 || c.blocks[len(c.blocks)-1] != block {
		c.blocks = append(c.blocks, block)
	}
}

// blockList are the numbers of the blocks, each with a comma behind it.
func (c *change) blockList() string {
	var list []byte
	for _, block := range c.blocks {
		list = append(strconv.AppendInt(list, block, 10), ',')
	}
	return string(list)
}

// newWork returns what the writer does for the kinds of a catalogue.
func newWork(kinds *store.Catalogue) *work {
	w := &work{kinds: kinds, inserts: map[string]*insert{
		"log":      newInsert("log", "block", "first", "last", "entries"),
		"log_keys": newInsert("log_keys", "key", "block", "entries"),
	}}
	for _, kind := range kinds.Kinds() {
		w.inserts[kind.Name] = insertInto(kind)
	}
	return w
}

// Begin finds out whether what is remembered still holds: another process may have written since the transaction before.
func (w *work) Begin(tx *sqlitefile.Transaction) error {
	w.Transaction = tx
	var version int64
	if err := w.One("PRAGMA data_version", nil, &version); err != nil {
		return err
	}
	if w.known == nil || version != w.version {
		w.Forget()
	}
	w.version = version
	w.begin()
	return nil
}

func (w *work) begin() {
	w.changed, w.order, w.entries = make(map[store.Ref]*change), nil, nil
	for _, rows := range w.inserts {
		clear(rows.args)
		rows.args = rows.args[:0]
	}
}

// Committed reports whether entries of the log became durable.
func (w *work) Committed() bool { return len(w.entries) > 0 }

// Forget drops what was remembered, of which some may not be stored after all.
func (w *work) Forget() {
	w.known, w.chain = newCache(rememberedRecords), nil
	w.begin()
}

// do runs a job: nothing of it is written unless its edit ends well.
func (w *work) do(edit func(store.Tx) error) error {
	tx := &tx{work: w}
	if err := edit(tx); err != nil {
		return err
	}
	encoded := make([][]byte, len(tx.Order))
	for i, ref := range tx.Order {
		var err error
		if encoded[i], err = json.Marshal(tx.Records[ref]); err != nil {
			return fmt.Errorf("encode %s %s: %w", ref.Kind.Name, ref.ID, err)
		}
	}
	stored, err := w.get(tx.Order) // which the edit need not have asked for
	if err != nil {
		return err
	}
	sealed, err := w.seal(tx.Entries)
	if err != nil {
		return err
	}
	w.entries = append(w.entries, sealed...)
	for i, ref := range tx.Order {
		w.put(ref, stored[ref], tx.Records[ref], encoded[i])
	}
	return nil
}

// put says that a record is to be written. What is stored of it counts for the first change of a transaction only.
func (w *work) put(ref store.Ref, stored, record any, encoded []byte) {
	c := w.changed[ref]
	if c == nil {
		c = &change{ref: ref, before: stored}
		w.changed[ref] = c
		w.order = append(w.order, c)
	}
	c.after, c.encoded = record, encoded
	w.known.put(ref, record)
}

// seal gives entries their numbers and hashes.
func (w *work) seal(entries []cloudtag.Entry) ([]cloudtag.Entry, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	if w.chain == nil {
		end, err := readEnd(w.Session, w.kinds)
		if err != nil {
			return nil, err
		}
		w.chain = end
	}
	return w.chain.Seal(entries), nil
}

// get returns records, reading those that are not known yet.
func (w *work) get(refs []store.Ref) (map[store.Ref]any, error) {
	found := make(map[store.Ref]any, len(refs))
	var unknown []store.Ref
	for _, ref := range refs {
		record, known := w.known.get(ref)
		if c := w.changed[ref]; c != nil { // which may be forgotten already where a transaction changes very much
			record, known = c.after, true
		}
		switch {
		case !known:
			unknown = append(unknown, ref)
		case record != nil:
			found[ref] = record
		}
	}
	if len(unknown) == 0 {
		return found, nil
	}
	read, err := readRecords(w.Session, unknown)
	for _, ref := range unknown {
		if record := read[ref]; record != nil {
			found[ref] = record
		}
		w.known.put(ref, read[ref])
	}
	return found, err
}

// tx is what one job reads and writes with.
type tx struct {
	store.Draft
	work *work
}

func (t *tx) Get(refs ...store.Ref) (map[store.Ref]any, error) {
	found, err := t.work.get(refs)
	if err != nil {
		return nil, err
	}
	t.Over(found, refs)
	return found, nil
}

// Flush writes what the jobs changed: new records together, changed ones with the columns that changed, and the log.
func (w *work) Flush() error {
	blocks := slices.Collect(slices.Chunk(w.entries, blockSize))
	keys := w.file(blocks)
	if err := w.flushRecords(); err != nil {
		return err
	}
	return w.append(blocks, keys)
}

func (w *work) flushRecords() error {
	// Neighbours in an index of keys are written one after the other.
	slices.SortStableFunc(w.order, func(a, b *change) int {
		return cmp.Or(cmp.Compare(a.ref.Kind.Name, b.ref.Kind.Name), cmp.Compare(a.ref.ID, b.ref.ID))
	})
	for i, c := range w.order {
		rows := w.inserts[c.ref.Kind.Name]
		var err error
		if c.ref.Kind.Steady && (i == 0 || w.order[i-1].ref.Kind != c.ref.Kind) {
			if err := w.countVersion(c.ref.Kind); err != nil {
				return err
			}
		}
		if c.before != nil {
			err = w.update(c)
		} else {
			err = rows.add(w, c.row()...)
		}
		if err == nil && (i == len(w.order)-1 || w.order[i+1].ref.Kind != c.ref.Kind) {
			err = rows.flush(w)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// row are the values of a record's row.
func (c *change) row() []any {
	values := c.ref.Kind.Values(c.after)
	row := append(append(make([]any, 0, len(values)+3), c.ref.ID), values...)
	if c.ref.Kind.Logged {
		row = append(row, c.blockList())
	}
	return append(row, c.encoded)
}

func (w *work) update(c *change) error {
	sets, args := []string{"record = ?"}, []any{c.encoded}
	before, after := c.ref.Kind.Values(c.before), c.ref.Kind.Values(c.after)
	for n, field := range c.ref.Kind.Fields {
		if before[n] != after[n] {
			sets, args = append(sets, quote(field.Name)+" = ?"), append(args, after[n])
		}
	}
	if len(c.blocks) > 0 {
		sets, args = append(sets, "blocks = blocks || ?"), append(args, c.blockList())
	}
	text := "UPDATE " + quote(c.ref.Kind.Name) + " SET " + strings.Join(sets, ", ") + " WHERE id = ?"
	return w.Write("update "+c.ref.Kind.Name, text, append(args, c.ref.ID)...)
}
