package shed

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"time"
)

// ErrOverloaded is returned for what is refused.
var ErrOverloaded = errors.New("overloaded")

// Limits of a [Limiter].
type Limits struct {
	Running int           // how many may run at once, at least 1
	Waiting int           // how many may wait, 0 or more; those of AcquireBackground are not counted
	Wait    time.Duration // how long one may wait for a short burst to pass, more than 0
}

const (
	// callerShare is the part of the places that one caller may hold, at least one place.
	callerShare = 4
	// overloadedShare is the part of Limits.Wait that one may wait in a standing queue.
	overloadedShare = 10
	// backgroundShare is the part of its share that a caller may hold for background work: at least one place, which on a
	// machine with few processors keeps it from taking all of them, and backgroundPlaces at most.
	backgroundShare  = 4
	backgroundPlaces = 2
	// mostBackground and leastBackground are the parts of the places that background work of all callers may hold, and that
	// it is given before requests that wait, so that it goes on under lasting load.
	mostBackground, leastBackground = 2, 8
)

// Limiter lets so many run at once. It is safe for concurrent use.
//
// Each caller has a queue of its own and may hold a quarter of the places; callers that wait are served in turn, one
// request each (fair queueing, as in FQ-CoDel, RFC 8290). When as many wait as may, the caller with the longest queue
// gives up a waiting request, so that a caller with few is not refused because of one with many.
//
// Each queue is that of "Fail at Scale" (Maurer, ACM Queue 13:8, 2015), which is CoDel's idea (RFC 8289) for requests. One
// that was empty, or served somebody soon, within the last Limits.Wait takes up a burst: first come, first served, and
// each may wait that long. One that was not is a standing queue until it is empty: it makes its caller's requests late
// and none is served sooner for it. Then one may wait a tenth of it only, and those who came last are served first,
// since the others are about to give up.
type Limiter struct {
	limits Limits
	share  int

	mu         sync.Mutex
	running    int
	background int // of those that run
	waiting    int // of all callers, background work aside
	callers    map[string]*caller
	turns      *list.List // of *caller: those that have requests waiting and may have a place more, next first
	patient    *list.List // … those that have background work waiting
}

// caller is what one caller has: it is known while it runs or waits.
type caller struct {
	key        string
	running    int           // places that it holds, those for background work included
	background int           // places that it holds for background work, or rests from
	waiting    list.List     // of *waiter, in the order in which they came
	patient    list.List     // of *waiter: background work, in the order in which it came
	turn       *list.Element // its place in Limiter.turns; nil: none
	patience   *list.Element // … in Limiter.patient
	standing   bool
	goodAt     time.Time // when the queue was last empty or served somebody soon
}

type waiter struct {
	granted    chan struct{} // closed when the place is theirs
	refused    chan struct{} // closed when they are refused in favour of another caller
	since      time.Time
	of         *caller
	in         *list.Element // its place in one of the caller's queues
	background bool
}

// New returns a limiter.
func New(limits Limits) *Limiter {
	return &Limiter{
		limits: limits, share: max(1, limits.Running/callerShare),
		callers: make(map[string]*caller), turns: list.New(), patient: list.New(),
	}
}

// Acquire waits for a place for a caller and returns what gives it back, which may be called again. Errors:
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

// AcquireBackground is Acquire for work that nobody waits for an answer to, such as reading what happened since a client
// was last connected. It waits for as long as the context lasts. A caller has one or two at a time, by the number of
// places, and rests after each for as long as it lasted; all together have half of the places. Requests that wait go
// first, except that such work is never kept from an eighth of the places. Errors: the context's.
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

// mayRunBackground reports whether a caller may have a place for background work, if there is one. The lock is held.
func (l *Limiter) mayRunBackground(of *caller) bool {
	return l.background < max(1, l.limits.Running/mostBackground) && of.running < l.share && of.background < l.backgroundOfOne()
}

// caller finds a caller, or begins to know it. The lock is held.
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

// start gives a caller a place. The lock is held.
func (l *Limiter) start(of *caller, background bool) (release func()) {
	l.take(of, background)
	return l.releaser(of, background)
}

// releaser makes what gives a place back. A caller rests from background work for as long as it lasted.
func (l *Limiter) releaser(of *caller, background bool) (release func()) {
	if !background {
		return sync.OnceFunc(func() { l.release(of) })
	}
	began := time.Now()
	return sync.OnceFunc(func() { l.releaseBackground(of, time.Since(began)) })
}

// take counts a place as a caller's. The lock is held.
func (l *Limiter) take(of *caller, background bool) {
	l.running++
	of.running++
	if background {
		l.background++
		of.background++
	}
}

// enqueue has a request wait, for so long at most; nil: there is no room. The lock is held.
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

// makeRoom refuses the request that would be served last of the caller with the longest queue, unless that is no longer
// than the queue of the one who asks would be. The lock is held.
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

// judge notes whether the queue has become a standing one.
func (c *caller) judge(now time.Time, wait time.Duration) {
	c.standing = c.waiting.Len() > 0 && (c.standing || now.Sub(c.goodAt) > wait)
}

// wait waits for a place that was asked for; expired may be nil.
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
	case <-w.granted: // perhaps in the same moment: the place is not lost
		return l.releaser(w.of, w.background), nil
	default:
		if w.in != nil {
			l.leave(w)
		}
		return nil, err
	}
}

// leave lets a waiter go without a place. The lock is held.
func (l *Limiter) leave(w *waiter) {
	l.dequeue(w)
	l.line(w.of)
	l.forget(w.of)
}

// dequeue takes a waiter out of its queue. The lock is held.
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

// next is which of the caller's requests is served next; nil: none may be. The lock is held.
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

// nextBackground is which of the caller's background work is served next, where there is room for all callers'; nil: none
// may be. The lock is held.
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

// line puts a caller in line, and serves. The lock is held.
func (l *Limiter) line(of *caller) {
	l.lineUp(of)
	l.serve()
}

// lineUp puts a caller at the end of those whose turn comes, or takes it out when nothing of it may be served. The lock is
// held.
func (l *Limiter) lineUp(of *caller) {
	of.turn = placeIn(l.turns, of, of.turn, l.next(of) != nil)
	of.patience = placeIn(l.patient, of, of.patience, l.nextBackground(of) != nil)
}

// placeIn puts a caller into a line or takes it out, and returns its place.
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

// serve gives places to callers in turn while there are any. The lock is held.
func (l *Limiter) serve() {
	for l.running < l.limits.Running {
		least := l.background < max(1, l.limits.Running/leastBackground)
		if least && l.serveBackground() || l.serveRequest() || l.serveBackground() {
			continue
		}
		return
	}
}

// serveRequest gives a place to the next caller's request, if any waits. The lock is held.
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

// serveBackground gives a place to the next caller's background work, if any waits and there may be more of it. The lock
// is held.
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

// grant gives a place to a waiter. The lock is held.
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

// release gives a place to who waits, or back.
func (l *Limiter) release(of *caller) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.running--
	of.running--
	l.line(of)
	l.forget(of)
}

// releaseBackground gives a place of background work to who waits, or back, and lets its caller have another only once it
// has rested: who has no end of such work would have a processor to itself otherwise.
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

// forget forgets a caller that neither runs nor waits nor rests. The lock is held.
func (l *Limiter) forget(of *caller) {
	if of.running == 0 && of.background == 0 && of.waiting.Len() == 0 && of.patient.Len() == 0 {
		delete(l.callers, of.key)
	}
}

// Load tells how many run and how many wait, background work that waits aside.
func (l *Limiter) Load() (running, waiting int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.running, l.waiting
}
