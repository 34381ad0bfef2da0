package sqlitefile

import (
	"context"
	"database/sql"
	"errors"

	"cloudtag/db/groupcommit"
)

// readerCount is the number of concurrent reads; further ones wait. Each connection has its own page cache.
const readerCount = 4

// readers is the pool of connections for reading.
type readers struct {
	database *sql.DB
	all      []*Conn
	idle     chan *Conn
	closing  chan struct{}
}

func openReaders(database *sql.DB, open func(*sql.DB) (*Conn, error)) (*readers, error) {
	pool := &readers{database: database, idle: make(chan *Conn, readerCount), closing: make(chan struct{})}
	for range readerCount {
		c, err := open(database)
		if err != nil {
			return nil, err
		}
		pool.all = append(pool.all, c)
		pool.idle <- c
	}
	return pool, nil
}

// close waits for the running reads.
func (p *readers) close() error {
	close(p.closing)
	var failures []error
	for range p.all {
		failures = append(failures, (<-p.idle).close())
	}
	return errors.Join(append(failures, p.database.Close())...)
}

// Read runs a function with a connection for reading; each of its statements sees the latest committed state. It waits for
// an idle connection until the context ends.
func (f *File) Read(ctx context.Context, what string, read func(*Conn) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := f.failpoint.Err(); err != nil {
		return explain(what, err)
	}
	select {
	case <-f.readers.closing:
		return explain(what, groupcommit.ErrClosed)
	default:
	}
	select {
	case conn := <-f.readers.idle:
		defer func() { f.readers.idle <- conn }()
		return explain(what, read(conn))
	case <-f.readers.closing:
		return explain(what, groupcommit.ErrClosed)
	case <-ctx.Done():
		return ctx.Err()
	}
}
