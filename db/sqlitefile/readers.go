package sqlitefile

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"cloudtag/db/groupcommit"
)

// readerCount is the number of concurrent reads; further ones wait. Each connection has its own page cache.
const readerCount = 4

// readers is the pool of connections for reading. The connection used last is used again first, since its page cache is the
// likeliest to have what the next read needs.
type readers struct {
	database *sql.DB
	slots    chan struct{} // one for each idle connection
	closing  chan struct{}
	mu       sync.Mutex
	idle     []*Conn
}

func openReaders(database *sql.DB, open func(*sql.DB) (*Conn, error)) (*readers, error) {
	pool := &readers{database: database, slots: make(chan struct{}, readerCount), closing: make(chan struct{})}
	for range readerCount {
		c, err := open(database)
		if err != nil {
			return nil, err
		}
		pool.put(c)
	}
	return pool, nil
}

// take returns an idle connection; the caller has received its slot.
func (p *readers) take() *Conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	last := len(p.idle) - 1
	c := p.idle[last]
	p.idle = p.idle[:last]
	return c
}

func (p *readers) put(c *Conn) {
	p.mu.Lock()
	p.idle = append(p.idle, c)
	p.mu.Unlock()
	p.slots <- struct{}{}
}

// close waits for the running reads.
func (p *readers) close() error {
	close(p.closing)
	var failures []error
	for range readerCount {
		<-p.slots
		failures = append(failures, p.take().close())
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
	case <-f.readers.slots:
		conn := f.readers.take()
		defer f.readers.put(conn)
		return explain(what, read(conn))
	case <-f.readers.closing:
		return explain(what, groupcommit.ErrClosed)
	case <-ctx.Done():
		return ctx.Err()
	}
}
