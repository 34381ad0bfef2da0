package ratelimit

import (
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"
)

// Limit is the rate and burst of a caller.
type Limit struct {
	PerSecond float64 // tokens refilled each second, more than 0
	Burst     int     // size of the bucket in tokens, at least 1
}

// Clock returns the time.
type Clock interface{ Now() time.Time }

// State is what is left of a bucket.
type State struct {
	Limit     int       // the bucket's size
	Remaining int       // what can be taken now
	ResetAt   time.Time // when the bucket is full again, if nothing is taken until then
}

// RefusedError is returned by [Buckets.Take] when there are not enough tokens left.
type RefusedError struct {
	State      State
	RetryAfter time.Duration // when there will be enough, unless somebody takes it before
}

// Error implements error.
func (r *RefusedError) Error() string {
	return fmt.Sprintf("rate limit: try again in %v", r.RetryAfter)
}

// RetrySeconds is RetryAfter for a Retry-After header: rounded up, at least 1.
func (r *RefusedError) RetrySeconds() int { return max(1, int(math.Ceil(r.RetryAfter.Seconds()))) }

// Buckets are token buckets of one size, one per key. They are safe for concurrent use.
//
// Memory is bounded in two ways. A full bucket is removed, since a new one would be the same. When too many are not full,
// the least recently used one is removed, and its caller starts with a new one.
type Buckets struct {
	limit Limit
	clock Clock

	mu   sync.Mutex
	used *simplelru.LRU[string, *rate.Limiter]
	last time.Time     // monotonic time of the buckets
	lead time.Duration // of last over the clock, after the clock has stepped back
}

// forgetAtOnce is how many idle buckets a call checks: more than one, so that they are removed faster than added.
const forgetAtOnce = 2

// New returns buckets, most of them at most. A limit without a rate, a burst or room is a programming error and panics.
func New(limit Limit, clock Clock, most int) *Buckets {
	used, err := simplelru.NewLRU[string, *rate.Limiter](most, nil)
	if err != nil || limit.PerSecond <= 0 || limit.Burst < 1 {
		panic(fmt.Sprintf("rate limit of %+v for %d keys", limit, most))
	}
	return &Buckets{limit: limit, clock: clock, used: used}
}

// Take takes n tokens from a key's bucket, all or none, and returns what is left. More than a bucket's size can never be
// taken. Errors: [*RefusedError].
func (b *Buckets) Take(key string, n int) (State, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	wall, now := b.now()
	b.forgetIdle(now)
	bucket, known := b.used.Get(key)
	if !known {
		bucket = rate.NewLimiter(rate.Limit(b.limit.PerSecond), b.limit.Burst)
		b.used.Add(key, bucket)
	}
	allowed := bucket.AllowN(now, n)
	left := bucket.TokensAt(now)
	state := State{Limit: b.limit.Burst, Remaining: max(0, int(left)), ResetAt: wall.Add(b.duration(float64(b.limit.Burst) - left))}
	if !allowed {
		return state, &RefusedError{State: state, RetryAfter: b.duration(float64(n) - left)}
	}
	return state, nil
}

// Peek returns what is left of a key's bucket.
func (b *Buckets) Peek(key string) State {
	state, _ := b.Take(key, 0) // taking nothing never fails
	return state
}

// now returns a monotonic time derived from the clock: otherwise a bucket would not refill after the clock has stepped back
// until it has caught up.
func (b *Buckets) now() (wall, own time.Time) {
	wall = b.clock.Now()
	own = wall.Add(b.lead)
	if own.Before(b.last) {
		b.lead, own = b.last.Sub(wall), b.last
	}
	b.last = own
	return wall, own
}

// duration is how long it takes to refill so many tokens.
func (b *Buckets) duration(tokens float64) time.Duration {
	return time.Duration(tokens / b.limit.PerSecond * float64(time.Second))
}

// forgetIdle removes a few of the least recently used buckets if they are full again.
func (b *Buckets) forgetIdle(now time.Time) {
	for range forgetAtOnce {
		_, oldest, some := b.used.GetOldest()
		if !some || oldest.TokensAt(now) < float64(b.limit.Burst) {
			return
		}
		b.used.RemoveOldest()
	}
}

// Len is the number of buckets in memory.
func (b *Buckets) Len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.used.Len()
}
