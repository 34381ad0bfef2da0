package mongo

import (
	"context"
	"slices"
	"sync"
	"time"
)

// applier applies the blocks of this engine to the collections while the next ones are decided. Waiting ones are applied
// together.
type applier struct {
	engine *Engine
	queue  chan *pending
	ended  chan struct{}

	mu   sync.Mutex
	busy map[string]struct{} // blocks queued or being applied, by attempt
}

// pending is what is applied together.
type pending struct {
	blocks []*block
	jobs   []*job // to be finished then
}

// applyAhead bounds the decisions that wait to be applied.
const applyAhead = 4

func newApplier(e *Engine) *applier {
	return &applier{engine: e, queue: make(chan *pending, applyAhead), ended: make(chan struct{}), busy: make(map[string]struct{})}
}

// enqueue queues blocks to be applied, and jobs to be finished then. Only the committer calls it.
func (a *applier) enqueue(blocks []*block, jobs []*job) {
	a.mu.Lock()
	for _, b := range blocks {
		a.busy[b.by] = struct{}{}
	}
	a.mu.Unlock()
	a.queue <- &pending{blocks, jobs}
}

// isApplying reports whether a block is queued or being applied.
func (a *applier) isApplying(by string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	_, busy := a.busy[by]
	return busy
}

// close waits until the queued blocks are applied. Nothing may be enqueued afterwards.
func (a *applier) close() {
	close(a.queue)
	<-a.ended
}

// run writes records while the log entries of the blocks before are appended.
func (a *applier) run(ctx context.Context) {
	defer close(a.ended)
	written := make(chan *pending)
	var appending sync.WaitGroup
	appending.Go(func() {
		for p := range written {
			a.appendLog(ctx, p)
		}
	})
	for p := range a.queue {
		a.gather(p)
		if a.retry(ctx, p, a.engine.applyRecords) {
			written <- p
		}
	}
	close(written)
	appending.Wait()
}

// gather adds what else is queued.
func (a *applier) gather(p *pending) {
	for {
		select {
		case next, open := <-a.queue:
			if !open {
				return
			}
			p.blocks, p.jobs = append(p.blocks, next.blocks...), append(p.jobs, next.jobs...)
		default:
			return
		}
	}
}

// appendLog is the last step, so that whatever an entry reports can be read.
func (a *applier) appendLog(ctx context.Context, p *pending) {
	if !a.retry(ctx, p, a.engine.appendLog) {
		return
	}
	a.engine.progress.finish(p.blocks)
	hasEntries := slices.ContainsFunc(p.blocks, func(b *block) bool { return len(b.entries) > 0 })
	if hasEntries && a.engine.options.Appended != nil {
		a.engine.options.Appended()
	}
	finish(p.jobs, nil)
	a.release(p)
}

// retry runs a step until it succeeds. After the first failure the callers get the error, but the blocks, which are
// committed, are retried. It returns false when they are left to a recovery.
func (a *applier) retry(ctx context.Context, p *pending, step func(context.Context, []*block) (bool, error)) bool {
	for attempt := 0; ; attempt++ {
		_, err := step(ctx, p.blocks)
		if err == nil {
			return true
		}
		if attempt == 0 {
			a.engine.log.Error("applying commits failed; retrying", "commits", len(p.blocks), "error", err)
		}
		finish(p.jobs, err)
		p.jobs = nil
		if a.engine.failpoint.Err() != nil || ctx.Err() != nil || !a.wait(ctx, attempt) {
			a.release(p)
			return false
		}
	}
}

// release marks blocks as no longer being applied.
func (a *applier) release(p *pending) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, b := range p.blocks {
		delete(a.busy, b.by)
	}
}

// wait waits before another attempt. It returns false when the engine is being closed.
func (a *applier) wait(ctx context.Context, attempt int) bool {
	const longest = 10 * time.Second
	timer := time.NewTimer(min(longest, time.Second<<min(attempt, 10)))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	case <-a.engine.commits.queue.Closing():
	}
	return !a.engine.isClosed()
}

// finish returns the outcome of jobs to their callers: their own error, else err.
func finish(jobs []*job, err error) {
	for _, j := range jobs {
		if j.Err == nil {
			j.Err = err
		}
		j.Finish()
	}
}
