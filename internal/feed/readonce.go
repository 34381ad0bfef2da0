package feed

import (
	"context"
	"sync"
	"sync/atomic"
)

// cacheGeneration is how many records of a kind are cached before the older generation is dropped: a cache has between one
// and two generations.
const cacheGeneration = 1024

// readOnce caches records of one kind, and reads missing ones for all concurrent callers with a single call of the store.
// The oldest reads are evicted.
type readOnce[K comparable, V any] struct {
	mu     sync.Mutex
	recent map[K]cachedRecord[V]
	older  map[K]cachedRecord[V] // the previous generation
	next   *sharedCall[K]        // collects the keys for the call after the current one; nil if there are none
	turn   chan struct{}         // held by the current call
}

// cachedRecord is a record, or its absence, as of an entry or later.
type cachedRecord[V any] struct {
	value  V
	exists bool
	seq    int64
}

// sharedCall is one call of the store for everyone who waits for it.
type sharedCall[K comparable] struct {
	keys map[K]int64   // each with the entry that the read must not be older than
	done chan struct{} // closed when the call has returned
	err  error         // nil also if the caller's context was done: another one makes the call then
}

// find returns the records for the keys, as of an entry or later. The map belongs to the caller, the values are shared.
func (o *readOnce[K, V]) find(ctx context.Context, keys []K, through readsThrough, load func(context.Context, []K) (map[K]V, error)) (map[K]V, error) {
	for {
		found, call, turn := o.lookUp(keys, through.seq)
		if call == nil {
			return found, nil
		}
		select {
		case turn <- struct{}{}:
			if err := o.read(ctx, call, &through.shared.newest, load); err != nil {
				return nil, err
			}
		case <-call.done:
			if call.err != nil {
				return nil, call.err
			}
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// lookUp returns the cached records for the keys and, if some are missing, the call that will read them.
func (o *readOnce[K, V]) lookUp(keys []K, seq int64) (found map[K]V, call *sharedCall[K], turn chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	found = make(map[K]V, len(keys))
	for _, key := range keys {
		cached, known := o.cached(key, seq)
		switch {
		case !known:
			if o.next == nil {
				o.next = &sharedCall[K]{keys: make(map[K]int64), done: make(chan struct{})}
			}
			call = o.next
			call.keys[key] = max(call.keys[key], seq)
		case cached.exists:
			found[key] = cached.value
		}
	}
	if o.turn == nil {
		o.turn = make(chan struct{}, 1)
	}
	return found, call, o.turn
}

// cached returns the cached record of a key as of an entry. The lock must be held.
func (o *readOnce[K, V]) cached(key K, seq int64) (cached cachedRecord[V], known bool) {
	if cached, known = o.recent[key]; !known {
		cached, known = o.older[key]
	}
	return cached, known && cached.seq >= seq
}

// read makes a call, unless another goroutine has made it, and gives up the turn.
func (o *readOnce[K, V]) read(ctx context.Context, call *sharedCall[K], newest *atomic.Int64, load func(context.Context, []K) (map[K]V, error)) error {
	defer func() { <-o.turn }()
	keys, pending := o.take(call)
	if !pending {
		return call.err
	}
	defer close(call.done)
	if len(keys) == 0 {
		return nil
	}
	seq := newest.Load()
	found, err := load(ctx, keys)
	if err != nil {
		if ctx.Err() == nil {
			call.err = err
		}
		return err
	}
	o.store(keys, found, seq)
	return nil
}

// take returns the keys that a call still has to read; pending is false if another goroutine has made it.
func (o *readOnce[K, V]) take(call *sharedCall[K]) (keys []K, pending bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.next != call {
		return nil, false
	}
	o.next = nil
	for key, seq := range call.keys {
		if _, known := o.cached(key, seq); !known {
			keys = append(keys, key)
		}
	}
	return keys, true
}

// store caches what was read.
func (o *readOnce[K, V]) store(keys []K, found map[K]V, seq int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.recent) >= cacheGeneration || o.recent == nil {
		o.older, o.recent = o.recent, make(map[K]cachedRecord[V])
	}
	for _, key := range keys {
		value, exists := found[key]
		o.recent[key] = cachedRecord[V]{value: value, exists: exists, seq: seq}
	}
}
