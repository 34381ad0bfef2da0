package sqlitefile

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// readerCount is how many reads run at once; more wait. Each has its own page cache.
const readerCount = 4

// readers is the pool of connections that read.
type readers struct {
	database *sql.DB
	all      []*Session
	idle     chan *Session
	quit     chan struct{}
	once     sync.Once
	done     error
}

func openReaders(database *sql.DB, open func(*sql.DB) (*Session, error)) (*readers, error) {
	pool := &readers{database: database, idle: make(chan *Session, readerCount), quit: make(chan struct{})}
	for range readerCount {
		s, err := open(database)
		if err != nil {
			return nil, err
		}
		pool.all = append(pool.all, s)
		pool.idle <- s
	}
	return pool, nil
}

// close waits for the reads that run.
func (p *readers) close() error {
	p.once.Do(func() {
		close(p.quit)
		for range p.all {
			s := <-p.idle
			p.done = errors.Join(p.done, s.close())
		}
		p.done = errors.Join(p.done, p.database.Close())
	})
	return p.done
}

// Read runs a function with a connection that reads, of which each statement sees the newest state. It waits for a free one
// while the context lasts.
func (f *File) Read(ctx context.Context, what string, look func(*Session) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := f.mortal.alive(); err != nil {
		return explain(what, err)
	}
	select {
	case <-f.readers.quit:
		return explain(what, errClosed)
	default:
	}
	select {
	case session := <-f.readers.idle:
		defer func() { f.readers.idle <- session }()
		return explain(what, look(session))
	case <-f.readers.quit:
		return explain(what, errClosed)
	case <-ctx.Done():
		return ctx.Err()
	}
}
