package model

import (
	"context"
	"sync"
	"sync/atomic"
)

// Batch is a loader of related records, shared by records that were read together: the first of them to ask loads them for
// all. So a page of fifty tags reads its orders once, without a data loader's timer. Records that are read later, such as
// those of a subscription's next event, have batches of their own.
//
// It is safe for concurrent use by the fields of one operation, whose context cancels the load.
type Batch[K comparable, V any] struct {
	once  sync.Once
	load  func(ctx context.Context) (map[K]V, error)
	found map[K]V
	err   error
}

// NewBatch returns a batch that calls load at its first use.
func NewBatch[K comparable, V any](load func(ctx context.Context) (map[K]V, error)) *Batch[K, V] {
	return &Batch[K, V]{load: load}
}

// BatchOf returns a batch of records that are loaded already.
func BatchOf[K comparable, V any](found map[K]V) *Batch[K, V] {
	return NewBatch(func(context.Context) (map[K]V, error) { return found, nil })
}

// Find returns the value of a key; ok is false if there is none that the caller may see. A failure to load is returned to
// all who ask.
func (b *Batch[K, V]) Find(ctx context.Context, key K) (value V, ok bool, err error) {
	found, err := b.All(ctx)
	if err != nil {
		return value, false, err
	}
	value, ok = found[key]
	return value, ok, nil
}

// All returns all values that the caller may see; the map must not be changed. Errors are those of Find.
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

// BatchError is a failure to load, shared by all fields that need the batch.
type BatchError struct {
	cause error
	seen  atomic.Bool
}

// Error returns the cause's message, for logs.
func (f *BatchError) Error() string { return f.cause.Error() }

// Unwrap returns the cause.
func (f *BatchError) Unwrap() error { return f.cause }

// First reports true once, so that the failure is logged once and not for each field.
func (f *BatchError) First() bool { return !f.seen.Swap(true) }
