package sqliteengine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"cloudtag/internal/store"
	"cloudtag/internal/storefacts"
)

// Inspect finds out about the file of a URI without changing it, as a store of the kinds of a catalogue. thorough also reads all of it for damage.
func Inspect(ctx context.Context, uri string, kinds *store.Catalogue, thorough bool) (facts storefacts.Facts, err error) {
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
	err = withSession(ctx, readOnlySource(file, url.Values{"_query_only": {"1"}}), func(s *session) error {
		return look(s, kinds, &facts, thorough)
	})
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
func look(s *session, kinds *store.Catalogue, facts *storefacts.Facts, thorough bool) error {
	if err := s.one("SELECT sqlite_version()", nil, &facts.Version); err != nil {
		return err
	}
	var err error
	if facts.Schema, err = readVersion(s); err != nil {
		return err
	}
	facts.Newest, facts.Found = schemaVersion, facts.Schema > 0
	if facts.Schema != facts.Newest {
		return nil
	}
	present, err := readObjects(s)
	if err != nil {
		return err
	}
	for _, wanted := range objects(kinds) {
		if _, there := present[wanted.name]; !there {
			facts.Missing = append(facts.Missing, wanted.kind+" "+wanted.name)
		}
	}
	if !thorough {
		return nil
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

// sizeWithLog is the size of the file and what waits beside it to be put in.
func sizeWithLog(file string, info os.FileInfo) uint64 {
	size := uint64(info.Size())
	if log, err := os.Stat(file + "-wal"); err == nil {
		size += uint64(log.Size())
	}
	return size
}
