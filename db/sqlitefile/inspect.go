package sqlitefile

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

// Schema is what a store expects of its file.
type Schema struct {
	Newest  int                              // the version
	Missing func(*Session) ([]string, error) // names tables and indexes of the newest version that the file lacks
}

// Inspect finds out about the file of a URI without changing it. thorough also reads all of it for damage.
func Inspect(ctx context.Context, uri string, schema Schema, thorough bool) (facts storefacts.Facts, err error) {
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
	err = withSession(ctx, readOnlySource(file, url.Values{"_query_only": {"1"}}), func(s *Session) error {
		return look(s, schema, &facts, thorough)
	})
	if err != nil {
		return facts, fmt.Errorf("database file %s: %w", file, startFailure(err))
	}
	return facts, nil
}

// look reads what the file says about itself.
func look(s *Session, schema Schema, facts *storefacts.Facts, thorough bool) (err error) {
	if err := s.One("SELECT sqlite_version()", nil, &facts.Version); err != nil {
		return err
	}
	if facts.Schema, err = s.Version(); err != nil {
		return err
	}
	facts.Newest, facts.Found = schema.Newest, facts.Schema > 0
	if facts.Schema != facts.Newest {
		return nil
	}
	if facts.Missing, err = schema.Missing(s); err != nil || !thorough {
		return err
	}
	return s.Each("PRAGMA quick_check(10)", nil, func(rows *sql.Rows) error {
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
