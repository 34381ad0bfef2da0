package sqlite

import (
	"context"
	"database/sql"
	"slices"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
)

// Options configure an engine.
type Options = sqlitefile.Options

// Engine implements [store.Engine]. It is safe for concurrent use.
type Engine struct {
	*sqlitefile.File
	kinds    *store.Catalogue
	decoders decoders
	state    *state                     // used by the writer only
	cached   map[*store.Kind]*readCache // of the cached kinds
}

var _ store.Engine = (*Engine)(nil)

// Open opens the engine that a URI names (sqlite:PATH) for the kinds of a catalogue, creating folder, file, tables and
// indexes. Its errors name the file and say what is wrong with it.
func Open(ctx context.Context, uri string, kinds *store.Catalogue, options Options) (*Engine, error) {
	prepare := func(c *sqlitefile.Conn, step func(string) error) error { return prepareSchema(c, kinds, step) }
	decoders := decodersOf(kinds)
	state := newState(kinds, decoders)
	file, err := sqlitefile.Open(ctx, uri, options, prepare, state)
	if err != nil {
		return nil, err
	}
	engine := &Engine{File: file, kinds: kinds, decoders: decoders, state: state, cached: make(map[*store.Kind]*readCache)}
	for _, kind := range kinds.Kinds() {
		if kind.Cached {
			engine.cached[kind] = newReadCache()
		}
	}
	return engine, nil
}

// Update runs edit in the writer's transaction.
func (e *Engine) Update(ctx context.Context, name string, edit func(store.Tx) error) error {
	return e.Write(ctx, name, func() error { return e.state.do(edit) })
}

// Get returns the existing ones of the records.
func (e *Engine) Get(ctx context.Context, refs []store.Ref) (found map[store.Ref]any, err error) {
	if len(refs) == 0 {
		return nil, ctx.Err()
	}
	kind := refs[0].Kind
	single := !slices.ContainsFunc(refs, func(ref store.Ref) bool { return ref.Kind != kind })
	err = e.Read(ctx, "read records", func(c *sqlitefile.Conn) error {
		switch {
		case single && kind.Cached:
			found, err = e.cached[kind].read(c, e.decoders, refs)
		case single:
			found, err = e.decoders.read(c, refs)
		default: // one statement per kind
			err = c.Snapshot(func() error {
				found, err = e.decoders.read(c, refs)
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
	err = e.Read(ctx, "list "+query.Kind.Name, func(c *sqlitefile.Conn) error {
		return c.Each(text, args, func(rows *sql.Rows) error {
			var encoded string
			if err := rows.Scan(&encoded); err != nil {
				return err
			}
			if more = len(records) == query.Limit; more {
				return nil
			}
			record, err := e.decoders.decode(query.Kind, encoded)
			records = append(records, record)
			return err
		})
	})
	return records, more, err
}

// Count returns the number of records that a query selects.
func (e *Engine) Count(ctx context.Context, query store.Query) (count int, err error) {
	text, args := countStatement(query)
	err = e.Read(ctx, "count "+query.Kind.Name, func(c *sqlitefile.Conn) error { return c.One(text, args, &count) })
	return count, err
}

// Log returns the entries that a query selects.
func (e *Engine) Log(ctx context.Context, query store.LogQuery) (entries []cloudtag.Entry, more bool, err error) {
	err = e.Read(ctx, "read the log", func(c *sqlitefile.Conn) error {
		return walkLog(c, e.kinds, query, func(entry cloudtag.Entry) bool {
			if more = len(entries) == query.Limit; !more {
				entries = append(entries, entry)
			}
			return !more
		})
	})
	return entries, more, err
}

// CountLog returns the number of entries that a query selects.
func (e *Engine) CountLog(ctx context.Context, query store.LogQuery) (count int, err error) {
	err = e.Read(ctx, "count the log", func(c *sqlitefile.Conn) error {
		count, err = countLog(c, e.kinds, query)
		return err
	})
	return count, err
}

// LastSeq returns the sequence number of the newest entry.
func (e *Engine) LastSeq(ctx context.Context) (seq int64, err error) {
	err = e.Read(ctx, "find the log's end", func(c *sqlitefile.Conn) error {
		return c.One("SELECT ifnull((SELECT last FROM log ORDER BY block DESC LIMIT 1), 0)", nil, &seq)
	})
	return seq, err
}

// DropLog deletes the entries below a sequence number, in several transactions, so that other writes proceed in between.
func (e *Engine) DropLog(ctx context.Context, below int64) error {
	for more := true; more; {
		err := e.Write(ctx, "drop the log's beginning", func() (err error) {
			more, err = e.state.dropLog(below)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Recover has nothing to do: a commit is one transaction, which SQLite completes or rolls back when it opens the file
// after a crash.
func (e *Engine) Recover(ctx context.Context) (int, error) { return 0, ctx.Err() }
