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

// blockSize bounds the entries in a row of the log, and with it the entries that a reader decodes and discards for each
// block that an index leads to.
const blockSize = 32

// logKey counts the entries of a block that have a key.
type logKey struct {
	key     string
	block   int64
	entries int64
}

// The keys of entries. An action has no spaces.
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

// keysOf returns the keys of an entry except those of one subject.
func keysOf(entry cloudtag.Entry, except cloudtag.Subject) []string {
	keys := []string{actorKey(entry.Actor), actionKey(entry.Action), with(actorKey(entry.Actor), entry.Action)}
	for _, subject := range store.LogKeys(entry) {
		if subject != except {
			keys = append(keys, subjectKey(subject), with(subjectKey(subject), entry.Action))
		}
	}
	return keys
}

// indexBlocks returns the keys of blocks. An entry whose case is written in the same transaction is found through the row of
// the case instead of a key of its account, which would be one more page to write.
func (s *state) indexBlocks(blocks [][]cloudtag.Entry) []logKey {
	var keys []logKey
	for _, block := range blocks {
		places := make(map[string]int)
		for _, entry := range block {
			var except cloudtag.Subject
			ref, account := s.kinds.LogRecord(entry)
			if written := s.changed[ref]; written != nil {
				written.addBlock(block[0].Seq)
				except = account
			}
			for _, key := range keysOf(entry, except) {
				place, known := places[key]
				if !known {
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

// appendBlocks writes blocks of entries and their keys.
func (s *state) appendBlocks(blocks [][]cloudtag.Entry, keys []logKey) error {
	log, index := s.inserts["log"], s.inserts["log_keys"]
	for _, block := range blocks {
		if err := log.add(s, block[0].Seq, block[0].Seq, block[len(block)-1].Seq, encodeBlock(block)); err != nil {
			return err
		}
	}
	if err := log.flush(s); err != nil {
		return err
	}
	for _, key := range keys {
		if err := index.add(s, key.key, key.block, key.entries); err != nil {
			return err
		}
	}
	return index.flush(s)
}

// queryKey returns the key by which a query's blocks are found; "" selects all blocks.
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

// blocksStatement selects the blocks that may hold entries of a query, in its direction. It has no limit: the caller stops
// reading. Entries are found through records as well as by the query's key.
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
		s.add(" AND "+column+" > ?", query.Above-blockSize) // a block that begins before may extend beyond
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

// walkLog visits the entries that a query selects, in its direction, until visit returns false.
func walkLog(c *sqlitefile.Conn, kinds *store.Catalogue, query store.LogQuery, visit func(cloudtag.Entry) bool) error {
	text, args := blocksStatement(query, kinds.LogRecords(query.Key))
	return c.Each(text, args, func(rows *sql.Rows) error {
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
				return sqlitefile.ErrStop
			}
		}
		return nil
	})
}

// countLog counts the entries that a query selects, without decoding them where the keys' counts suffice.
func countLog(c *sqlitefile.Conn, kinds *store.Catalogue, query store.LogQuery) (count int, err error) {
	limit := int64(query.Limit)
	switch key := queryKey(query); {
	case query.Above > 0 || query.Below > 0 || query.Key != "":
		err = walkLog(c, kinds, query, func(cloudtag.Entry) bool {
			count++
			return count < query.Limit
		})
	case key == "":
		err = c.One("SELECT min(?, ifnull((SELECT last FROM log ORDER BY block DESC LIMIT 1) - (SELECT first FROM log ORDER BY block LIMIT 1) + 1, 0))", []any{limit}, &count)
	default:
		// Each of the blocks has at least one of the entries.
		text := "SELECT min(?, ifnull(sum(entries), 0)) FROM (SELECT entries FROM log_keys WHERE key = ? LIMIT ?)"
		err = c.One(text, []any{limit, key, limit}, &count)
	}
	return count, err
}

// readEnd returns the end of the log.
func readEnd(c *sqlitefile.Conn, kinds *store.Catalogue) (*store.Chain, error) {
	end := &store.Chain{}
	newest := store.LogQuery{Descending: true}
	return end, walkLog(c, kinds, newest, func(entry cloudtag.Entry) bool {
		end.Seq, end.Head = entry.Seq, entry.Hash
		return false
	})
}

// dropBatch bounds the blocks deleted by one transaction, which delays other writes.
const dropBatch = 32

// oldBlock is a block from which entries are deleted.
type oldBlock struct {
	number  int64
	entries []cloudtag.Entry
}

// dropLog deletes the oldest entries below a sequence number and their keys, and reports whether there are more. Rows of
// cases may continue to name deleted blocks.
func (s *state) dropLog(below int64) (more bool, err error) {
	var blocks []oldBlock
	text := "SELECT block, first, entries FROM log WHERE block < ? ORDER BY block LIMIT ?"
	err = s.Each(text, []any{below, int64(dropBatch + 1)}, func(rows *sql.Rows) error {
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
	for _, block := range blocks[:min(dropBatch, len(blocks))] {
		if err := s.dropFrom(block, below); err != nil {
			return false, err
		}
	}
	return len(blocks) > dropBatch, nil
}

// dropFrom deletes the entries of a block below a sequence number; an empty block is deleted.
func (s *state) dropFrom(block oldBlock, below int64) error {
	kept := slices.IndexFunc(block.entries, func(entry cloudtag.Entry) bool { return entry.Seq >= below })
	switch kept {
	case 0:
		return nil
	case -1:
		kept = len(block.entries)
	}
	dropped := make(map[string]int64) // by key
	for _, entry := range block.entries[:kept] {
		for _, key := range keysOf(entry, "") {
			dropped[key]++
		}
	}
	for _, key := range slices.Sorted(maps.Keys(dropped)) {
		const less = "UPDATE log_keys SET entries = entries - ? WHERE key = ? AND block = ?"
		if err := s.Write("count fewer entries", less, dropped[key], key, block.number); err != nil {
			return err
		}
		const none = "DELETE FROM log_keys WHERE key = ? AND block = ? AND entries < 1"
		if err := s.Write("drop a key of the log", none, key, block.number); err != nil {
			return err
		}
	}
	if kept == len(block.entries) {
		return s.Write("drop a block of the log", "DELETE FROM log WHERE block = ?", block.number)
	}
	rest := block.entries[kept:]
	return s.Write("shorten a block of the log", "UPDATE log SET first = ?, entries = ? WHERE block = ?", rest[0].Seq, encodeBlock(rest), block.number)
}
