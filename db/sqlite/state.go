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

// writerCacheSize bounds the records that the writer caches: some megabytes.
const writerCacheSize = 1024

// state is the writer's: it buffers what the jobs of a transaction change and writes it at the end, each record once. Its
// cache outlives transactions as long as no other process writes.
type state struct {
	*sqlitefile.Transaction
	kinds    *store.Catalogue
	decoders decoders
	version  int64 // data_version, which every commit of another connection changes
	cache    *recordCache
	chain    *store.Chain // nil: the end of the log has not been read
	inserts  map[string]*insert

	changed map[store.Ref]*change
	order   []*change // by first change
	entries []cloudtag.Entry
}

// change is a record to be written.
type change struct {
	ref     store.Ref
	before  any // as stored; nil: it does not exist
	after   any
	encoded string
	blocks  []int64 // log blocks to be found through the record
}

func (c *change) addBlock(block int64) {
	if len(c.blocks) == 0 || c.blocks[len(c.blocks)-1] != block {
		c.blocks = append(c.blocks, block)
	}
}

// blockList encodes the block numbers, each followed by a comma.
func (c *change) blockList() string {
	var list []byte
	for _, block := range c.blocks {
		list = append(strconv.AppendInt(list, block, 10), ',')
	}
	return string(list)
}

func newState(kinds *store.Catalogue, decoders decoders) *state {
	s := &state{kinds: kinds, decoders: decoders, cache: newRecordCache(writerCacheSize), inserts: map[string]*insert{
		"log":      newInsert("log", "block", "first", "last", "entries"),
		"log_keys": newInsert("log_keys", "key", "block", "entries"),
	}}
	for _, kind := range kinds.Kinds() {
		s.inserts[kind.Name] = insertInto(kind)
	}
	return s
}

// Begin drops the cache if another process has written since the last transaction.
func (s *state) Begin(tx *sqlitefile.Transaction) error {
	s.Transaction = tx
	var version int64
	if err := s.One("PRAGMA data_version", nil, &version); err != nil {
		return err
	}
	if version != s.version {
		s.dropCache()
	}
	s.version = version
	s.clearBuffers()
	return nil
}

func (s *state) dropCache() {
	s.cache.Purge()
	s.chain = nil
}

func (s *state) clearBuffers() {
	s.changed, s.order, s.entries = make(map[store.Ref]*change), nil, nil
	for _, rows := range s.inserts {
		clear(rows.args)
		rows.args = rows.args[:0]
	}
}

// Committed reports whether log entries became durable.
func (s *state) Committed() bool { return len(s.entries) > 0 }

// Rollback drops the cache, which may hold records that were not stored.
func (s *state) Rollback() {
	s.dropCache()
	s.clearBuffers()
}

// do runs an edit and buffers its changes unless it fails.
func (s *state) do(edit func(store.Tx) error) error {
	tx := &tx{state: s}
	if err := edit(tx); err != nil {
		return err
	}
	encoded := make([]string, len(tx.Order))
	for i, ref := range tx.Order {
		text, err := json.Marshal(tx.Records[ref])
		if err != nil {
			return fmt.Errorf("encode %s %s: %w", ref.Kind.Name, ref.ID, err)
		}
		encoded[i] = string(text)
	}
	stored, err := s.get(tx.Order) // the edit may have put records without reading them
	if err != nil {
		return err
	}
	sealed, err := s.seal(tx.Entries)
	if err != nil {
		return err
	}
	s.entries = append(s.entries, sealed...)
	for i, ref := range tx.Order {
		s.put(ref, stored[ref], tx.Records[ref], encoded[i])
	}
	return nil
}

// put buffers a changed record. The stored one is kept from the first change in the transaction.
func (s *state) put(ref store.Ref, stored, record any, encoded string) {
	c := s.changed[ref]
	if c == nil {
		c = &change{ref: ref, before: stored}
		s.changed[ref] = c
		s.order = append(s.order, c)
	}
	c.after, c.encoded = record, encoded
	s.cache.Add(ref, record)
}

// seal assigns sequence numbers and hashes to entries.
func (s *state) seal(entries []cloudtag.Entry) ([]cloudtag.Entry, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	if s.chain == nil {
		end, err := readEnd(s.Conn, s.kinds)
		if err != nil {
			return nil, err
		}
		s.chain = end
	}
	return s.chain.Seal(entries), nil
}

// get returns the existing ones of the records, as the jobs before left them.
func (s *state) get(refs []store.Ref) (map[store.Ref]any, error) {
	found := make(map[store.Ref]any, len(refs))
	var unknown []store.Ref
	for _, ref := range refs {
		record, known := s.cache.Get(ref)
		if c := s.changed[ref]; c != nil { // a large transaction may have evicted it from the cache
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
	read, err := s.decoders.read(s.Conn, unknown)
	if err != nil {
		return nil, err
	}
	for _, ref := range unknown {
		if record := read[ref]; record != nil {
			found[ref] = record
		}
		s.cache.Add(ref, read[ref])
	}
	return found, nil
}

// tx implements [store.Tx] for one job.
type tx struct {
	store.Draft
	state *state
}

func (t *tx) Get(refs ...store.Ref) (map[store.Ref]any, error) {
	found, err := t.state.get(refs)
	if err != nil {
		return nil, err
	}
	t.Overlay(found, refs)
	return found, nil
}

// Flush writes the buffered changes: new records together, changed ones with the columns that differ, and the log.
func (s *state) Flush() error {
	blocks := slices.Collect(slices.Chunk(s.entries, blockSize))
	keys := s.indexBlocks(blocks)
	if err := s.flushRecords(); err != nil {
		return err
	}
	return s.appendBlocks(blocks, keys)
}

func (s *state) flushRecords() error {
	// Rows that are adjacent in an index are written one after the other.
	slices.SortStableFunc(s.order, func(a, b *change) int {
		return cmp.Or(cmp.Compare(a.ref.Kind.Name, b.ref.Kind.Name), cmp.Compare(a.ref.ID, b.ref.ID))
	})
	for i, c := range s.order {
		rows := s.inserts[c.ref.Kind.Name]
		var err error
		if c.ref.Kind.Cached && (i == 0 || s.order[i-1].ref.Kind != c.ref.Kind) {
			if err := s.bumpVersion(c.ref.Kind); err != nil {
				return err
			}
		}
		if c.before != nil {
			err = s.update(c)
		} else {
			err = rows.add(s, c.row()...)
		}
		if err == nil && (i == len(s.order)-1 || s.order[i+1].ref.Kind != c.ref.Kind) {
			err = rows.flush(s)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// row returns the column values of a record.
func (c *change) row() []any {
	values := c.ref.Kind.Values(c.after)
	row := append(append(make([]any, 0, len(values)+3), c.ref.ID), values...)
	if c.ref.Kind.Logged {
		row = append(row, c.blockList())
	}
	return append(row, c.encoded)
}

func (s *state) update(c *change) error {
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
	return s.Write("update "+c.ref.Kind.Name, text, append(args, c.ref.ID)...)
}
