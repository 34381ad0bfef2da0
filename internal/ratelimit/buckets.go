package ratelimit

import (
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"
)

// Limit is how much a caller may do.
type Limit struct {
	PerSecond float64 // what comes back each second, more than 0
	Burst     int     // what a caller who was idle may do at once, at least 1
}

// Clock tells the time.
type Clock interface{ Now() time.Time }

// State is what a caller has left.
type State struct {
	Limit     int       // the bucket's size
	Remaining int       // what can be taken now
	ResetAt   time.Time // when the bucket is full again, if nothing is taken until then
}

// RefusedError is an error of [Buckets.Take]: there is not enough left.
type RefusedError struct {
	State      State
	RetryAfter time.Duration // when there will be enough, if nobody takes it before
}

// Error says when to try again.
func (r *RefusedError) Error() string {
	return fmt.Sprintf("rate limit: try again in %v", r.RetryAfter)
}

// RetrySeconds is RetryAfter as Retry-After can say it: rounded up, at least 1.
func (r *RefusedError) RetrySeconds() int { return max(1, int(math.Ceil(r.RetryAfter.Seconds()))) }

// Buckets are one token bucket per key, all of one size. They are safe for concurrent use.
//
// Memory is bounded in two ways. A bucket that is full again is forgotten, since a new one would be the same. When there
// are too many that are not full, the one that was used least lately is forgotten; its caller gets a new one.
type Buckets struct {
	limit Limit
	clock Clock

	mu   sync.Mutex
	used *simplelru.LRU[string, *rate.Limiter]
	last time.Time     // the buckets' own time, which never goes back
	lead time.Duration // by which it is ahead of the clock, after the clock has stepped back
}

// forgetAtOnce is how many idle buckets a call looks at: more than one, so that they go faster than they come.
const forgetAtOnce = 2

// New returns buckets, of which at most most are remembered. A limit without a rate, a burst or room is a mistake of the
// program's and panics.
func New(limit Limit, clock Clock, most int) *Buckets {
	used, err := simplelru.NewLRU[string, *rate.Limiter](most, nil)
	if err != nil || limit.PerSecond <= 0 || limit.Burst < 1 {
		panic(fmt.Sprintf("rate limit of %+v for %d keys", limit, most))
	}
	return &Buckets{limit: limit, clock: clock, used: used}
}

// Take takes n from a key's bucket, all or nothing, and tells what is left. More than a bucket's size can never be taken.
// Errors: [*RefusedError].
func (b *Buckets) Take(key string, n int) (State, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	told, now := b.now()
	b.forgetIdle(now)
	bucket, known := b.used.Get(key)
	if !known {
		bucket = rate.NewLimiter(rate.Limit(b.limit.PerSecond), b.limit.Burst)
		b.used.Add(key, bucket)
	}
	allowed := bucket.AllowN(now, n)
	left := bucket.TokensAt(now)
	state := State{Limit: b.limit.Burst, Remaining: max(0, int(left)), ResetAt: told.Add(b.duration(float64(b.limit.Burst) - left))}
	if !allowed {
		return state, &RefusedError{State: state, RetryAfter: b.duration(float64(n) - left)}
	}
	return state, nil
}

// Peek tells what is left of a key's bucket.
func (b *Buckets) Peek(key string) State {
	state, _ := b.Take(key, 0) // nothing is never refused
	return state
}

// now is the clock's time and the buckets' own. A bucket would wait for a clock that stepped back to come by again.
func (b *Buckets) now() (told, own time.Time) {
	told = b.clock.Now()
	own = told.Add(b.lead)
	if own.Before(b.last) {
		b.lead, own = b.last.Sub(told), b.last
	}
	b.last = own
	return told, own
}

// duration is how long it takes until so much has come back.
func (b *Buckets) duration(tokens float64) time.Duration {
	return time.Duration(tokens / b.limit.PerSecond * float64(time.Second))
}

// forgetIdle forgets a few of those that were used least lately and are full again.
func (b *Buckets) forgetIdle(now time.Time) {
	for range forgetAtOnce {
		_, oldest, some := b.used.GetOldest()
		if !some || oldest.TokensAt(now) < float64(b.limit.Burst) {
			return
		}
		b.used.RemoveOldest()
	}
}

// Len is how many buckets are remembered.
func (b *Buckets) Len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.used.Len()
}
