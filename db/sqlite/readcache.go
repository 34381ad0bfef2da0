package sqlite

import (
	"database/sql"
	"errors"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/store"
)

// readCacheSize bounds the records of one kind that readers cache: some megabytes.
const readCacheSize = 4096

// versionsTable counts the transactions that changed a cached kind, in any process.
const versionsTable = `CREATE TABLE versions (kind TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL) WITHOUT ROWID`

// recordCache holds records as they are stored, and nil for those known not to exist.
type recordCache = simplelru.LRU[store.Ref, any]

func newRecordCache(size int) *recordCache {
	cache, err := simplelru.NewLRU[store.Ref, any](size, nil)
	if err != nil {
		panic(err) // the sizes are positive constants
	}
	return cache
}

// readCache holds the readers' records of one cached kind. It is valid for one version of the kind, which every read
// compares with the stored one, so that a cached record is never older than the stored one.
type readCache struct {
	mu      sync.Mutex
	version int64
	records *recordCache
}

func newReadCache() *readCache { return &readCache{records: newRecordCache(readCacheSize)} }

// get returns the existing ones of the records, if all of them are cached for a version.
func (c *readCache) get(version int64, refs []store.Ref) (found map[store.Ref]any, all bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.version != version {
		return nil, false
	}
	found = make(map[store.Ref]any, len(refs))
	for _, ref := range refs {
		record, known := c.records.Get(ref)
		switch {
		case !known:
			return nil, false
		case record != nil:
			found[ref] = record
		}
	}
	return found, true
}

// put caches what was read from a version, unless a newer one is cached.
func (c *readCache) put(version int64, refs []store.Ref, found map[store.Ref]any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case version > c.version:
		c.records.Purge()
		c.version = version
	case version < c.version:
		return
	}
	for _, ref := range refs {
		c.records.Add(ref, found[ref])
	}
}

// read returns the existing ones of the records, from the file unless all of them are cached.
func (c *readCache) read(conn *sqlitefile.Conn, decoders decoders, refs []store.Ref) (found map[store.Ref]any, err error) {
	version, err := versionOf(conn, refs[0].Kind)
	if err != nil {
		return nil, err
	}
	if found, all := c.get(version, refs); all {
		return found, nil
	}
	err = conn.Snapshot(func() error {
		if version, err = versionOf(conn, refs[0].Kind); err != nil {
			return err
		}
		found, err = decoders.read(conn, refs)
		return err
	})
	if err == nil {
		c.put(version, refs, found)
	}
	return found, err
}

// versionOf returns the version of a kind, 0 if it has never changed.
func versionOf(conn *sqlitefile.Conn, kind *store.Kind) (version int64, err error) {
	err = conn.One("SELECT version FROM versions WHERE kind = ?", []any{kind.Name}, &version)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return version, err
}

// bumpVersion invalidates the read caches of a kind, in all processes.
func (s *state) bumpVersion(kind *store.Kind) error {
	return s.Write("bump the version of "+kind.Name,
		"INSERT INTO versions (kind, version) VALUES (?, 1) ON CONFLICT DO UPDATE SET version = version + 1", kind.Name)
}
