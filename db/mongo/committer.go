package mongo

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"cloudtag/db/groupcommit"
	"cloudtag/internal/store"
)

// job is one call that writes.
type job = groupcommit.Job[func(store.Tx) error]

// committer decides and commits the queued jobs, a group at a time, in one goroutine, which alone uses the view.
type committer struct {
	engine *Engine
	queue  *groupcommit.Queue[func(store.Tx) error]
	view   *view     // nil: to be reloaded
	known  time.Time // when the view was last up to date; in wall time, which advances while a machine is suspended
}

func newCommitter(e *Engine) *committer {
	return &committer{engine: e, queue: groupcommit.New[func(store.Tx) error]()}
}

func (c *committer) run(ctx context.Context) {
	c.queue.Run(func(group []*job) { c.serve(ctx, group) })
}

// serve decides and commits jobs, as many at a time as fit into a block.
func (c *committer) serve(ctx context.Context, group []*job) {
	for len(group) > 0 {
		served, err := c.commit(ctx, group)
		if err != nil { // others may have committed meanwhile
			c.view = nil
			finish(group[:served], err)
		}
		group = group[served:]
	}
}

// commit decides the first jobs of a group, commits their changes and returns their number. Each time a group has to be
// decided again it is halved: the longer a decision takes, the likelier is another conflict.
func (c *committer) commit(ctx context.Context, group []*job) (served int, err error) {
	for width := len(group); ; width = max(1, width/2) {
		if err := c.prepareView(ctx); err != nil {
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

// prepareView loads the view if necessary, and evicts from it.
func (c *committer) prepareView(ctx context.Context) error {
	if err := c.engine.failpoint.Err(); err != nil {
		return err
	}
	if c.view == nil {
		view, err := c.engine.reload(ctx)
		if err != nil {
			return err
		}
		c.view, c.known = view, wallTime()
	}
	applied, _ := c.engine.progress.checkpoint()
	c.view.evict(applied)
	return nil
}

func wallTime() time.Time { return time.Now().Round(0) }

// settle commits a decision, and finishes its jobs once it is applied. It returns true if another instance has changed what
// the jobs had read, so that they have to be decided again.
func (c *committer) settle(ctx context.Context, d *decision) (again bool, err error) {
	if len(d.changes) == 0 && len(d.entries) == 0 {
		again, err := c.confirm(ctx, d)
		if err == nil && !again {
			c.engine.applies.enqueue(c.readUnapplied(d), d.jobs)
		}
		return again, err
	}
	b := &block{by: rand.Text()[:16], changes: d.changes}
	for {
		if err := b.assign(c.view.commit, c.view.chain, d.entries); err != nil {
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
		c.engine.applies.enqueue(append(unapplied, b), d.jobs)
		return false, nil
	}
}

// readUnapplied returns other instances' blocks that were read and may not be applied yet. A caller that is refused because
// of them must be able to read them.
func (c *committer) readUnapplied(d *decision) (blocks []*block) {
	for _, b := range c.engine.progress.unapplied() {
		if !c.engine.applies.isApplying(b.by) && d.reads([]*block{b}) {
			blocks = append(blocks, b)
		}
	}
	return blocks
}

// confirm checks that a decision without changes is based on the newest commits.
func (c *committer) confirm(ctx context.Context, d *decision) (again bool, err error) {
	if len(d.read) == 0 {
		return false, nil
	}
	others, err := c.engine.blocksAfter(ctx, c.view.commit)
	if err != nil {
		return false, err
	}
	c.follow(others)
	return d.reads(others), nil
}

// follow adds other instances' blocks to the view.
func (c *committer) follow(others []*block) {
	for _, b := range others {
		c.view.add(b)
		c.engine.progress.add(b)
	}
	c.known = wallTime()
}

// checkFresh checks that a block did not reuse a number: the number of a deleted block looks like a free one, so an
// instance that was suspended for longer than blocks are kept must not commit.
func (c *committer) checkFresh(ctx context.Context, b *block) error {
	if wallTime().Sub(c.known) < maxStaleness {
		return nil
	}
	checkpoint, err := c.engine.loadCheckpoint(ctx)
	if err != nil || checkpoint.Applied < b.number {
		return err
	}
	err = c.engine.write(ctx, "revert a commit", func(ctx context.Context) error {
		_, err := c.engine.journal.DeleteOne(ctx, byID(b.number))
		return err
	})
	if err != nil {
		return err
	}
	return fmt.Errorf("%w: commit %d came too late", errStale, b.number)
}
