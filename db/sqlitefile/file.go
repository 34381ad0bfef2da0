package sqlitefile

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
)

// Options are what is told of a file's use beside its place.
type Options struct {
	Log *slog.Logger // nil: nothing is logged
	// Appended is called after log entries became durable. It must not block, and only wakes readers. May be nil.
	Appended func()
	// Fault is for tests: it is called before every single physical write, commits included. An error means that the
	// process died there: the step does not happen, and every later call on the file fails too. May be nil.
	Fault func(step string) error
}

// Prepare brings the schema up to date when a file is opened. It calls step before every physical write, commits
// included, and gives up with its error. Several processes may prepare one file at once.
type Prepare func(s *Session, step func(name string) error) error

// File is an SQLite file in use. It is safe for concurrent use.
type File struct {
	source   string // names it to the driver
	database *sql.DB
	writer   *writer
	readers  *readers
	mortal   *mortal
	closing  sync.Once
	closed   error
}

// Open opens the file that a URI names (sqlite:PATH), creating it and its folder. It fails with a sentence that names
// the file and what is wrong with it.
func Open(ctx context.Context, uri string, options Options, prepare Prepare, state State) (*File, error) {
	path, err := pathOf(uri)
	if err != nil {
		return nil, err
	}
	if options.Log == nil {
		options.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	if err := prepareFile(path); err != nil {
		return nil, fmt.Errorf("database file %s: %w", path, err)
	}
	file, err := openContended(ctx, func() (*File, error) { return open(ctx, path, options, prepare, state) })
	if err != nil {
		return nil, fmt.Errorf("database file %s: %w", path, startFailure(err))
	}
	return file, nil
}

// How long an open is tried again while another process holds the file, and how long after each failure.
const (
	openPatience = busyTimeout
	openPause    = 20 * time.Millisecond
)

// openContended opens again what fails because another process that starts at the same moment holds the file: the switch
// of a new file to the write-ahead log needs it alone, and SQLite gives up on that at once, without its busy timeout.
func openContended(ctx context.Context, open func() (*File, error)) (*File, error) {
	ctx, cancel := context.WithTimeout(ctx, openPatience)
	defer cancel()
	for {
		file, err := open()
		if !isBusy(err) {
			return file, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(openPause):
		}
	}
}

func open(ctx context.Context, path string, options Options, prepare Prepare, state State) (_ *File, err error) {
	// fdatasync leaves out what a commit does not need (the file's times). Where there is none, fsync does.
	if _, err := driver.Fdatasync(true); err != nil && !errors.Is(err, driver.ErrFdatasyncUnavailable) {
		return nil, err
	}
	file := &File{source: dataSource(path, writerCacheKiB, false), mortal: &mortal{fault: options.Fault}}
	writing, err := sql.Open("sqlite", file.source)
	if err != nil {
		return nil, err
	}
	reading, err := sql.Open("sqlite", dataSource(path, readerCacheKiB, true))
	if err != nil {
		return nil, errors.Join(err, writing.Close())
	}
	file.database = writing
	var opened []*Session
	open := func(database *sql.DB) (*Session, error) {
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
	if err := prepare(session, file.mortal.step); err != nil {
		return nil, err
	}
	carrying, err := open(writing)
	if err != nil {
		return nil, err
	}
	if err := carrying.Run(fmt.Sprintf("PRAGMA cache_size = -%d", otherCacheKiB)); err != nil {
		return nil, err
	}
	if file.readers, err = openReaders(reading, open); err != nil {
		return nil, err
	}
	tx := &Transaction{Session: session, mortal: file.mortal}
	file.writer = startWriter(tx, state, startCheckpointer(carrying, options.Log), options)
	return file, nil
}

// Write runs a job in the writer's transaction, and returns when it is durable, or failed and left nothing behind. A
// context that ends before the job was started gives it up; after that the answer counts.
func (f *File) Write(ctx context.Context, what string, job func() error) error {
	return f.writer.do(ctx, what, job)
}

// Ping reports whether the file takes writes: a full disk is found out, too. It writes the file's mark anew.
func (f *File) Ping(ctx context.Context) error {
	return f.Write(ctx, "ping", func() error {
		return f.writer.tx.Run(fmt.Sprintf("PRAGMA application_id = %d", applicationID))
	})
}

// applicationID marks a file as this program's for tools such as file(1).
const applicationID = 0x43546167 // "CTag"

// Close lets the writer finish the jobs it has, and gives the file up. Later calls fail with UNAVAILABLE.
func (f *File) Close() error {
	f.closing.Do(func() {
		f.closed = errors.Join(f.writer.close(), f.readers.close(), f.database.Close())
	})
	return f.closed
}
