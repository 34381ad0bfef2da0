package db

import (
	"context"
	"strings"

	"cloudtag/db/mongo"
	"cloudtag/db/sqlite"
	"cloudtag/db/sqlitefile"
	"cloudtag/internal/store"
	"cloudtag/internal/storefacts"
)

// Inspect examines the store that a URI names without changing or creating anything. thorough also checks all data for
// damage, which may take long.
func Inspect(ctx context.Context, uri string, thorough bool) (storefacts.Facts, error) {
	switch {
	case uri == Memory:
		return storefacts.Facts{Place: "memory, gone with the process"}, nil
	case strings.HasPrefix(uri, sqlitefile.Scheme):
		return sqlite.Inspect(ctx, uri, store.NewCatalogue(), thorough)
	case strings.HasPrefix(uri, mongo.Scheme), strings.HasPrefix(uri, mongo.SchemeSRV):
		return mongo.Inspect(ctx, uri)
	default:
		return storefacts.Facts{}, errUnknownKind(uri)
	}
}
