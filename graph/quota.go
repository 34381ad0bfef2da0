package graph

import "sync"

// quota counts what callers hold of something that there is only so much of. It is safe for concurrent use.
type quota struct {
	total int64 // of all callers together
	each  int64 // of one caller
	spare bool  // a caller holds no more than a quarter of what is left for all others, see spareShare

	mu   sync.Mutex
	held int64
	of   map[string]int64
}

// spareShare is the part of what is left that one caller may hold, so that callers that take all they can leave something
// for the next one: ten of them a tenth (Choudhury and Hahne, "Dynamic Queue Length Thresholds for Shared-Memory Packet
// Switches", IEEE/ACM Transactions on Networking 6:2, 1998).
const spareShare = 4

// exhausted says whose quota is used up.
type exhausted int

const (
	notExhausted    exhausted = iota
	callerExhausted           // the caller holds as much as one may
	totalExhausted            // all together hold as much as there is
)

// unlimited is as much as anybody may want of a quota.
const unlimited = 1 << 60

// take takes n for a caller, all or nothing.
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

// give gives back n that were taken for a caller.
func (q *quota) give(key string, n int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.held -= n
	if q.of[key] -= n; q.of[key] == 0 {
		delete(q.of, key)
	}
}
