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

	"cloudtag/internal/store/failpoint"
)

// Options configure the use of a file.
type Options struct {
	Log *slog.Logger // nil: nothing is logged
	// Appended is called after log entries became durable. It must not block; it only wakes readers. May be nil.
	Appended func()
	// Fault is for tests: it is called before every physical write, commits included. An error simulates the death of
	// the process at that point: the step is not executed, and every later call fails too. May be nil.
	Fault func(step string) error
}

// Prepare brings the schema up to date when a file is opened. It calls step before every physical write, commits
// included, and returns its error. Several processes may prepare one file at the same time.
type Prepare func(c *Conn, step func(name string) error) error

// File is an open SQLite file. It is safe for concurrent use.
type File struct {
	source    string // the driver's name for it
	database  *sql.DB
	writer    *writer
	readers   *readers
	failpoint *failpoint.Failpoint
	closing   sync.Once
	closed    error
}

// Open opens the file that a URI names (sqlite:PATH), creating it and its folder. Its errors name the file and say what is
// wrong with it.
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
	file, err := retryBusy(ctx, func() (*File, error) { return open(ctx, path, options, prepare, state) })
	if err != nil {
		return nil, fmt.Errorf("database file %s: %w", path, startFailure(err))
	}
	return file, nil
}

// How long opening is retried while another process has locked the file, and the pause between attempts.
const (
	openTimeout   = busyTimeout
	retryInterval = 20 * time.Millisecond
)

// retryBusy retries an open that fails because another process has locked the file: switching a new file to WAL mode needs
// an exclusive lock, for which SQLite does not wait as long as its busy timeout but fails at once.
func retryBusy(ctx context.Context, open func() (*File, error)) (*File, error) {
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	for {
		file, err := open()
		if !isBusy(err) {
			return file, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(retryInterval):
		}
	}
}

func open(ctx context.Context, path string, options Options, prepare Prepare, state State) (_ *File, err error) {
	// fdatasync leaves out the file's times, which a commit does not need. Where it is missing, fsync is used.
	if _, err := driver.Fdatasync(true); err != nil && !errors.Is(err, driver.ErrFdatasyncUnavailable) {
		return nil, err
	}
	file := &File{source: dataSource(path, writerCacheKiB, false), failpoint: failpoint.New(options.Fault)}
	writing, err := sql.Open("sqlite", file.source)
	if err != nil {
		return nil, err
	}
	reading, err := sql.Open("sqlite", dataSource(path, readerCacheKiB, true))
	if err != nil {
		return nil, errors.Join(err, writing.Close())
	}
	file.database = writing
	var opened []*Conn
	open := func(database *sql.DB) (*Conn, error) {
		c, err := newConn(ctx, database)
		if err == nil {
			opened = append(opened, c)
		}
		return c, err
	}
	defer func() {
		if err != nil {
			for _, c := range opened {
				err = errors.Join(err, c.close())
			}
			err = errors.Join(err, reading.Close(), writing.Close())
		}
	}()
	conn, err := open(writing)
	if err != nil {
		return nil, err
	}
	if err := prepare(conn, file.failpoint.Step); err != nil {
		return nil, err
	}
	checkpointing, err := open(writing)
	if err != nil {
		return nil, err
	}
	if err := checkpointing.Run(fmt.Sprintf("PRAGMA cache_size = -%d", otherCacheKiB)); err != nil {
		return nil, err
	}
	if file.readers, err = openReaders(reading, open); err != nil {
		return nil, err
	}
	tx := &Transaction{Conn: conn, failpoint: file.failpoint}
	file.writer = startWriter(tx, state, startCheckpointer(checkpointing, options.Log), options)
	return file, nil
}

// Write runs a job in the writer's transaction and returns when it is durable, or has failed and left nothing behind. A
// context that ends withdraws a job that has not been started; a started one is waited for.
func (f *File) Write(ctx context.Context, what string, job func() error) error {
	return f.writer.do(ctx, what, job)
}

// Ping reports whether the file can be written to, which a full disk prevents. It rewrites the file's application ID.
func (f *File) Ping(ctx context.Context) error {
	return f.Write(ctx, "ping", func() error {
		return f.writer.tx.Run(fmt.Sprintf("PRAGMA application_id = %d", applicationID))
	})
}

// applicationID identifies the program's files to tools such as file(1).
const applicationID = 0x43546167 // "CTag"

// Close commits the queued jobs, waits for the running reads and closes the file. Later calls fail with UNAVAILABLE.
func (f *File) Close() error {
	f.closing.Do(func() {
		f.closed = errors.Join(f.writer.close(), f.readers.close(), f.database.Close())
	})
	return f.closed
}
