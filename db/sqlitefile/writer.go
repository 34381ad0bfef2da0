package sqlitefile

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"cloudtag/db/groupcommit"
)

// slowCommit is when a commit, which usually takes some milliseconds, is logged: no other write proceeds meanwhile.
const slowCommit = time.Second

// job is one call that writes.
type job = groupcommit.Job[func() error]

// writer owns the only connection that writes, and the goroutine that uses it.
type writer struct {
	tx       *Transaction
	state    State
	pages    *checkpointer
	log      *slog.Logger
	appended func()
	queue    *groupcommit.Queue[func() error]
}

func startWriter(tx *Transaction, state State, pages *checkpointer, options Options) *writer {
	w := &writer{
		tx: tx, state: state, pages: pages, log: options.Log, appended: options.Appended, queue: groupcommit.New[func() error](),
	}
	if w.appended == nil {
		w.appended = func() {}
	}
	go w.queue.Run(w.serve)
	return w
}

// do runs a job in the writer's transaction and returns when it is durable, or has failed and left nothing behind.
func (w *writer) do(ctx context.Context, what string, run func() error) error {
	return explain(what, w.queue.Do(ctx, run))
}

// serve runs a group in one transaction and returns each job's outcome. If a job fails after it has written, the
// transaction is rolled back and each job gets a transaction of its own. That happens only when the machine fails, and
// spares every job the cost of a savepoint.
func (w *writer) serve(group []*job) {
	appended, err := w.commit(group)
	if errors.Is(err, errPartlyWritten) && len(group) > 1 {
		for i := range group {
			one, failure := w.commit(group[i : i+1])
			w.logFailure(failure, 1)
			appended = appended || one
		}
	} else {
		w.logFailure(err, len(group))
	}
	if appended {
		w.appended()
	}
	for _, j := range group {
		j.Finish()
	}
	w.pages.committed(w.tx.Conn)
}

func (w *writer) logFailure(err error, jobs int) {
	if err != nil {
		w.log.Error("a write failed", "jobs", jobs, "error", err)
	}
}

// errPartlyWritten marks the failure of a job that had already written.
var errPartlyWritten = errors.New("a job failed after it had written")

// commit runs the jobs in one transaction and sets each one's outcome. A job that fails before it has written anything
// does not affect the others. An error of commit itself means that nothing of the group is stored, and is the outcome of
// all its jobs.
func (w *writer) commit(group []*job) (appended bool, err error) {
	defer func() {
		if err != nil {
			for _, j := range group {
				j.Err = err
			}
		}
	}()
	if err := w.tx.failpoint.Err(); err != nil {
		return false, err
	}
	if err := w.tx.Run("BEGIN IMMEDIATE"); err != nil {
		return false, err
	}
	defer func() {
		if err != nil {
			w.state.Rollback()
			if failure := w.tx.Run("ROLLBACK"); failure != nil {
				w.log.Warn("rollback", "error", failure) // SQLite rolls back by itself after some failures
			}
		}
	}()
	w.tx.writes = 0
	if err := w.state.Begin(w.tx); err != nil {
		return false, err
	}
	for _, j := range group {
		before := w.tx.writes
		if j.Err = groupcommit.Protect(j.Work); j.Err != nil && w.tx.writes > before {
			return false, fmt.Errorf("%w: %w", errPartlyWritten, j.Err)
		}
	}
	if err := w.state.Flush(); err != nil {
		return false, fmt.Errorf("%w: %w", errPartlyWritten, err)
	}
	if w.tx.writes > 0 {
		if err := w.tx.failpoint.Step("commit"); err != nil {
			return false, err
		}
	}
	began := time.Now()
	if err := w.tx.Run("COMMIT"); err != nil {
		return false, err
	}
	if took := time.Since(began); took > slowCommit {
		w.log.Warn("the disk is slow: a commit took long", "took", took, "jobs", len(group))
	}
	return w.state.Committed(), nil
}

// close commits the queued jobs, stops the goroutine and closes the connections.
func (w *writer) close() error {
	w.queue.Close()
	return errors.Join(w.pages.close(), w.tx.close())
}
