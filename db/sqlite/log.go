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
const blockSize = 64

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

func actorsActionKey(actor string, action cloudtag.Action) string {
	return actionKey(action) + " " + actorKey(actor)
}

// logKeysOf are the keys of a block's entries, in order.
func logKeysOf(block []cloudtag.Entry) []logKey {
	var keys []logKey
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
		note(actorsActionKey(entry.Actor, entry.Action))
		for _, subject := range store.LogKeys(entry) {
			note(subjectKey(subject))
		}
	}
	return keys
}

// append writes the entries and what they are found by.
func (w *work) append() error {
	log := newInsert("log", "first", "last", "entries")
	var keys []logKey
	for block := range slices.Chunk(w.entries, blockSize) {
		if err := log.add(w, block[0].Seq, block[len(block)-1].Seq, encodeBlock(block)); err != nil {
			return err
		}
		keys = append(keys, logKeysOf(block)...)
	}
	if err := log.flush(w); err != nil {
		return err
	}
	slices.SortFunc(keys, func(a, b logKey) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.block, b.block)) })
	found := newInsert("log_keys", "key", "block", "entries")
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
		return subjectKey(query.Key)
	case query.Actor != "" && query.Action != "":
		return actorsActionKey(query.Actor, query.Action)
	case query.Actor != "":
		return actorKey(query.Actor)
	case query.Action != "":
		return actionKey(query.Action)
	default:
		return ""
	}
}

// blocksStatement selects the blocks that may have what a query selects, in its direction. It has no limit: who has enough
// reads no further.
func blocksStatement(query store.LogQuery) (string, []any) {
	var s statement
	s.add("SELECT b.first, b.entries FROM ")
	column := "b.first"
	if key := queryKey(query); key != "" {
		column = "k.block"
		s.add("log_keys k CROSS JOIN log b ON b.first = k.block WHERE k.key = ?", key)
	} else {
		s.add("log b WHERE 1")
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
func walkLog(s *sqlitefile.Session, query store.LogQuery, visit func(cloudtag.Entry) bool) error {
	text, args := blocksStatement(query)
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
func countLog(s *sqlitefile.Session, query store.LogQuery) (count int, err error) {
	limit := int64(query.Limit)
	switch key := queryKey(query); {
	case query.Above > 0 || query.Below > 0 || query.Key != "":
		err = walkLog(s, query, func(cloudtag.Entry) bool {
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
func readEnd(s *sqlitefile.Session) (*store.Chain, error) {
	end := &store.Chain{}
	newest := store.LogQuery{Descending: true}
	return end, walkLog(s, newest, func(entry cloudtag.Entry) bool {
		end.Seq, end.Head = entry.Seq, entry.Hash
		return false
	})
}
