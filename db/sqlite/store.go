package sqlite

import (
	"cmp"
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
)

// Options are what a store is told beside the place.
type Options struct {
	Log *slog.Logger // nil: nothing is logged
	// Appended is called after log entries became durable. It must not block, and only wakes readers. May be nil.
	Appended func()
	// Fault is for tests: it is called before every single physical write, commits included. An error means that the
	// process died there: the step does not happen, and every later call on the store fails too. May be nil.
	Fault func(step string) error
	// Copying lets a store be opened that a copy was begun in.
	Copying bool
}

// Store is the embedded store. It is safe for concurrent use.
type Store struct {
	database *sql.DB
	writer   *writer
	readers  *readers
	mortal   *mortal
	closing  sync.Once
	closed   error
}

// Open opens the store that a URI names (sqlite:PATH), creating folder and file and bringing the schema up to date.
// It fails with a sentence that names the file and what is wrong with it.
func Open(ctx context.Context, uri string, options Options) (*Store, error) {
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
	store, err := openContended(ctx, func() (*Store, error) { return openFile(ctx, file, options) })
	if err != nil {
		return nil, fmt.Errorf("database file %s: %w", file, startFailure(err))
	}
	return store, nil
}

// How long an open is tried again while another process holds the file, and how long after each failure.
const (
	openPatience = busyTimeout
	openPause    = 20 * time.Millisecond
)

// openContended opens again what fails because another process that starts at the same moment holds the file: the switch
// of a new file to the write-ahead log needs it alone, and SQLite gives up on that at once, without its busy timeout.
func openContended(ctx context.Context, open func() (*Store, error)) (*Store, error) {
	ctx, cancel := context.WithTimeout(ctx, openPatience)
	defer cancel()
	for {
		store, err := open()
		if !isBusy(err) {
			return store, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(openPause):
		}
	}
}

func openFile(ctx context.Context, file string, options Options) (_ *Store, err error) {
	// fdatasync leaves out what a commit does not need (the file's times). Where there is none, fsync does.
	if _, err := driver.Fdatasync(true); err != nil && !errors.Is(err, driver.ErrFdatasyncUnavailable) {
		return nil, err
	}
	store := &Store{mortal: &mortal{fault: options.Fault}}
	writing, err := sql.Open("sqlite", dataSource(file, writerCacheKiB, false))
	if err != nil {
		return nil, err
	}
	reading, err := sql.Open("sqlite", dataSource(file, readerCacheKiB, true))
	if err != nil {
		return nil, errors.Join(err, writing.Close())
	}
	store.database = writing
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
	if err := migrate(session, store.mortal.step); err != nil {
		return nil, err
	}
	if begun, err := copyBegun(session); err != nil || begun && !options.Copying {
		return nil, cmp.Or(err, errCopyBegun)
	}
	if err := completeChain(ctx, session, chainPiece, store.mortal.step); err != nil {
		return nil, err
	}
	carrying, err := open(writing)
	if err != nil {
		return nil, err
	}
	if err := carrying.run(fmt.Sprintf("PRAGMA cache_size = -%d", otherCacheKiB)); err != nil {
		return nil, err
	}
	if store.readers, err = openReaders(reading, open); err != nil {
		return nil, err
	}
	store.writer = startWriter(session, startCheckpointer(carrying, options.Log), store.mortal, options)
	return store, nil
}

// Ping reports whether the store takes writes: a full disk is found out, too. It writes the file's mark anew.
func (s *Store) Ping(ctx context.Context) error {
	return s.writer.do(ctx, "ping", func(w *work) error {
		return w.session.run(fmt.Sprintf("PRAGMA application_id = %d", applicationID))
	})
}

// applicationID marks a file as this program's for tools such as file(1).
const applicationID = 0x43546167 // "CTag"

// Close lets the writer finish the jobs it has, and gives the file up. Later calls fail with UNAVAILABLE.
func (s *Store) Close() error {
	s.closing.Do(func() {
		s.closed = errors.Join(s.writer.close(), s.readers.close(), s.database.Close())
	})
	return s.closed
}

// Recover has nothing to do here: every step of this store is one transaction, so that SQLite itself, when the file
// is opened after a crash, leaves all of it or nothing. It returns 0.
func (s *Store) Recover(ctx context.Context) (int, error) { return 0, ctx.Err() }

// The ports that the store implements.
var (
	_ cloudtag.Ledger        = (*Store)(nil)
	_ cloudtag.Recoverer     = (*Store)(nil)
	_ cloudtag.BatchReader   = (*Store)(nil)
	_ cloudtag.TagReader     = (*Store)(nil)
	_ cloudtag.CaseReader    = (*Store)(nil)
	_ cloudtag.MerchantStore = (*Store)(nil)
	_ cloudtag.OrderStore    = (*Store)(nil)
	_ cloudtag.RiskStore     = (*Store)(nil)
	_ cloudtag.PolicyStore   = (*Store)(nil)
	_ cloudtag.LogReader     = (*Store)(nil)
	_ cloudtag.DocumentStore = (*Store)(nil)
	_ cloudtag.PairStore     = (*Store)(nil)
)
