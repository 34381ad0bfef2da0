package sqlite

import (
	"database/sql"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/store"
)

// decode reads what encoding/json wrote: the v2 package reads it in a third of the time, and is no faster at writing.
func decode(kind *store.Kind, encoded []byte) (any, error) {
	record := kind.New()
	if err := json.Unmarshal(encoded, record); err != nil {
		return nil, fmt.Errorf("decode one of %s: %w", kind.Name, err)
	}
	return record, nil
}

// readRecords returns the existing ones of the records, with one statement per kind.
func readRecords(conn *sqlitefile.Conn, refs []store.Ref) (map[store.Ref]any, error) {
	found := make(map[store.Ref]any, len(refs))
	byKind := make(map[*store.Kind][]any)
	for _, ref := range refs {
		if isKey(ref.ID) {
			byKind[ref.Kind] = append(byKind[ref.Kind], ref.ID)
		}
	}
	for kind, ids := range byKind {
		text, args := "SELECT id, record FROM "+quote(kind.Name)+" WHERE id = ?", ids
		if len(ids) > 1 {
			text, args = "SELECT r.id, r.record FROM json_each(?) j CROSS JOIN "+quote(kind.Name)+" r ON r.id = j.value", []any{jsonList(ids)}
		}
		err := conn.Each(text, args, func(rows *sql.Rows) error {
			var id string
			var encoded sql.RawBytes
			if err := rows.Scan(&id, &encoded); err != nil {
				return err
			}
			record, err := decode(kind, encoded)
			found[store.Ref{Kind: kind, ID: id}] = record
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// isKey reports whether JSON preserves a key. Nothing is stored under other keys.
func isKey(id string) bool { return utf8.ValidString(id) && !strings.ContainsRune(id, 0) }
