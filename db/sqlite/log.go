package sqlite

import (
	"cmp"
	"database/sql"
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

// file finds out by which keys entries are to be found. Entries whose account has a record that is written anyway are found
// through that: a key of the account would be one more page to write.
func (w *work) file(blocks [][]cloudtag.Entry) []logKey {
	var keys []logKey
	for _, block := range blocks {
		places := make(map[string]int)
		note := func(key string) {
			place, noted := places[key]
			if !noted {
				place = len(keys)
				places[key] = place
				keys = append(keys, logKey{key: key, block: block[0].Seq})
			}
			keys[place].entries++
		}
		for _, entry := range block {
			note(actorKey(entry.Actor))
			note(actionKey(entry.Action))
			note(with(actorKey(entry.Actor), entry.Action))
			ref, account := w.kinds.LogRecord(entry)
			written := w.changed[ref]
			if written != nil {
				written.note(block[0].Seq)
			}
			for _, subject := range store.LogKeys(entry) {
				if written == nil || subject != account {
					note(subjectKey(subject))
					note(with(subjectKey(subject), entry.Action))
				}
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
		if err := log.add(w, block[0].Seq, block[len(block)-1].Seq, encodeBlock(block)); err != nil {
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
	column := "b.first"
	switch key := queryKey(query); {
	case len(records) > 0:
		kind := records[0].Kind
		s.add("SELECT b.first, b.entries FROM log b WHERE b.first IN (SELECT block FROM log_keys WHERE key = ?", key)
		s.add(" UNION ALL SELECT j.value FROM " + quote(kind.Name) + " r CROSS JOIN json_each('[' || rtrim(r.blocks, ',') || ']') j WHERE r.id IN (")
		for n, ref := range records {
			s.add([]string{"?", ", ?"}[min(n, 1)], ref.ID)
		}
		s.add("))")
	case key != "":
		column = "k.block"
		s.add("SELECT b.first, b.entries FROM log_keys k CROSS JOIN log b ON b.first = k.block WHERE k.key = ?", key)
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
		err = s.One("SELECT min(?, ifnull((SELECT last FROM log ORDER BY first DESC LIMIT 1) - (SELECT first FROM log ORDER BY first LIMIT 1) + 1, 0))", []any{limit}, &count)
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
