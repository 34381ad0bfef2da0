package sqlite

import (
	"database/sql"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"cloudtag/db/sqlite/recordjson"
	"cloudtag/db/sqlitefile"
	"cloudtag/internal/store"
)

// decoders decode records by kind.
type decoders map[*store.Kind]recordjson.Decoder

func decodersOf(kinds *store.Catalogue) decoders {
	all := make(decoders)
	for _, kind := range kinds.Kinds() {
		all[kind] = recordjson.For(reflect.TypeOf(kind.New()).Elem())
	}
	return all
}

func (d decoders) decode(kind *store.Kind, encoded string) (any, error) {
	record := kind.New()
	if err := d[kind].Decode(encoded, record); err != nil {
		return nil, fmt.Errorf("decode one of %s: %w", kind.Name, err)
	}
	return record, nil
}

// read returns the existing ones of the records, with one statement per kind.
func (d decoders) read(conn *sqlitefile.Conn, refs []store.Ref) (map[store.Ref]any, error) {
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
			var id, encoded string
			if err := rows.Scan(&id, &encoded); err != nil {
				return err
			}
			record, err := d.decode(kind, encoded)
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
