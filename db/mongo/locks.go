package mongo

import (
	"context"
	"slices"
	"sync"
)

// keyedLocks keeps goroutines of one process from working on the same case at once. It only spares them the
// conflicts: what is right is decided by the revision of the document.
type keyedLocks struct {
	mu   sync.Mutex
	held map[string]*keyedLock
}

// keyedLock is one key's lock; it is there while anybody holds it or waits for it.
type keyedLock struct {
	users int
	slot  chan struct{}
}

// lock takes the locks of all keys and returns the function that gives them back. It takes them in one order
// everywhere; who holds any must not ask for more.
func (l *keyedLocks) lock(ctx context.Context, keys ...string) (unlock func(), err error) {
	keys = slices.Compact(slices.Sorted(slices.Values(keys)))
	for i, key := range keys {
		if err := l.lockOne(ctx, key); err != nil {
			l.unlock(keys[:i])
			return nil, err
		}
	}
	return sync.OnceFunc(func() { l.unlock(keys) }), nil
}

func (l *keyedLocks) lockOne(ctx context.Context, key string) error {
	l.mu.Lock()
	if l.held == nil {
		l.held = make(map[string]*keyedLock)
	}
	lock, known := l.held[key]
	if !known {
		lock = &keyedLock{slot: make(chan struct{}, 1)}
		l.held[key] = lock
	}
	lock.users++
	l.mu.Unlock()
	select {
	case lock.slot <- struct{}{}:
		return nil
	case <-ctx.Done():
		l.leave(key)
		return ctx.Err()
	}
}

func (l *keyedLocks) unlock(keys []string) {
	for _, key := range keys {
		l.mu.Lock()
		lock := l.held[key]
		l.mu.Unlock()
		<-lock.slot
		l.leave(key)
	}
}

func (l *keyedLocks) leave(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	lock := l.held[key]
	if lock.users--; lock.users == 0 {
		delete(l.held, key)
	}
}
