package sqlite

import (
	"database/sql"
	"errors"
	"sync"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/store"
)

// steadySize is how many records of a steady kind readers remember: some megabytes.
const steadySize = 4096

// versionsTable counts the transactions that changed a steady kind, in whatever process.
const versionsTable = `CREATE TABLE versions (kind TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL) WITHOUT ROWID`

// steady is what readers remember of one kind that changes seldom. It holds as of a version of the kind, which every read
// looks at: so that what is remembered is never older than what is stored.
type steady struct {
	mu      sync.Mutex
	version int64
	known   *cache
}

// get returns those of the records that there are, if all of them are known as of a version.
func (k *steady) get(version int64, refs []store.Ref) (found map[store.Ref]any, all bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.known == nil || k.version != version {
		return nil, false
	}
	found = make(map[store.Ref]any, len(refs))
	for _, ref := range refs {
		record, known := k.known.get(ref)
		switch {
		case !known:
			return nil, false
		case record != nil:
			found[ref] = record
		}
	}
	return found, true
}

// put remembers what was read as of a version, unless a newer one is known.
func (k *steady) put(version int64, refs []store.Ref, found map[store.Ref]any) {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case k.known == nil || version > k.version:
		k.version, k.known = version, newCache(steadySize)
	case version < k.version:
		return
	}
	for _, ref := range refs {
		k.known.put(ref, found[ref])
	}
}

// read returns records of the kind, reading them where not all are known.
func (k *steady) read(s *sqlitefile.Session, refs []store.Ref) (map[store.Ref]any, error) {
	version, err := versionOf(s, refs[0].Kind)
	if err != nil {
		return nil, err
	}
	if found, all := k.get(version, refs); all {
		return found, nil
	}
	var found map[store.Ref]any
	err = s.Snapshot(func() error {
		if version, err = versionOf(s, refs[0].Kind); err != nil {
			return err
		}
		found, err = readRecords(s, refs)
		return err
	})
	if err == nil {
		k.put(version, refs, found)
	}
	return found, err
}

func versionOf(s *sqlitefile.Session, kind *store.Kind) (version int64, err error) {
	err = s.One("SELECT version FROM versions WHERE kind = ?", []any{kind.Name}, &version)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil // it never changed
	}
	return version, err
}

// countVersion notes that a transaction changes a steady kind.
func (w *work) countVersion(kind *store.Kind) error {
	return w.Write("count a version of "+kind.Name,
		"INSERT INTO versions (kind, version) VALUES (?, 1) ON CONFLICT DO UPDATE SET version = version + 1", kind.Name)
}
