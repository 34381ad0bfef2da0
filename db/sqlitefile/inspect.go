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

// Schema is what an engine expects of its file.
type Schema struct {
	Newest  int                           // the version
	Missing func(*Conn) ([]string, error) // returns the tables and indexes of the newest version that the file lacks
}

// Inspect examines the file that a URI names without changing it. thorough also checks all of it for damage.
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
	err = withConn(ctx, readOnlySource(file, url.Values{"_query_only": {"1"}}), func(c *Conn) error {
		return examine(c, schema, &facts, thorough)
	})
	if err != nil {
		return facts, fmt.Errorf("database file %s: %w", file, startFailure(err))
	}
	return facts, nil
}

// examine collects the facts about an open file.
func examine(c *Conn, schema Schema, facts *storefacts.Facts, thorough bool) (err error) {
	if err := c.One("SELECT sqlite_version()", nil, &facts.Version); err != nil {
		return err
	}
	if facts.Schema, err = c.Version(); err != nil {
		return err
	}
	facts.Newest, facts.Found = schema.Newest, facts.Schema > 0
	if facts.Schema != facts.Newest {
		return nil
	}
	if facts.Missing, err = schema.Missing(c); err != nil || !thorough {
		return err
	}
	return c.Each("PRAGMA quick_check(10)", nil, func(rows *sql.Rows) error {
		var finding string
		err := rows.Scan(&finding)
		if err == nil && finding != "ok" {
			facts.Damage = append(facts.Damage, finding)
		}
		return err
	})
}

// sizeWithLog is the size of the file and its write-ahead log.
func sizeWithLog(file string, info os.FileInfo) uint64 {
	size := uint64(info.Size())
	if log, err := os.Stat(file + "-wal"); err == nil {
		size += uint64(log.Size())
	}
	return size
}
