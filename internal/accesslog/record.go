// Package accesslog carries what is learned about a request while it is answered to the one line that is logged at its
// end. What must not live here: writing the log, and anything about who asks or what for.
package accesslog

import (
	"context"
	"sync"
)

// Record collects what the log says of a request beside its route, status and duration. A nil Record collects nothing,
// so that code under test needs none. It is safe for concurrent use.
type Record struct {
	mu        sync.Mutex
	operation string
	code      string
}

// SetOperation notes what was executed, such as "query Queue". The first operation counts.
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

// SetCode notes the code of an error that the caller was sent. The first code counts.
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

// Read returns what was noted, empty texts for what was not.
func (r *Record) Read() (operation, code string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.operation, r.code
}

type recordKey struct{}

// With returns a context that carries a record.
func With(ctx context.Context, record *Record) context.Context {
	return context.WithValue(ctx, recordKey{}, record)
}

// From returns the context's record, nil without one.
func From(ctx context.Context) *Record {
	record, _ := ctx.Value(recordKey{}).(*Record)
	return record
}
