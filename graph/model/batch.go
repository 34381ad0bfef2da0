package model

import (
	"context"
	"sync"
	"sync/atomic"
)

// Batch finds what belongs to records that were read together: the first record that asks makes it load for all of
// them, the others find it loaded. So a page of fifty tags asks for its orders once, without a timer that every
// request would wait for, and whatever is read anew (the next event of a subscription) brings a fresh batch.
//
// It is safe for concurrent use by the fields of one operation, which share their context's end.
type Batch[K comparable, V any] struct {
	once  sync.Once
	load  func(ctx context.Context) (map[K]V, error)
	found map[K]V
	err   error
}

// NewBatch returns a batch that load fills, when it is first asked.
func NewBatch[K comparable, V any](load func(ctx context.Context) (map[K]V, error)) *Batch[K, V] {
	return &Batch[K, V]{load: load}
}

// BatchOf returns a batch of what is there already.
func BatchOf[K comparable, V any](found map[K]V) *Batch[K, V] {
	return NewBatch(func(context.Context) (map[K]V, error) { return found, nil })
}

// Find returns what belongs to a key, and whether there is something that the caller may see. A failure to load
// is told to everybody who asks.
func (b *Batch[K, V]) Find(ctx context.Context, key K) (value V, ok bool, err error) {
	found, err := b.All(ctx)
	if err != nil {
		return value, false, err
	}
	value, ok = found[key]
	return value, ok, nil
}

// All returns everything that there is and that the caller may see; nobody may change it. Failures are those of Find.
func (b *Batch[K, V]) All(ctx context.Context) (map[K]V, error) {
	b.once.Do(func() {
		found, err := b.load(ctx)
		if b.found = found; err != nil {
			b.err = &BatchError{cause: err}
		}
	})
	if b.err != nil {
		return nil, b.err
	}
	return b.found, nil
}

// BatchError is one failure that many fields report.
type BatchError struct {
	cause error
	told  atomic.Bool
}

// Error describes the failure for logs.
func (f *BatchError) Error() string { return f.cause.Error() }

// Unwrap returns the failure itself.
func (f *BatchError) Unwrap() error { return f.cause }

// First reports whether it was not asked before, so that the failure is logged once and not for each field.
func (f *BatchError) First() bool { return !f.told.Swap(true) }
