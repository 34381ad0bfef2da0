package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/store"
)

// schemaVersion is the user_version of the files of this program. A change that indexes alone do not bring raises it.
const schemaVersion = 14

// The log, which is no kind: an entry's texts stay as they are, byte by byte, since its hash is made of them.
const (
	logTable = `CREATE TABLE log (
	seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subjects TEXT NOT NULL,
	reason TEXT NOT NULL, before TEXT, after TEXT, hash BLOB NOT NULL)`
	logRunsTable = `CREATE TABLE log_runs (key TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (key, first)) WITHOUT ROWID`
)

// prepareSchema creates what there is not, and makes indexes anew that are defined in another way now. It is safe when
// several processes start at once: the write lock is taken before anything is read.
func prepareSchema(s *sqlitefile.Session, kinds *store.Catalogue, fault func(string) error) error {
	return s.Transact(func() error {
		present, err := readSchema(s)
		if err != nil {
			return err
		}
		for _, statement := range missing(present, kinds) {
			if err := fault("schema"); err != nil {
				return err
			}
			if err := s.RunScript(statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		return fault("commit")
	})
}

// readSchema returns the statements that made what is there, by name. It refuses files that this program did not make.
func readSchema(s *sqlitefile.Session) (map[string]string, error) {
	version, err := s.Version()
	if err != nil {
		return nil, err
	}
	present, err := readObjects(s)
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

func readObjects(s *sqlitefile.Session) (map[string]string, error) {
	present := make(map[string]string)
	err := s.Each("SELECT name, ifnull(sql, '') FROM sqlite_schema", nil, func(rows *sql.Rows) error {
		var name, statement string
		err := rows.Scan(&name, &statement)
		present[name] = statement
		return err
	})
	return present, err
}

// object is a table or an index that there has to be.
type object struct {
	kind, name, statement string
}

func objects(kinds *store.Catalogue) []object {
	list := []object{
		{"table", "log", logTable}, {"table", "log_runs", logRunsTable},
	}
	for _, kind := range kinds.Kinds() {
		list = append(list, object{"table", kind.Name, createTable(kind)})
		for _, index := range kind.Indexes {
			list = append(list, object{"index", indexName(kind, index), createIndex(kind, index)})
		}
	}
	return list
}

// missing returns the statements that bring the schema up to the catalogue.
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
	columns = append(columns, "record TEXT NOT NULL")
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
