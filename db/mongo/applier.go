package mongo

import (
	"context"
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

func (a *applier) run(ctx context.Context) {
	defer close(a.ended)
	for first := range a.queue {
		group := []applied{first}
		for more := true; more; {
			select {
			case next, open := <-a.queue:
				if more = open; open {
					group = append(group, next)
				}
			default:
				more = false
			}
		}
		a.apply(ctx, group)
	}
}

// apply applies a group. Where the database can't be reached the callers are told so at once; the commits, which are there to
// stay, are tried on.
func (a *applier) apply(ctx context.Context, group []applied) {
	var blocks []*block
	entries := 0
	for _, g := range group {
		blocks = append(blocks, g.blocks...)
	}
	for _, b := range blocks {
		entries += len(b.entries)
	}
	for attempt := 0; ; attempt++ {
		_, err := a.engine.apply(ctx, blocks)
		if err == nil {
			a.engine.progress.finish(blocks)
			if entries > 0 && a.engine.options.Appended != nil {
				a.engine.options.Appended()
			}
		} else if attempt == 0 {
			a.engine.log.Error("applying commits failed; trying on", "commits", len(blocks), "error", err)
		}
		for n := range group {
			answer(group[n].jobs, err)
			group[n].jobs = nil
		}
		if err == nil || a.engine.mortal.alive() != nil || ctx.Err() != nil || a.isClosing(ctx, attempt) {
			break
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, b := range blocks {
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
