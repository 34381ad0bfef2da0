package sqlite

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
	all      []*session
	idle     chan *session
	quit     chan struct{}
	once     sync.Once
	done     error
}

func openReaders(database *sql.DB, open func(*sql.DB) (*session, error)) (*readers, error) {
	pool := &readers{database: database, idle: make(chan *session, readerCount), quit: make(chan struct{})}
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

// querier reads: on a snapshot of its own, or inside of the writer's transaction.
type querier interface {
	one(text string, args []any, into ...any) error
	each(text string, args []any, scan func(*sql.Rows) error) error
}

// reading is one call's view of the database: all its statements see the same state.
type reading struct {
	ctx     context.Context
	session *session
}

func (r *reading) one(text string, args []any, into ...any) error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	return r.session.one(text, args, into...)
}

func (r *reading) each(text string, args []any, scan func(*sql.Rows) error) error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	return r.session.each(text, args, scan)
}

// read runs a function on a snapshot. It waits for a free connection while the context lasts.
func (s *Store) read(ctx context.Context, what string, look func(*reading) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.mortal.alive(); err != nil {
		return explain(what, err)
	}
	select {
	case <-s.readers.quit:
		return explain(what, errClosed)
	default:
	}
	var session *session
	select {
	case session = <-s.readers.idle:
	case <-s.readers.quit:
		return explain(what, errClosed)
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { s.readers.idle <- session }()
	if err := session.run("BEGIN"); err != nil {
		return explain(what, err)
	}
	defer func() {
		if failure := session.run("COMMIT"); err == nil {
			err = failure
		}
		err = explain(what, err)
	}()
	return look(&reading{ctx: ctx, session: session})
}
