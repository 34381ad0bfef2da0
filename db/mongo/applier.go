package mongo

import (
	"context"
	"slices"
	"sync"
	"time"
)

// applier applies the commits of this engine, those that wait with one another, while the next ones are decided.
type applier struct {
	engine *Engine
	queue  chan applied
	ended  chan struct{}

	mu   sync.Mutex
	busy map[string]struct{} // the commits that wait or are being applied
}

// applied is what is to be applied, and who waits for it.
type applied struct {
	blocks []*block
	jobs   []*job
}

// ahead bounds how many commits may wait to be applied.
const ahead = 4

func newApplier(e *Engine) *applier {
	return &applier{engine: e, queue: make(chan applied, ahead), ended: make(chan struct{}), busy: make(map[string]struct{})}
}

// put has commits applied, and jobs answered then; only the committer calls it.
func (a *applier) put(blocks []*block, jobs []*job) {
	a.mu.Lock()
	for _, b := range blocks {
		a.busy[b.by] = struct{}{}
	}
	a.mu.Unlock()
	a.queue <- applied{blocks, jobs}
}

// works reports whether a commit is about to be applied.
func (a *applier) works(by string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	_, busy := a.busy[by]
	return busy
}

// end lets no more commits come, and waits until those that have are applied.
func (a *applier) end() {
	close(a.queue)
	<-a.ended
}

// group is what is applied together.
type group struct {
	blocks []*block
	jobs   []*job // whoever was not answered yet
}

// run writes the records of one group while the entries of the one before are appended to the log.
func (a *applier) run(ctx context.Context) {
	defer close(a.ended)
	written := make(chan *group)
	var appending sync.WaitGroup
	appending.Go(func() {
		for g := range written {
			a.appendLog(ctx, g)
		}
	})
	for first := range a.queue {
		g := a.gather(first)
		if a.try(ctx, g, a.engine.applyRecords) {
			written <- g
		}
	}
	close(written)
	appending.Wait()
}

// gather takes what waits.
func (a *applier) gather(first applied) *group {
	g := &group{}
	for next, open := first, true; open; {
		g.blocks, g.jobs = append(g.blocks, next.blocks...), append(g.jobs, next.jobs...)
		select {
		case next, open = <-a.queue:
		default:
			return g
		}
	}
	return g
}

// appendLog is the last step: what is told can be read.
func (a *applier) appendLog(ctx context.Context, g *group) {
	if !a.try(ctx, g, a.engine.appendLog) {
		return
	}
	a.engine.progress.finish(g.blocks)
	told := slices.ContainsFunc(g.blocks, func(b *block) bool { return len(b.entries) > 0 })
	if told && a.engine.options.Appended != nil {
		a.engine.options.Appended()
	}
	answer(g.jobs, nil)
	a.leave(g)
}

// try makes a step. Where the database can't be reached the callers are told so at once; the commits, which are there to
// stay, are tried on. It reports false when that has to be left to a recovery.
func (a *applier) try(ctx context.Context, g *group, step func(context.Context, []*block) (bool, error)) bool {
	for attempt := 0; ; attempt++ {
		_, err := step(ctx, g.blocks)
		if err == nil {
			return true
		}
		if attempt == 0 {
			a.engine.log.Error("applying commits failed; trying on", "commits", len(g.blocks), "error", err)
		}
		answer(g.jobs, err)
		g.jobs = nil
		if a.engine.mortal.alive() != nil || ctx.Err() != nil || a.isClosing(ctx, attempt) {
			a.leave(g)
			return false
		}
	}
}

// leave tells that commits are not worked on any more.
func (a *applier) leave(g *group) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, b := range g.blocks {
		delete(a.busy, b.by)
	}
}

// isClosing waits before another attempt, and reports whether none is to be made: what is left then is found by a recovery.
func (a *applier) isClosing(ctx context.Context, attempt int) bool {
	const longest = 10 * time.Second
	timer := time.NewTimer(min(longest, time.Second<<min(attempt, 10)))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	case <-a.engine.commits.quit:
	}
	return a.engine.closed.Load()
}

// answer tells callers what became of their jobs.
func answer(jobs []*job, err error) {
	for _, j := range jobs {
		if j.err == nil {
			j.err = err
		}
		close(j.ended)
	}
}
