package sqlite

import (
	"context"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/store"
	"cloudtag/internal/storefacts"
)

// Inspect examines the file that a URI names, without changing it, as a store of a catalogue's kinds. thorough also checks
// all of it for damage.
func Inspect(ctx context.Context, uri string, kinds *store.Catalogue, thorough bool) (storefacts.Facts, error) {
	schema := sqlitefile.Schema{
		Newest: schemaVersion,
		Missing: func(c *sqlitefile.Conn) (names []string, err error) {
			present, err := readObjects(c)
			if err != nil {
				return nil, err
			}
			for _, wanted := range objects(kinds) {
				if _, there := present[wanted.name]; !there {
					names = append(names, wanted.kind+" "+wanted.name)
				}
			}
			return names, nil
		},
	}
	return sqlitefile.Inspect(ctx, uri, schema, thorough)
}
