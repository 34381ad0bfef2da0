package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/storefacts"
)

// Inspect finds out about the file of a URI without changing it. thorough also reads all of it for damage.
func Inspect(ctx context.Context, uri string, thorough bool) (storefacts.Facts, error) {
	steps, err := loadMigrations()
	if err != nil {
		return storefacts.Facts{}, err
	}
	schema := sqlitefile.Schema{
		Newest:  len(steps),
		Missing: func(s *sqlitefile.Session) ([]string, error) { return missing(ctx, s, steps) },
	}
	return sqlitefile.Inspect(ctx, uri, schema, thorough)
}

// missing lists the tables and indexes that the migrations make, in memory, and that the file lacks.
func missing(ctx context.Context, s *sqlitefile.Session, steps []migration) ([]string, error) {
	there, err := made(s)
	if err != nil {
		return nil, err
	}
	var wanted []string
	err = sqlitefile.Use(ctx, ":memory:", func(fresh *sqlitefile.Session) error {
		for _, step := range steps {
			if err := fresh.RunScript(step.script); err != nil {
				return fmt.Errorf("migration %d: %w", step.number, err)
			}
		}
		wanted, err = made(fresh)
		return err
	})
	if err != nil {
		return nil, err
	}
	known := make(map[string]bool, len(there))
	for _, name := range there {
		known[name] = true
	}
	var lacking []string
	for _, name := range wanted {
		if !known[name] {
			lacking = append(lacking, name)
		}
	}
	return lacking, nil
}

// made lists tables, indexes and triggers as "index documents_by_wake".
func made(s *sqlitefile.Session) (names []string, err error) {
	err = s.Each("SELECT type || ' ' || name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name", nil, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		names = append(names, name)
		return err
	})
	return names, err
}
