package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/store"
)

// schemaVersion is the user_version of the program's files. It is raised by every change other than of indexes.
const schemaVersion = 14

// The log's entries in blocks, and for each key the blocks that hold its entries, and how many. A block is identified by the
// sequence number of the first entry it was written with; first is that of the first entry it still has.
const (
	logTable     = `CREATE TABLE log (block INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, entries BLOB NOT NULL)`
	logKeysTable = `CREATE TABLE log_keys (key TEXT NOT NULL, block INTEGER NOT NULL, entries INTEGER NOT NULL, PRIMARY KEY (key, block)) WITHOUT ROWID`
)

// prepareSchema creates missing tables and indexes, and recreates indexes whose definition has changed. Several processes
// may start at the same time: the write lock is acquired before anything is read.
func prepareSchema(c *sqlitefile.Conn, kinds *store.Catalogue, fault func(string) error) error {
	return c.Transact(func() error {
		present, err := readSchema(c)
		if err != nil {
			return err
		}
		for _, statement := range missing(present, kinds) {
			if err := fault("schema"); err != nil {
				return err
			}
			if err := c.RunScript(statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		return fault("commit")
	})
}

// readSchema returns the statements that created the tables and indexes, by name. It rejects files of other programs.
func readSchema(c *sqlitefile.Conn) (map[string]string, error) {
	version, err := c.Version()
	if err != nil {
		return nil, err
	}
	present, err := readObjects(c)
	switch {
	case err != nil:
		return nil, err
	case version > schemaVersion:
		return nil, fmt.Errorf("its schema has version %d, and this program knows version %d: use a newer cloudtag", version, schemaVersion)
	case version == 0 && len(present) > 0:
		return nil, errors.New("it is an SQLite database of another program")
	case version != 0 && version != schemaVersion:
		return nil, fmt.Errorf("its schema has version %d, of a program before the first release: begin with a new file", version)
	}
	return present, nil
}

func readObjects(c *sqlitefile.Conn) (map[string]string, error) {
	present := make(map[string]string)
	err := c.Each("SELECT name, ifnull(sql, '') FROM sqlite_schema", nil, func(rows *sql.Rows) error {
		var name, statement string
		err := rows.Scan(&name, &statement)
		present[name] = statement
		return err
	})
	return present, err
}

// object is a table or an index of the schema.
type object struct {
	kind, name, statement string
}

func objects(kinds *store.Catalogue) []object {
	list := []object{
		{"table", "log", logTable}, {"table", "log_keys", logKeysTable}, {"table", "versions", versionsTable},
	}
	for _, kind := range kinds.Kinds() {
		list = append(list, object{"table", kind.Name, createTable(kind)})
		for _, index := range kind.Indexes {
			list = append(list, object{"index", indexName(kind, index), createIndex(kind, index)})
		}
	}
	return list
}

// missing returns the statements that bring the schema up to date with the catalogue.
func missing(present map[string]string, kinds *store.Catalogue) []string {
	var statements []string
	if len(present) == 0 {
		statements = append(statements, fmt.Sprintf("PRAGMA user_version = %d", schemaVersion))
	}
	for _, wanted := range objects(kinds) {
		there, known := present[wanted.name]
		switch {
		case known && (wanted.kind == "table" || there == wanted.statement):
			continue
		case known:
			statements = append(statements, "DROP INDEX "+quote(wanted.name))
		}
		statements = append(statements, wanted.statement)
	}
	return statements
}

func quote(name string) string { return `"` + name + `"` }

func indexName(kind *store.Kind, index store.Index) string { return kind.Name + "_" + index.Name }

func createTable(kind *store.Kind) string {
	columns := []string{"id TEXT PRIMARY KEY NOT NULL"}
	for _, field := range kind.Fields {
		column := quote(field.Name) + " INTEGER"
		if field.Type == store.FieldText {
			column = quote(field.Name) + " TEXT"
		}
		if !field.Optional {
			column += " NOT NULL"
		}
		columns = append(columns, column)
	}
	if kind.Logged {
		columns = append(columns, "blocks TEXT NOT NULL") // of the log, each followed by a comma
	}
	columns = append(columns, "record TEXT NOT NULL") // JSON; reading a BLOB as a string would copy it once more
	return fmt.Sprintf("CREATE TABLE %s (%s)", quote(kind.Name), strings.Join(columns, ", "))
}

func createIndex(kind *store.Kind, index store.Index) string {
	var columns, present []string
	for _, name := range index.Fields {
		columns = append(columns, quote(name))
		if field, _ := kind.Field(name); field.Optional {
			present = append(present, quote(name)+" IS NOT NULL")
		}
	}
	columns = append(columns, "id")
	for _, name := range index.Also {
		columns = append(columns, quote(name))
	}
	statement := fmt.Sprintf("CREATE INDEX %s ON %s (%s)", quote(indexName(kind, index)), quote(kind.Name), strings.Join(columns, ", "))
	if len(present) > 0 {
		statement += " WHERE " + strings.Join(present, " AND ")
	}
	return statement
}
