package graph

import "sync"

// quota limits how much of a resource all callers, and each of them, may hold. It is safe for concurrent use.
type quota struct {
	total int64 // of all callers together
	each  int64 // of one caller
	spare bool  // a caller may hold at most a quarter of the remainder, see spareShare

	mu   sync.Mutex
	held int64
	of   map[string]int64
}

// spareShare is the fraction of the remainder that one caller may hold (a quarter), so that greedy callers always leave some
// for the next one: ten of them a tenth (Choudhury and Hahne, "Dynamic Queue Length Thresholds for Shared-Memory Packet
// Switches", IEEE/ACM Transactions on Networking 6:2, 1998).
const spareShare = 4

// exhausted says which limit was reached.
type exhausted int

const (
	notExhausted    exhausted = iota
	callerExhausted           // that of the caller
	totalExhausted            // that of all callers
)

// unlimited is a limit that is never reached.
const unlimited = 1 << 60

// take acquires n for a caller, all or nothing.
func (q *quota) take(key string, n int64) exhausted {
	q.mu.Lock()
	defer q.mu.Unlock()
	mine, left := q.of[key], q.total-q.held-n
	switch {
	case mine+n > q.each, q.spare && mine > 0 && mine+n > left/spareShare:
		return callerExhausted
	case left < 0:
		return totalExhausted
	}
	if q.of == nil {
		q.of = make(map[string]int64)
	}
	q.held += n
	q.of[key] += n
	return notExhausted
}

// give releases n of a caller.
func (q *quota) give(key string, n int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.held -= n
	if q.of[key] -= n; q.of[key] == 0 {
		delete(q.of, key)
	}
}
