package sqlite

import (
	"cmp"
	"database/sql"
	"maps"
	"slices"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
)

// blockSize is how many entries a row of the log holds at most, and with it how many a reader may look at in vain at each
// block that it is led to.
const blockSize = 32

// logKey says how many of the entries of a block are found under a key.
type logKey struct {
	key     string
	block   int64
	entries int64
}

// The keys of blocks. An action is a name without spaces.
func actorKey(actor string) string               { return "by " + actor }
func actionKey(action cloudtag.Action) string    { return "do " + string(action) }
func subjectKey(subject cloudtag.Subject) string { return "on " + string(subject) }

// with narrows a key to an action.
func with(key string, action cloudtag.Action) string {
	if action == "" {
		return key
	}
	return actionKey(action) + " " + key
}

// keysOf are the keys that an entry is found under, but for those of an account.
func keysOf(entry cloudtag.Entry, spared cloudtag.Subject) []string {
	keys := []string{actorKey(entry.Actor), actionKey(entry.Action), with(actorKey(entry.Actor), entry.Action)}
	for _, subject := range store.LogKeys(entry) {
		if subject != spared {
			keys = append(keys, subjectKey(subject), with(subjectKey(subject), entry.Action))
		}
	}
	return keys
}

// file finds out by which keys entries are to be found. Entries whose account has a record that is written anyway are found
// through that: a key of the account would be one more page to write.
func (w *work) file(blocks [][]cloudtag.Entry) []logKey {
	var keys []logKey
	for _, block := range blocks {
		places := make(map[string]int)
		for _, entry := range block {
			var spared cloudtag.Subject
			ref, account := w.kinds.LogRecord(entry)
			if written := w.changed[ref]; written != nil {
				written.note(block[0].Seq)
				spared = account
			}
			for _, key := range keysOf(entry, spared) {
				place, noted := places[key]
				if !noted {
					place = len(keys)
					places[key] = place
					keys = append(keys, logKey{key: key, block: block[0].Seq})
				}
				keys[place].entries++
			}
		}
	}
	slices.SortFunc(keys, func(a, b logKey) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.block, b.block)) })
	return keys
}

// append writes blocks of entries, and by what they are found.
func (w *work) append(blocks [][]cloudtag.Entry, keys []logKey) error {
	log, found := w.inserts["log"], w.inserts["log_keys"]
	for _, block := range blocks {
		if err := log.add(w, block[0].Seq, block[0].Seq, block[len(block)-1].Seq, encodeBlock(block)); err != nil {
			return err
		}
	}
	if err := log.flush(w); err != nil {
		return err
	}
	for _, key := range keys {
		if err := found.add(w, key.key, key.block, key.entries); err != nil {
			return err
		}
	}
	return found.flush(w)
}

// queryKey is the key of the blocks that entries are looked for in; empty: they are looked for in all of the log.
func queryKey(query store.LogQuery) string {
	switch {
	case query.Key != "":
		return with(subjectKey(query.Key), query.Action)
	case query.Actor != "":
		return with(actorKey(query.Actor), query.Action)
	case query.Action != "":
		return actionKey(query.Action)
	default:
		return ""
	}
}

// blocksStatement selects the blocks that may have what a query selects, in its direction. It has no limit: who has enough
// reads no further. records are those through which entries are found beside the query's key.
func blocksStatement(query store.LogQuery, records []store.Ref) (string, []any) {
	var s statement
	column := "b.block"
	switch key := queryKey(query); {
	case len(records) > 0:
		kind := records[0].Kind
		s.add("SELECT b.first, b.entries FROM log b WHERE b.block IN (SELECT block FROM log_keys WHERE key = ?", key)
		s.add(" UNION ALL SELECT j.value FROM " + quote(kind.Name) + " r CROSS JOIN json_each('[' || rtrim(r.blocks, ',') || ']') j WHERE r.id IN (")
		for n, ref := range records {
			s.add([]string{"?", ", ?"}[min(n, 1)], ref.ID)
		}
		s.add("))")
	case key != "":
		column = "k.block"
		s.add("SELECT b.first, b.entries FROM log_keys k CROSS JOIN log b ON b.block = k.block WHERE k.key = ?", key)
	default:
		s.add("SELECT b.first, b.entries FROM log b WHERE 1")
	}
	if query.Above > 0 {
		s.add(" AND "+column+" > ?", query.Above-blockSize) // one that begins before may reach beyond
	}
	if query.Below > 0 {
		s.add(" AND "+column+" < ?", query.Below)
	}
	s.add(" ORDER BY " + column)
	if query.Descending {
		s.add(" DESC")
	}
	return s.String(), s.args
}

// walkLog hands over the entries that a query selects, in its direction, until visit returns false.
func walkLog(s *sqlitefile.Session, kinds *store.Catalogue, query store.LogQuery, visit func(cloudtag.Entry) bool) error {
	text, args := blocksStatement(query, kinds.LogRecords(query.Key))
	return s.Each(text, args, func(rows *sql.Rows) error {
		var first int64
		var encoded sql.RawBytes
		if err := rows.Scan(&first, &encoded); err != nil {
			return err
		}
		block, err := decodeBlock(first, encoded)
		if err != nil {
			return err
		}
		if query.Descending {
			slices.Reverse(block)
		}
		for _, entry := range block {
			if query.Selects(entry) && !visit(entry) {
				return sqlitefile.ErrEnough
			}
		}
		return nil
	})
}

// countLog counts what a query selects. What every entry under a key is selected by is counted without reading entries.
func countLog(s *sqlitefile.Session, kinds *store.Catalogue, query store.LogQuery) (count int, err error) {
	limit := int64(query.Limit)
	switch key := queryKey(query); {
	case query.Above > 0 || query.Below > 0 || query.Key != "":
		err = walkLog(s, kinds, query, func(cloudtag.Entry) bool {
			count++
			return count < query.Limit
		})
	case key == "":
		err = s.One("SELECT min(?, ifnull((SELECT last FROM log ORDER BY block DESC LIMIT 1) - (SELECT first FROM log ORDER BY block LIMIT 1) + 1, 0))", []any{limit}, &count)
	default:
		// Each block has one of them at least.
		text := "SELECT min(?, ifnull(sum(entries), 0)) FROM (SELECT entries FROM log_keys WHERE key = ? LIMIT ?)"
		err = s.One(text, []any{limit, key, limit}, &count)
	}
	return count, err
}

// readEnd returns where the log ends.
func readEnd(s *sqlitefile.Session, kinds *store.Catalogue) (*store.Chain, error) {
	end := &store.Chain{}
	newest := store.LogQuery{Descending: true}
	return end, walkLog(s, kinds, newest, func(entry cloudtag.Entry) bool {
		end.Seq, end.Head = entry.Seq, entry.Hash
		return false
	})
}

// droppedAtOnce is how many blocks are deleted by one transaction, which holds up who writes.
const droppedAtOnce = 32

// oldBlock is one that entries are dropped from.
type oldBlock struct {
	number  int64
	entries []cloudtag.Entry
}

// dropLog deletes the oldest entries below a number, and what leads to them; rows of cases go on naming blocks that there are
// not. It reports whether there are more.
func (w *work) dropLog(below int64) (more bool, err error) {
	var blocks []oldBlock
	text := "SELECT block, first, entries FROM log WHERE block < ? ORDER BY block LIMIT ?"
	err = w.Each(text, []any{below, int64(droppedAtOnce + 1)}, func(rows *sql.Rows) error {
		var number, first int64
		var encoded sql.RawBytes
		if err := rows.Scan(&number, &first, &encoded); err != nil {
			return err
		}
		entries, err := decodeBlock(first, encoded)
		blocks = append(blocks, oldBlock{number, entries})
		return err
	})
	if err != nil {
		return false, err
	}
	for _, block := range blocks[:min(droppedAtOnce, len(blocks))] {
		if err := w.dropFrom(block, below); err != nil {
			return false, err
		}
	}
	return len(blocks) > droppedAtOnce, nil
}

// dropFrom deletes those entries of a block that are below a number, and the block with the last of them.
func (w *work) dropFrom(block oldBlock, below int64) error {
	kept := slices.IndexFunc(block.entries, func(entry cloudtag.Entry) bool { return entry.Seq >= below })
	switch kept {
	case 0:
		return nil
	case -1:
		kept = len(block.entries)
	}
	gone := make(map[string]int64)
	for _, entry := range block.entries[:kept] {
		for _, key := range keysOf(entry, "") {
			gone[key]++
		}
	}
	for _, key := range slices.Sorted(maps.Keys(gone)) {
		const less = "UPDATE log_keys SET entries = entries - ? WHERE key = ? AND block = ?"
		if err := w.Write("count fewer entries", less, gone[key], key, block.number); err != nil {
			return err
		}
		const none = "DELETE FROM log_keys WHERE key = ? AND block = ? AND entries < 1"
		if err := w.Write("drop a key of the log", none, key, block.number); err != nil {
			return err
		}
	}
	if kept == len(block.entries) {
		return w.Write("drop a block of the log", "DELETE FROM log WHERE block = ?", block.number)
	}
	rest := block.entries[kept:]
	return w.Write("shorten a block of the log", "UPDATE log SET first = ?, entries = ? WHERE block = ?", rest[0].Seq, encodeBlock(rest), block.number)
}
