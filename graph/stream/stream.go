// Package stream is what a subscription's resolver and its transport tell each other beside the events. A resolver that
// has returned its channel can only close it; the reason it leaves here goes to the client as one last message with
// errors, or tells the transport to have the client connect again.
package stream

import (
	"context"
	"sync"
)

// End is how one subscription ended.
type End struct {
	mu    sync.Mutex
	err   error
	taken bool
}

type endKey struct{}

// With returns a context whose subscription can fail, and where the failure will be. A context that has that keeps it.
func With(ctx context.Context) (context.Context, *End) {
	if end, ok := ctx.Value(endKey{}).(*End); ok {
		return ctx, end
	}
	end := &End{}
	return context.WithValue(ctx, endKey{}, end), end
}

// Fail leaves the reason why the context's subscription ends; to be called before its channel is closed. The first
// reason stays.
func Fail(ctx context.Context, err error) {
	end, ok := ctx.Value(endKey{}).(*End)
	if !ok {
		return
	}
	end.mu.Lock()
	defer end.mu.Unlock()
	if end.err == nil {
		end.err = err
	}
}

// Take returns the reason once, then nil.
func (e *End) Take() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.taken {
		return nil
	}
	e.taken = e.err != nil
	return e.err
}

// Reason returns the reason, whether it was taken or not; nil while there is none.
func (e *End) Reason() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.err
}
