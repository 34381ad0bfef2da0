package sqliteengine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	driver "modernc.org/sqlite"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
)

// Options are what an engine is told beside the place.
type Options struct {
	Log *slog.Logger // nil: nothing is logged
	// Appended is called after log entries became durable. It must not block, and only wakes readers. May be nil.
	Appended func()
	// Fault is for tests: it is called before every single physical write, commits included. An error means that the
	// process died there: the step does not happen, and every later call on the engine fails too. May be nil.
	Fault func(step string) error
}

// Engine implements [store.Engine]. It is safe for concurrent use.
type Engine struct {
	database *sql.DB
	writer   *writer
	readers  *readers
	mortal   *mortal
	closing  sync.Once
	closed   error
}

var _ store.Engine = (*Engine)(nil)

// Open opens the engine that a URI names (sqlite:PATH) for the kinds of a catalogue, creating folder, file, tables and
// indexes. It fails with a sentence that names the file and what is wrong with it.
func Open(ctx context.Context, uri string, kinds *store.Catalogue, options Options) (*Engine, error) {
	file, err := pathOf(uri)
	if err != nil {
		return nil, err
	}
	if options.Log == nil {
		options.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	if err := prepareFile(file); err != nil {
		return nil, fmt.Errorf("database file %s: %w", file, err)
	}
	engine, err := openContended(ctx, func() (*Engine, error) { return openFile(ctx, file, kinds, options) })
	if err != nil {
		return nil, fmt.Errorf("database file %s: %w", file, startFailure(err))
	}
	return engine, nil
}

// How long an open is tried again while another process holds the file, and how long after each failure.
const (
	openPatience = busyTimeout
	openPause    = 20 * time.Millisecond
)

// openContended opens again what fails because another process that starts at the same moment holds the file: the switch
// of a new file to the write-ahead log needs it alone, and SQLite gives up on that at once, without its busy timeout.
func openContended(ctx context.Context, open func() (*Engine, error)) (*Engine, error) {
	ctx, cancel := context.WithTimeout(ctx, openPatience)
	defer cancel()
	for {
		engine, err := open()
		if !isBusy(err) {
			return engine, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(openPause):
		}
	}
}

func openFile(ctx context.Context, file string, kinds *store.Catalogue, options Options) (_ *Engine, err error) {
	// fdatasync leaves out what a commit does not need (the file's times). Where there is none, fsync does.
	if _, err := driver.Fdatasync(true); err != nil && !errors.Is(err, driver.ErrFdatasyncUnavailable) {
		return nil, err
	}
	engine := &Engine{mortal: &mortal{fault: options.Fault}}
	writing, err := sql.Open("sqlite", dataSource(file, writerCacheKiB, false))
	if err != nil {
		return nil, err
	}
	reading, err := sql.Open("sqlite", dataSource(file, readerCacheKiB, true))
	if err != nil {
		return nil, errors.Join(err, writing.Close())
	}
	engine.database = writing
	var opened []*session
	open := func(database *sql.DB) (*session, error) {
		s, err := newSession(ctx, database)
		if err == nil {
			opened = append(opened, s)
		}
		return s, err
	}
	defer func() {
		if err != nil {
			for _, s := range opened {
				err = errors.Join(err, s.close())
			}
			err = errors.Join(err, reading.Close(), writing.Close())
		}
	}()
	session, err := open(writing)
	if err != nil {
		return nil, err
	}
	if err := prepareSchema(session, kinds, engine.mortal.step); err != nil {
		return nil, err
	}
	carrying, err := open(writing)
	if err != nil {
		return nil, err
	}
	if err := carrying.run(fmt.Sprintf("PRAGMA cache_size = -%d", otherCacheKiB)); err != nil {
		return nil, err
	}
	if engine.readers, err = openReaders(reading, open); err != nil {
		return nil, err
	}
	engine.writer = startWriter(session, startCheckpointer(carrying, options.Log), engine.mortal, options)
	return engine, nil
}

// Update runs edit in the writer's transaction.
func (e *Engine) Update(ctx context.Context, name string, edit func(store.Tx) error) error {
	return e.writer.do(ctx, name, edit)
}

// Get returns those of the records that there are.
func (e *Engine) Get(ctx context.Context, refs []store.Ref) (found map[store.Ref]any, err error) {
	err = e.read(ctx, "read records", func(s *session) error {
		found, err = readRecords(s, refs)
		return err
	})
	return found, err
}

// List returns the records that a query selects.
func (e *Engine) List(ctx context.Context, query store.Query) (records []any, more bool, err error) {
	text, args := listStatement(query)
	err = e.read(ctx, "list "+query.Kind.Name, func(s *session) error {
		return s.each(text, args, func(rows *sql.Rows) error {
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
	err = e.read(ctx, "count "+query.Kind.Name, func(s *session) error { return s.one(text, args, &count) })
	return count, err
}

// Log returns the entries that a query selects.
func (e *Engine) Log(ctx context.Context, query store.LogQuery) (entries []cloudtag.Entry, more bool, err error) {
	text, args := logStatement(query)
	err = e.read(ctx, "read the log", func(s *session) error {
		return s.each(text, args, func(rows *sql.Rows) error {
			if more = len(entries) == query.Limit; more {
				return nil
			}
			entry, err := scanEntry(rows)
			entries = append(entries, entry)
			return err
		})
	})
	return entries, more, err
}

// CountLog counts the entries that a query selects.
func (e *Engine) CountLog(ctx context.Context, query store.LogQuery) (count int, err error) {
	text, args := countLogStatement(query)
	err = e.read(ctx, "count the log", func(s *session) error { return s.one(text, args, &count) })
	return count, err
}

// LastSeq is the sequence number of the newest entry.
func (e *Engine) LastSeq(ctx context.Context) (seq int64, err error) {
	err = e.read(ctx, "find the log's end", func(s *session) error {
		return s.one("SELECT ifnull(max(seq), 0) FROM log", nil, &seq)
	})
	return seq, err
}

// Recover has nothing to do here: a commit is one transaction, of which SQLite itself, when the file is opened after a
// crash, leaves all or nothing.
func (e *Engine) Recover(ctx context.Context) (int, error) { return 0, ctx.Err() }

// Ping reports whether the file takes writes: a full disk is found out, too. It writes the file's mark anew.
func (e *Engine) Ping(ctx context.Context) error {
	return e.writer.do(ctx, "ping", func(edit store.Tx) error {
		return edit.(*tx).work.session.run(fmt.Sprintf("PRAGMA application_id = %d", applicationID))
	})
}

// applicationID marks a file as this program's for tools such as file(1).
const applicationID = 0x43546167 // "CTag"

// Close lets the writer finish the jobs it has, and gives the file up. Later calls fail with UNAVAILABLE.
func (e *Engine) Close() error {
	e.closing.Do(func() {
		e.closed = errors.Join(e.writer.close(), e.readers.close(), e.database.Close())
	})
	return e.closed
}
