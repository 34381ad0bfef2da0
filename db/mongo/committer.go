package mongo

import (
	"context"
	"crypto/rand"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"cloudtag/internal/store"
)

// maxGroup bounds the jobs of one commit.
const maxGroup = 64

// committer decides what waits, a group at a time, and commits it. One goroutine does so: it alone knows the view.
type committer struct {
	engine *Engine
	view   *view     // nil: not known (any more)
	known  time.Time // when the view was the newest; with the wall clock, which goes on while a machine sleeps

	queue chan *job
	quit  chan struct{} // closed by end: no more jobs
	ended chan struct{}
	once  sync.Once
}

// job is one call that writes.
type job struct {
	edit  func(store.Tx) error
	state atomic.Int32 // one of the states below
	err   error        // valid once ended is closed
	ended chan struct{}
}

// The states of a job. Waiting jobs may be given up by their caller; started ones are always answered.
const (
	jobWaiting int32 = iota
	jobStarted
	jobGivenUp
)

func newCommitter(e *Engine) *committer {
	return &committer{engine: e, queue: make(chan *job, maxGroup), quit: make(chan struct{}), ended: make(chan struct{})}
}

// do has an edit decided and returns when it is stored, or was refused. A context that ends before that has begun gives it up;
// after that the answer counts.
func (c *committer) do(ctx context.Context, edit func(store.Tx) error) error {
	j := &job{edit: edit, ended: make(chan struct{})}
	select {
	case c.queue <- j:
	case <-c.quit:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-j.ended:
	case <-ctx.Done():
		if j.state.CompareAndSwap(jobWaiting, jobGivenUp) {
			return ctx.Err()
		}
		<-j.ended
	case <-c.ended:
		select {
		case <-j.ended:
		default:
			if j.state.CompareAndSwap(jobWaiting, jobGivenUp) {
				return errClosed
			}
			<-j.ended // it is being applied
		}
	}
	return j.err
}

// end lets the goroutine finish what waits, and ends it.
func (c *committer) end() {
	c.once.Do(func() { close(c.quit) })
	<-c.ended
}

func (c *committer) run(ctx context.Context) {
	defer close(c.ended)
	for {
		select {
		case first := <-c.queue:
			c.serve(ctx, c.gather(first))
		case <-c.quit:
			for {
				select {
				case first := <-c.queue:
					c.serve(ctx, c.gather(first))
				default:
					return
				}
			}
		}
	}
}

// gather returns a job and those that wait behind it, without those that were given up.
func (c *committer) gather(first *job) (group []*job) {
	for next := first; ; {
		if next.state.CompareAndSwap(jobWaiting, jobStarted) {
			group = append(group, next)
		}
		if len(group) == maxGroup {
			return group
		}
		select {
		case next = <-c.queue:
		default:
			return group
		}
	}
}

// serve decides and commits jobs, as many at a time as fit.
func (c *committer) serve(ctx context.Context, group []*job) {
	for len(group) > 0 {
		served, err := c.commit(ctx, group)
		if err != nil { // nothing is known of what others did meanwhile
			c.view = nil
			answer(group[:served], err)
		}
		group = group[served:]
	}
}

// commit decides the first jobs of a group and commits what they want, and returns how many these were. A group that has to be
// decided again is halved: the longer one takes, the likelier others are first.
func (c *committer) commit(ctx context.Context, group []*job) (served int, err error) {
	for width := len(group); ; width = max(1, width/2) {
		if err := c.look(ctx); err != nil {
			return len(group), err
		}
		decided, err := c.decide(ctx, group[:width])
		if err != nil {
			return width, err
		}
		width = len(decided.jobs)
		again, err := c.settle(ctx, decided)
		if err != nil || !again {
			return width, err
		}
	}
}

// look makes sure that there is a view, and that it is small.
func (c *committer) look(ctx context.Context) error {
	if err := c.engine.mortal.alive(); err != nil {
		return err
	}
	if c.view == nil {
		view, err := c.engine.reload(ctx)
		if err != nil {
			return err
		}
		c.view, c.known = view, wallTime()
	}
	applied, _, _ := c.engine.progress.place()
	c.view.tidy(applied)
	return nil
}

func wallTime() time.Time { return time.Now().Round(0) }

// settle commits a decision. It reports whether the jobs are to be decided again, since somebody else has changed what they
// had read; else they are answered, or will be once the commit is applied.
func (c *committer) settle(ctx context.Context, d *decision) (again bool, err error) {
	if len(d.changes) == 0 && len(d.entries) == 0 {
		again, err := c.confirm(ctx, d)
		if err == nil && !again {
			c.engine.applies.put(c.readUnapplied(d), d.jobs)
		}
		return again, err
	}
	b := &block{by: rand.Text()[:16], changes: d.changes}
	for {
		if err := b.place(c.view.place, c.view.chain, d.entries); err != nil {
			return false, err
		}
		others, err := c.engine.insert(ctx, b)
		switch {
		case err != nil:
			return false, err
		case len(others) > 0:
			c.follow(others)
			if d.reads(others) {
				return true, nil
			}
			continue
		}
		if err := c.checkFresh(ctx, b); err != nil {
			return false, err
		}
		var unapplied []*block
		if d.refuses() {
			unapplied = c.readUnapplied(d)
		}
		c.view.add(b)
		c.known = wallTime()
		c.engine.progress.add(b)
		c.engine.applies.put(append(unapplied, b), d.jobs)
		return false, nil
	}
}

// readUnapplied returns the commits of others that were read and may not be applied yet. Whoever is refused for what they did
// must find it when it looks.
func (c *committer) readUnapplied(d *decision) (blocks []*block) {
	for _, b := range c.engine.progress.pending() {
		if !c.engine.applies.works(b.by) && d.reads([]*block{b}) {
			blocks = append(blocks, b)
		}
	}
	return blocks
}

// confirm makes sure that a decision which changes nothing rests on what is newest.
func (c *committer) confirm(ctx context.Context, d *decision) (again bool, err error) {
	if len(d.read) == 0 {
		return false, nil
	}
	others, err := c.engine.blocksBehind(ctx, c.view.place)
	if err != nil {
		return false, err
	}
	c.follow(others)
	return d.reads(others), nil
}

// follow moves the view on by what others committed.
func (c *committer) follow(others []*block) {
	for _, b := range others {
		c.view.add(b)
		c.engine.progress.add(b)
	}
	c.known = wallTime()
}

// checkFresh makes sure that a block took no number again: one whose block is gone can't be told from one that is free, so that
// an instance that was stopped for longer than blocks are kept must not commit.
func (c *committer) checkFresh(ctx context.Context, b *block) error {
	if wallTime().Sub(c.known) < freshPlace {
		return nil
	}
	place, err := c.engine.noted(ctx)
	if err != nil || place.Applied < b.number {
		return err
	}
	err = c.engine.mortal.write(ctx, "take back a commit", func(ctx context.Context) error {
		_, err := c.engine.journal.DeleteOne(ctx, byID(b.number))
		return err
	})
	if err != nil {
		return err
	}
	return fmt.Errorf("%w: commit %d came too late", errBehind, b.number)
}

// protect runs an edit and turns a panic of it into an error, so that the committer lives on.
func protect(run func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("an edit panicked: %v\n%s", cause, debug.Stack())
		}
	}()
	return run()
}
