package sqlite

import (
	"context"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/store"
	"cloudtag/internal/storefacts"
)

// Inspect finds out about the file of a URI without changing it, as a store of the kinds of a catalogue. thorough also
// reads all of it for damage.
func Inspect(ctx context.Context, uri string, kinds *store.Catalogue, thorough bool) (storefacts.Facts, error) {
	schema := sqlitefile.Schema{
		Newest: schemaVersion,
		Missing: func(s *sqlitefile.Session) (names []string, err error) {
			present, err := readObjects(s)
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
