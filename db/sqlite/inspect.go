package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"cloudtag/internal/storefacts"
)

// Inspect finds out about the file of a URI without changing it. thorough also reads all of it for damage.
func Inspect(ctx context.Context, uri string, thorough bool) (facts storefacts.Facts, err error) {
	file, err := pathOf(uri)
	if err != nil {
		return facts, err
	}
	facts.Place = "SQLite at " + file
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		facts.Disk = diskOf(filepath.Dir(file), 0)
		return facts, nil
	}
	if err != nil {
		return facts, fmt.Errorf("database file %s: %w", file, err)
	}
	facts.Disk = diskOf(filepath.Dir(file), sizeWithLog(file, info))
	err = withSession(ctx, readOnlySource(file, url.Values{"_query_only": {"1"}}), func(s *session) error { return look(s, &facts, thorough) })
	if err != nil {
		return facts, fmt.Errorf("database file %s: %w", file, startFailure(err))
	}
	return facts, nil
}

// withSession opens a file for as long as a call.
func withSession(ctx context.Context, source string, use func(*session) error) (err error) {
	database, err := sql.Open("sqlite", source)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, database.Close()) }()
	s, err := newSession(ctx, database)
	if err != nil {
		return err
	}
	return errors.Join(use(s), s.close())
}

// look reads what the file says about itself.
func look(s *session, facts *storefacts.Facts, thorough bool) error {
	if err := s.one("SELECT sqlite_version()", nil, &facts.Version); err != nil {
		return err
	}
	steps, err := loadMigrations()
	if err != nil {
		return err
	}
	facts.Newest = len(steps)
	if facts.Schema, err = schemaVersion(s); err != nil {
		return err
	}
	facts.Found = facts.Schema > 0
	if facts.Schema != facts.Newest {
		return nil
	}
	if facts.Missing, err = missing(s, steps); err != nil || !thorough {
		return err
	}
	return s.each("PRAGMA quick_check(10)", nil, func(rows *sql.Rows) error {
		var said string
		if err := rows.Scan(&said); err != nil {
			return err
		}
		if said != "ok" {
			facts.Damage = append(facts.Damage, said)
		}
		return nil
	})
}

// missing lists the tables and indexes that the migrations make, in memory, and that the file lacks.
func missing(s *session, steps []migration) ([]string, error) {
	there, err := made(s)
	if err != nil {
		return nil, err
	}
	var wanted []string
	err = withSession(s.ctx, ":memory:", func(fresh *session) error {
		for _, step := range steps {
			if err := fresh.runScript(step.script); err != nil {
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
func made(s *session) (names []string, err error) {
	err = s.each("SELECT type || ' ' || name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name", nil, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		names = append(names, name)
		return err
	})
	return names, err
}

// sizeWithLog is the size of the file and what waits beside it to be put in.
func sizeWithLog(file string, info os.FileInfo) uint64 {
	size := uint64(info.Size())
	if log, err := os.Stat(file + "-wal"); err == nil {
		size += uint64(log.Size())
	}
	return size
}
