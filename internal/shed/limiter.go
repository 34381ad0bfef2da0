package shed

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"time"
)

// ErrOverloaded is returned for what is turned away.
var ErrOverloaded = errors.New("overloaded")

// Limits of a [Limiter].
type Limits struct {
	Running int           // how many may run at once, at least 1
	Waiting int           // how many may wait, 0 or more
	Wait    time.Duration // how long one may wait for a short burst to pass, more than 0
}

// overloadedShare is the part of Limits.Wait that one may wait while there is a standing queue.
const overloadedShare = 10

// Limiter lets so many run at once. It is safe for concurrent use.
//
// The queue is that of "Fail at Scale" (Maurer, ACM Queue 13:8, 2015), which is CoDel's idea (RFC 8289) for requests. A
// queue that was empty within the last Limits.Wait takes up a burst: first come, first served, and each may wait that
// long. One that was not is a standing queue: it makes everybody late and nobody is served sooner for it. Then one may
// wait a tenth of it only, and those who came last are served first, since the others are about to give up.
type Limiter struct {
	limits Limits

	mu        sync.Mutex
	running   int
	waiting   *list.List // of *waiter, in the order in which they came
	lastEmpty time.Time  // when nobody waited; zero: nobody does now
}

type waiter struct {
	granted chan struct{} // closed when the place is theirs
}

// New returns a limiter.
func New(limits Limits) *Limiter { return &Limiter{limits: limits, waiting: list.New()} }

// Acquire waits for a place and returns what gives it back, which may be called again. Errors: [ErrOverloaded], and the
// context's when it ends first.
func (l *Limiter) Acquire(ctx context.Context) (release func(), err error) {
	l.mu.Lock()
	if l.running < l.limits.Running {
		l.running++
		l.mu.Unlock()
		return sync.OnceFunc(l.release), nil
	}
	if l.waiting.Len() >= l.limits.Waiting {
		l.mu.Unlock()
		return nil, ErrOverloaded
	}
	if l.waiting.Len() == 0 {
		l.lastEmpty = time.Now()
	}
	limit := l.limits.Wait
	if l.standing() {
		limit /= overloadedShare
	}
	w := &waiter{granted: make(chan struct{})}
	place := l.waiting.PushBack(w)
	l.mu.Unlock()
	return l.wait(ctx, w, place, limit)
}

// wait waits for a place that was asked for.
func (l *Limiter) wait(ctx context.Context, w *waiter, place *list.Element, limit time.Duration) (release func(), err error) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-w.granted:
		return sync.OnceFunc(l.release), nil
	case <-timer.C:
		err = ErrOverloaded
	case <-ctx.Done():
		err = ctx.Err()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-w.granted: // in the same moment: the place is not lost
		return sync.OnceFunc(l.release), nil
	default:
		l.waiting.Remove(place)
		return nil, err
	}
}

// standing reports whether somebody has been waiting for all of the last while. The lock is held.
func (l *Limiter) standing() bool {
	return l.waiting.Len() > 0 && time.Since(l.lastEmpty) > l.limits.Wait
}

// release gives a place to who waits, or back.
func (l *Limiter) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	next := l.waiting.Front()
	if l.standing() {
		next = l.waiting.Back()
	}
	if next == nil {
		l.running--
		return
	}
	w, _ := l.waiting.Remove(next).(*waiter)
	close(w.granted)
}

// Load tells how many run and how many wait.
func (l *Limiter) Load() (running, waiting int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.running, l.waiting.Len()
}
