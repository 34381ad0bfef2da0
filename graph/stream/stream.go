// Package stream lets a subscription say why it ends. A resolver that has returned its channel can only close it; the
// reason it leaves here goes to the client as one last message with errors, over SSE and WebSocket alike.
package stream

import (
	"context"
	"sync"
)

// End is how one subscription ended.
type End struct {
	mu  sync.Mutex
	err error
}

type endKey struct{}

// With returns a context whose subscription can fail, and where the failure will be.
func With(ctx context.Context) (context.Context, *End) {
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
	err := e.err
	e.err = nil
	return err
}
