package sqlitefile

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// maxGroup bounds the jobs of one transaction, and with them what one commit has to write.
const maxGroup = 64

// slowCommit is when a commit, usually some milliseconds, is worth a warning: nothing is written meanwhile.
const slowCommit = time.Second

// writer owns the one connection that writes and the goroutine that uses it.
type writer struct {
	tx       *Transaction
	state    State
	pages    *checkpointer
	log      *slog.Logger
	appended func()

	queue chan *job
	quit  chan struct{} // closed by close: take no more jobs
	ended chan struct{} // closed when the goroutine has ended
	once  sync.Once
	done  error
}

// job is one call that writes.
type job struct {
	run   func() error
	state atomic.Int32 // one of the states below
	err   error        // valid once answered is closed
	ended chan struct{}
}

// The states of a job. Waiting jobs may be given up by their caller; started ones are always answered.
const (
	jobWaiting int32 = iota
	jobStarted
	jobGivenUp
)

func startWriter(tx *Transaction, state State, pages *checkpointer, options Options) *writer {
	w := &writer{
		tx: tx, state: state, pages: pages, log: options.Log, appended: options.Appended,
		queue: make(chan *job, maxGroup), quit: make(chan struct{}), ended: make(chan struct{}),
	}
	if w.appended == nil {
		w.appended = func() {}
	}
	go w.loop()
	return w
}

// do runs a job in the writer's goroutine and returns when it is durable, or failed and left nothing behind. A context
// that ends before the job was started gives it up; after that the answer counts.
func (w *writer) do(ctx context.Context, what string, run func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{run: run, ended: make(chan struct{})}
	select {
	case <-w.quit:
		return explain(what, errClosed)
	default:
	}
	select {
	case w.queue <- j:
	case <-w.quit:
		return explain(what, errClosed)
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
	case <-w.ended:
		return explain(what, w.leftBehind(j))
	}
	return explain(what, j.err)
}

// leftBehind is the outcome of a job that may have been put into the queue while the goroutine ended.
func (w *writer) leftBehind(j *job) error {
	select {
	case <-j.ended:
		return j.err
	default:
		return errClosed
	}
}

// loop takes the jobs that wait, a group at a time, until close; then those that are left.
func (w *writer) loop() {
	defer close(w.ended)
	for {
		select {
		case first := <-w.queue:
			w.answer(w.gather(first))
		case <-w.quit:
			for {
				select {
				case first := <-w.queue:
					w.answer(w.gather(first))
				default:
					return
				}
			}
		}
	}
}

// gather returns a job and those that wait behind it, up to maxGroup. Callers that can run are let ask first, so that they
// share the commit, which is the dearest part of a small group.
func (w *writer) gather(first *job) []*job {
	runtime.Gosched()
	group := []*job{first}
	for len(group) < maxGroup {
		select {
		case next := <-w.queue:
			group = append(group, next)
		default:
			return group
		}
	}
	return group
}

// answer runs a group as one transaction and tells every caller what became of its job. When a job fails that has
// written already, the transaction is taken back and each job gets a transaction of its own; that happens only when
// the machine fails, and spares every job the price of a savepoint.
func (w *writer) answer(group []*job) {
	started := group[:0]
	for _, j := range group {
		if j.state.CompareAndSwap(jobWaiting, jobStarted) {
			started = append(started, j)
		}
	}
	if len(started) == 0 {
		return
	}
	appended, err := w.commit(started)
	if errors.Is(err, errHalfDone) && len(started) > 1 {
		for i := range started {
			one, failure := w.commit(started[i : i+1])
			w.note(failure, 1)
			appended = appended || one
		}
	} else {
		w.note(err, len(started))
	}
	if appended {
		w.appended()
	}
	for _, j := range started {
		close(j.ended)
	}
	w.pages.committed(w.tx.Session)
}

// note logs that a transaction failed.
func (w *writer) note(err error, jobs int) {
	if err != nil {
		w.log.Error("a write failed", "jobs", jobs, "error", err)
	}
}

// errHalfDone marks the failure of a job that had written.
var errHalfDone = errors.New("a job failed half done")

// commit runs the jobs in one transaction and leaves each one's outcome in it. A job that is refused before it wrote
// anything has no part in the transaction. An error of commit itself means that nothing of the group is stored, and
// is the outcome of all its jobs.
func (w *writer) commit(group []*job) (appended bool, err error) {
	defer func() {
		if err != nil {
			for _, j := range group {
				j.err = err
			}
		}
	}()
	if err := w.tx.mortal.alive(); err != nil {
		return false, err
	}
	if err := w.tx.Run("BEGIN IMMEDIATE"); err != nil {
		return false, err
	}
	defer func() {
		if err != nil {
			w.state.Forget()
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
		if j.err = protect(j.run); j.err != nil && w.tx.writes > before {
			return false, fmt.Errorf("%w: %w", errHalfDone, j.err)
		}
	}
	if err := w.state.Flush(); err != nil {
		return false, fmt.Errorf("%w: %w", errHalfDone, err)
	}
	if w.tx.writes > 0 {
		if err := w.tx.mortal.step("commit"); err != nil {
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

// protect runs a job and turns a panic of it into an error, so that the writer lives on.
func protect(run func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("a job panicked: %v\n%s", cause, debug.Stack())
		}
	}()
	return run()
}

// close lets the goroutine finish what waits, ends it and gives the connections up.
func (w *writer) close() error {
	w.once.Do(func() {
		close(w.quit)
		<-w.ended
		w.done = errors.Join(w.pages.close(), w.tx.close())
	})
	return w.done
}
