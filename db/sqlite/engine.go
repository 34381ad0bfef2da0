package sqlite

import (
	"context"
	"database/sql"
	"slices"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
)

// Options are what an engine is told beside the place.
type Options = sqlitefile.Options

// Engine implements [store.Engine]. It is safe for concurrent use.
type Engine struct {
	*sqlitefile.File
	kinds  *store.Catalogue
	work   *work                   // the writer's
	steady map[*store.Kind]*steady // the readers', of each steady kind
}

var _ store.Engine = (*Engine)(nil)

// Open opens the engine that a URI names (sqlite:PATH) for the kinds of a catalogue, creating folder, file, tables and
// indexes. It fails with a sentence that names the file and what is wrong with it.
func Open(ctx context.Context, uri string, kinds *store.Catalogue, options Options) (*Engine, error) {
	prepare := func(s *sqlitefile.Session, step func(string) error) error { return prepareSchema(s, kinds, step) }
	work := newWork(kinds)
	file, err := sqlitefile.Open(ctx, uri, options, prepare, work)
	if err != nil {
		return nil, err
	}
	engine := &Engine{File: file, kinds: kinds, work: work, steady: make(map[*store.Kind]*steady)}
	for _, kind := range kinds.Kinds() {
		if kind.Steady {
			engine.steady[kind] = &steady{}
		}
	}
	return engine, nil
}

// Update runs edit in the writer's transaction.
func (e *Engine) Update(ctx context.Context, name string, edit func(store.Tx) error) error {
	return e.Write(ctx, name, func() error { return e.work.do(edit) })
}

// Get returns those of the records that there are.
func (e *Engine) Get(ctx context.Context, refs []store.Ref) (found map[store.Ref]any, err error) {
	if len(refs) == 0 {
		return nil, ctx.Err()
	}
	kind := refs[0].Kind
	single := !slices.ContainsFunc(refs, func(ref store.Ref) bool { return ref.Kind != kind })
	err = e.Read(ctx, "read records", func(s *sqlitefile.Session) error {
		switch {
		case single && kind.Steady:
			found, err = e.steady[kind].read(s, refs)
		case single:
			found, err = readRecords(s, refs)
		default: // with a statement a kind
			err = s.Snapshot(func() error {
				found, err = readRecords(s, refs)
				return err
			})
		}
		return err
	})
	return found, err
}

// List returns the records that a query selects.
func (e *Engine) List(ctx context.Context, query store.Query) (records []any, more bool, err error) {
	text, args := listStatement(query)
	err = e.Read(ctx, "list "+query.Kind.Name, func(s *sqlitefile.Session) error {
		return s.Each(text, args, func(rows *sql.Rows) error {
			var encoded sql.RawBytes
			if err := rows.Scan(&encoded); err != nil {
				return err
			}
			if more = len(records) == query.Limit; more {
				return nil
			}
			record, err := decode(query.Kind, encoded)
			records = append(records, record)
			return err
		})
	})
	return records, more, err
}

// Count counts the records that a query selects.
func (e *Engine) Count(ctx context.Context, query store.Query) (count int, err error) {
	text, args := countStatement(query)
	err = e.Read(ctx, "count "+query.Kind.Name, func(s *sqlitefile.Session) error { return s.One(text, args, &count) })
	return count, err
}

// Log returns the entries that a query selects.
func (e *Engine) Log(ctx context.Context, query store.LogQuery) (entries []cloudtag.Entry, more bool, err error) {
	err = e.Read(ctx, "read the log", func(s *sqlitefile.Session) error {
		return walkLog(s, e.kinds, query, func(entry cloudtag.Entry) bool {
			if more = len(entries) == query.Limit; !more {
				entries = append(entries, entry)
			}
			return !more
		})
	})
	return entries, more, err
}

// CountLog counts the entries that a query selects.
func (e *Engine) CountLog(ctx context.Context, query store.LogQuery) (count int, err error) {
	err = e.Read(ctx, "count the log", func(s *sqlitefile.Session) error {
		count, err = countLog(s, e.kinds, query)
		return err
	})
	return count, err
}

// LastSeq is the sequence number of the newest entry.
func (e *Engine) LastSeq(ctx context.Context) (seq int64, err error) {
	err = e.Read(ctx, "find the log's end", func(s *sqlitefile.Session) error {
		return s.One("SELECT ifnull((SELECT last FROM log ORDER BY block DESC LIMIT 1), 0)", nil, &seq)
	})
	return seq, err
}

// DropLog deletes the entries below a number, some at once, so that others can write meanwhile.
func (e *Engine) DropLog(ctx context.Context, below int64) error {
	for more := true; more; {
		err := e.Write(ctx, "drop the log's beginning", func() (err error) {
			more, err = e.work.dropLog(below)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Recover has nothing to do here: a commit is one transaction, of which SQLite itself, when the file is opened after a
// crash, leaves all or nothing.
func (e *Engine) Recover(ctx context.Context) (int, error) { return 0, ctx.Err() }
