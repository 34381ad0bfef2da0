package db

import (
	"context"
	"errors"
	"strings"

	"cloudtag/db/sqlitefile"
)

// Backup writes a consistent copy of an SQLite store to a file that must not exist, while servers use the store. For MongoDB
// the error names the tools to use instead.
func Backup(ctx context.Context, uri, target string) error {
	if !strings.HasPrefix(uri, sqlitefile.Scheme) {
		return errors.New("only SQLite stores are backed up by this program: use mongodump --oplog, or snapshots, for MongoDB")
	}
	if err := checkExisting(ctx, uri); err != nil {
		return err
	}
	return sqlitefile.Backup(ctx, uri, target)
}
