// Package accesslog passes details of a request, learned while it is handled, to the one line that is logged at its end.
// What must not live here: writing the log, and anything that identifies the caller or what was asked for.
package accesslog

import (
	"context"
	"sync"
)

// Record collects what the log says of a request beside its route, status and duration. A nil Record collects nothing, so
// that handlers under test need none. It is safe for concurrent use.
type Record struct {
	mu        sync.Mutex
	operation string
	code      string
}

// SetOperation records the executed operation, such as "query Queue". The first one wins.
func (r *Record) SetOperation(operation string) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.operation == "" {
		r.operation = operation
	}
}

// SetCode records the code of an error that was sent to the caller. The first one wins.
func (r *Record) SetCode(code string) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.code == "" {
		r.code = code
	}
}

// Read returns what was recorded; empty strings for what was not.
func (r *Record) Read() (operation, code string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.operation, r.code
}

type recordKey struct{}

// With returns a context with a record.
func With(ctx context.Context, record *Record) context.Context {
	return context.WithValue(ctx, recordKey{}, record)
}

// From returns the context's record, nil without one.
func From(ctx context.Context) *Record {
	record, _ := ctx.Value(recordKey{}).(*Record)
	return record
}
