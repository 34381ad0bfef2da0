package shed

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"time"
)

// ErrOverloaded is returned for rejected requests.
var ErrOverloaded = errors.New("overloaded")

// Limits of a [Limiter].
type Limits struct {
	Running int           // requests that may run at once, at least 1
	Waiting int           // requests that may wait, 0 or more; those of AcquireBackground don't count
	Wait    time.Duration // how long a request may wait in a short burst, more than 0
}

const (
	// callerShare is the share of the places that one caller may hold, at least one place.
	callerShare = 4
	// overloadedShare is the share of Limits.Wait that a request may wait in a standing queue.
	overloadedShare = 10
	// backgroundShare is the share of its places that a caller may hold for background work: at least one place, and
	// backgroundPlaces at most. On a machine with few processors that keeps it from using all of them.
	backgroundShare  = 4
	backgroundPlaces = 2
	// mostBackground and leastBackground are the shares of the places that background work of all callers may hold, and that
	// it gets before waiting requests, so that it progresses under lasting load.
	mostBackground, leastBackground = 2, 8
)

// Limiter limits how many requests run at once. It is safe for concurrent use.
//
// Each caller has a queue of its own and may hold a quarter of the places; waiting callers are served round robin, one
// request each (fair queueing, as in FQ-CoDel, RFC 8290). When as many wait as may, the caller with the longest queue loses
// a waiting request, so that a caller with few is not rejected because of one with many.
//
// Each queue works as in "Fail at Scale" (Maurer, ACM Queue 13:8, 2015), which applies CoDel (RFC 8289) to requests. A queue
// that was empty, or served a request soon, within the last Limits.Wait absorbs a burst: first in, first out, and each may
// wait that long. Otherwise it is a standing queue until it is empty: it delays its caller's requests without any being
// served sooner. Then a request may wait only a tenth of that, and the newest are served first, since the oldest are about
// to give up.
type Limiter struct {
	limits Limits
	share  int

	mu         sync.Mutex
	running    int
	background int // of the running ones
	waiting    int // of all callers, background work aside
	callers    map[string]*caller
	turns      *list.List // of *caller: those with waiting requests that may have another place, next first
	patient    *list.List // of *caller: the same for background work
}

// caller is the state of one caller, kept while it runs or waits.
type caller struct {
	key        string
	running    int           // places held, those of background work included
	background int           // places held for background work, or resting
	waiting    list.List     // of *waiter, oldest first
	patient    list.List     // of *waiter: background work, oldest first
	turn       *list.Element // in Limiter.turns; nil: not in line
	patience   *list.Element // in Limiter.patient; nil: not in line
	standing   bool
	goodAt     time.Time // when the queue was last empty or served a request soon
}

type waiter struct {
	granted    chan struct{} // closed when the place is granted
	refused    chan struct{} // closed when the request is rejected in favour of another caller
	since      time.Time
	of         *caller
	in         *list.Element // in one of the caller's queues
	background bool
}

// New returns a limiter.
func New(limits Limits) *Limiter {
	return &Limiter{
		limits: limits, share: max(1, limits.Running/callerShare),
		callers: make(map[string]*caller), turns: list.New(), patient: list.New(),
	}
}

// Acquire waits for a place for a caller and returns the function that releases it, which is idempotent. Errors:
// [ErrOverloaded], and the context's when it ends first.
func (l *Limiter) Acquire(ctx context.Context, key string) (release func(), err error) {
	l.mu.Lock()
	of := l.caller(key)
	if l.running < l.limits.Running && of.running < l.share {
		release = l.start(of, false)
		l.mu.Unlock()
		return release, nil
	}
	w, limit := l.enqueue(of)
	l.line(of)
	l.forget(of)
	l.mu.Unlock()
	if w == nil {
		return nil, ErrOverloaded
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	return l.wait(ctx, w, timer.C)
}

// AcquireBackground is Acquire for work that no response waits for, such as replaying events since a client was last
// connected. It waits as long as the context lasts. A caller has one or two such places, by the number of all, and pauses
// after each for as long as it held it; all together have half of the places. Waiting requests go first, except that an
// eighth of the places is always left to such work. Errors: the context's.
func (l *Limiter) AcquireBackground(ctx context.Context, key string) (release func(), err error) {
	l.mu.Lock()
	of := l.caller(key)
	if l.running < l.limits.Running && l.mayRunBackground(of) {
		release = l.start(of, true)
		l.mu.Unlock()
		return release, nil
	}
	w := newWaiter(of)
	w.background = true
	w.in = of.patient.PushBack(w)
	l.line(of)
	l.mu.Unlock()
	return l.wait(ctx, w, nil)
}

// backgroundOfOne is how many places one caller may hold for background work.
func (l *Limiter) backgroundOfOne() int {
	return max(1, min(backgroundPlaces, l.share/backgroundShare))
}

// mayRunBackground reports whether a caller may take a free place for background work. The lock is held.
func (l *Limiter) mayRunBackground(of *caller) bool {
	return l.background < max(1, l.limits.Running/mostBackground) && of.running < l.share && of.background < l.backgroundOfOne()
}

// caller returns the state of a caller, creating it if needed. The lock is held.
func (l *Limiter) caller(key string) *caller {
	of := l.callers[key]
	if of == nil {
		of = &caller{key: key}
		l.callers[key] = of
	}
	return of
}

func newWaiter(of *caller) *waiter {
	return &waiter{granted: make(chan struct{}), refused: make(chan struct{}), since: time.Now(), of: of}
}

// start takes a place for a caller. The lock is held.
func (l *Limiter) start(of *caller, background bool) (release func()) {
	l.take(of, background)
	return l.releaser(of, background)
}

// releaser returns the function that releases a place. A caller pauses background work for as long as it held the place.
func (l *Limiter) releaser(of *caller, background bool) (release func()) {
	if !background {
		return sync.OnceFunc(func() { l.release(of) })
	}
	began := time.Now()
	return sync.OnceFunc(func() { l.releaseBackground(of, time.Since(began)) })
}

// take counts a place as held by a caller. The lock is held.
func (l *Limiter) take(of *caller, background bool) {
	l.running++
	of.running++
	if background {
		l.background++
		of.background++
	}
}

// enqueue queues a request for at most a time; nil: there is no room. The lock is held.
func (l *Limiter) enqueue(of *caller) (w *waiter, limit time.Duration) {
	if l.waiting >= l.limits.Waiting && !l.makeRoom(of) {
		return nil, 0
	}
	w = newWaiter(of)
	if of.waiting.Len() == 0 {
		of.goodAt = w.since
	}
	of.judge(w.since, l.limits.Wait)
	w.in = of.waiting.PushBack(w)
	l.waiting++
	limit = l.limits.Wait
	if of.standing {
		limit /= overloadedShare
	}
	return w, limit
}

// makeRoom rejects the request of the longest queue that would be served last, unless the queue is no longer than the asking
// caller's would be. The lock is held.
func (l *Limiter) makeRoom(asking *caller) bool {
	var longest *caller
	for _, of := range l.callers {
		if longest == nil || of.waiting.Len() > longest.waiting.Len() {
			longest = of
		}
	}
	if longest.waiting.Len() <= asking.waiting.Len()+1 {
		return false
	}
	last := longest.waiting.Back()
	if longest.standing {
		last = longest.waiting.Front()
	}
	w, _ := last.Value.(*waiter)
	l.leave(w)
	close(w.refused)
	return true
}

// judge detects when the queue becomes a standing one.
func (c *caller) judge(now time.Time, wait time.Duration) {
	c.standing = c.waiting.Len() > 0 && (c.standing || now.Sub(c.goodAt) > wait)
}

// wait waits for a requested place; expired may be nil.
func (l *Limiter) wait(ctx context.Context, w *waiter, expired <-chan time.Time) (release func(), err error) {
	select {
	case <-w.granted:
	case <-w.refused:
		return nil, ErrOverloaded
	case <-expired:
		err = ErrOverloaded
	case <-ctx.Done():
		err = ctx.Err()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-w.granted: // perhaps at the same time: the place must not be lost
		return l.releaser(w.of, w.background), nil
	default:
		if w.in != nil {
			l.leave(w)
		}
		return nil, err
	}
}

// leave removes a waiter that gives up. The lock is held.
func (l *Limiter) leave(w *waiter) {
	l.dequeue(w)
	l.line(w.of)
	l.forget(w.of)
}

// dequeue removes a waiter from its queue. The lock is held.
func (l *Limiter) dequeue(w *waiter) {
	of := w.of
	if w.background {
		of.patient.Remove(w.in)
	} else {
		of.waiting.Remove(w.in)
		of.standing = of.standing && of.waiting.Len() > 0
		l.waiting--
	}
	w.in = nil
}

// next returns the caller's next request to serve; nil: none may be. The lock is held.
func (l *Limiter) next(of *caller) *waiter {
	if of.running >= l.share {
		return nil
	}
	of.judge(time.Now(), l.limits.Wait)
	if of.standing {
		return waiterIn(of.waiting.Back())
	}
	return waiterIn(of.waiting.Front())
}

// nextBackground returns the caller's next background work to serve, where there is room for all callers'; nil: none may be.
// The lock is held.
func (l *Limiter) nextBackground(of *caller) *waiter {
	if of.running >= l.share || of.background >= l.backgroundOfOne() {
		return nil
	}
	return waiterIn(of.patient.Front())
}

func waiterIn(element *list.Element) *waiter {
	if element == nil {
		return nil
	}
	w, _ := element.Value.(*waiter)
	return w
}

// line updates the place of a caller in the lines, and serves. The lock is held.
func (l *Limiter) line(of *caller) {
	l.lineUp(of)
	l.serve()
}

// lineUp appends a caller to the lines, or removes it when nothing of it may be served. The lock is held.
func (l *Limiter) lineUp(of *caller) {
	of.turn = placeIn(l.turns, of, of.turn, l.next(of) != nil)
	of.patience = placeIn(l.patient, of, of.patience, l.nextBackground(of) != nil)
}

// placeIn appends a caller to a line or removes it, and returns its element.
func placeIn(line *list.List, of *caller, place *list.Element, waits bool) *list.Element {
	switch {
	case waits && place == nil:
		return line.PushBack(of)
	case !waits && place != nil:
		line.Remove(place)
		return nil
	}
	return place
}

// serve grants free places to callers in turn. The lock is held.
func (l *Limiter) serve() {
	for l.running < l.limits.Running {
		least := l.background < max(1, l.limits.Running/leastBackground)
		if least && l.serveBackground() || l.serveRequest() || l.serveBackground() {
			continue
		}
		return
	}
}

// serveRequest grants a place to the next caller's request, if any waits. The lock is held.
func (l *Limiter) serveRequest() bool {
	first := l.turns.Front()
	if first == nil {
		return false
	}
	of, _ := l.turns.Remove(first).(*caller)
	of.turn = nil
	l.grant(l.next(of))
	return true
}

// serveBackground grants a place to the next caller's background work, if any waits and more of it may run. The lock is
// held.
func (l *Limiter) serveBackground() bool {
	first := l.patient.Front()
	if first == nil || l.background >= max(1, l.limits.Running/mostBackground) {
		return false
	}
	of, _ := l.patient.Remove(first).(*caller)
	of.patience = nil
	l.grant(l.nextBackground(of))
	return true
}

// grant grants a place to a waiter. The lock is held.
func (l *Limiter) grant(w *waiter) {
	of, now := w.of, time.Now()
	l.take(of, w.background)
	l.dequeue(w)
	if !w.background && now.Sub(w.since) <= l.limits.Wait/overloadedShare {
		of.goodAt = now
	}
	l.lineUp(of)
	close(w.granted)
}

// release returns a place, and serves those that wait.
func (l *Limiter) release(of *caller) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.running--
	of.running--
	l.line(of)
	l.forget(of)
}

// releaseBackground returns a place of background work, and lets its caller have another only after its pause: a caller with
// endless background work would otherwise keep a processor to itself.
func (l *Limiter) releaseBackground(of *caller, rest time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.running--
	l.background--
	of.running--
	l.line(of)
	time.AfterFunc(rest, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		of.background--
		l.line(of)
		l.forget(of)
	})
}

// forget removes a caller that neither runs nor waits nor pauses. The lock is held.
func (l *Limiter) forget(of *caller) {
	if of.running == 0 && of.background == 0 && of.waiting.Len() == 0 && of.patient.Len() == 0 {
		delete(l.callers, of.key)
	}
}

// Load returns how many run and how many wait, without waiting background work.
func (l *Limiter) Load() (running, waiting int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.running, l.waiting
}
