package groupcommit

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// MaxGroup bounds the jobs of one commit, and with them what the commit has to write.
const MaxGroup = 64

// ErrClosed is returned for work that is queued after Close.
var ErrClosed = errors.New("the store is closed")

// Job is one call waiting for its commit.
type Job[W any] struct {
	Work W
	Err  error // the outcome; valid once the job is finished

	state atomic.Int32
	done  chan struct{}
}

// The states of a job. A queued job may be withdrawn by its caller; a started one is always finished.
const (
	queued int32 = iota
	started
	withdrawn
)

// Finish returns the job's outcome to its caller. It must be called once for each job passed to commit.
func (j *Job[W]) Finish() { close(j.done) }

// Queue holds the jobs that wait for the goroutine in Run. It is safe for concurrent use.
type Queue[W any] struct {
	jobs    chan *Job[W]
	closing chan struct{} // closed by Close: no more jobs are accepted
	stopped chan struct{} // closed when Run has returned
	once    sync.Once
}

// New returns an empty queue.
func New[W any]() *Queue[W] {
	return &Queue[W]{jobs: make(chan *Job[W], MaxGroup), closing: make(chan struct{}), stopped: make(chan struct{})}
}

// Do queues work and returns its outcome. A context that ends withdraws the job if it has not been started; a started job
// is waited for, whatever happens to the context.
func (q *Queue[W]) Do(ctx context.Context, work W) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-q.closing:
		return ErrClosed
	default:
	}
	j := &Job[W]{Work: work, done: make(chan struct{})}
	select {
	case q.jobs <- j:
	case <-q.closing:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	var reason error
	select {
	case <-j.done:
		return j.Err
	case <-ctx.Done():
		reason = ctx.Err()
	case <-q.stopped: // the job may have been queued after the last group was taken
		reason = ErrClosed
	}
	if j.state.CompareAndSwap(queued, withdrawn) {
		return reason
	}
	<-j.done
	return j.Err
}

// Run passes the waiting jobs to commit, a group at a time, until Close is called and the queue is empty. Commit must
// finish each job, but may do so after it has returned.
func (q *Queue[W]) Run(commit func(group []*Job[W])) {
	defer close(q.stopped)
	serve := func(first *Job[W]) {
		if group := q.gather(first); len(group) > 0 {
			commit(group)
		}
	}
	for {
		select {
		case first := <-q.jobs:
			serve(first)
			continue
		case <-q.closing:
		}
		select {
		case first := <-q.jobs:
			serve(first)
		default:
			return
		}
	}
}

// gather starts a job and those waiting behind it, without the withdrawn ones. Runnable callers get to queue theirs first,
// so that they share the commit, which is the most expensive part of a small group.
func (q *Queue[W]) gather(first *Job[W]) (group []*Job[W]) {
	runtime.Gosched()
	for next := first; ; {
		if next.state.CompareAndSwap(queued, started) {
			group = append(group, next)
		}
		if len(group) == MaxGroup {
			return group
		}
		select {
		case next = <-q.jobs:
		default:
			return group
		}
	}
}

// Waiting returns the number of queued jobs.
func (q *Queue[W]) Waiting() int { return len(q.jobs) }

// Closing is closed once Close has been called.
func (q *Queue[W]) Closing() <-chan struct{} { return q.closing }

// Close stops accepting jobs and waits until Run has committed those queued before.
func (q *Queue[W]) Close() {
	q.once.Do(func() { close(q.closing) })
	<-q.stopped
}

// Protect runs a job and returns a panic of it as an error, so that the goroutine in Run survives it.
func Protect(run func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("the job panicked: %v\n%s", cause, debug.Stack())
		}
	}()
	return run()
}
