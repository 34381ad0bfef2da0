// Package stream connects a subscription's resolver and its transport beyond the channel of events: the reason of the end,
// positions to resume from, turns for reading past entries, and wake-ups. gqlgen lets a resolver only close its channel; the
// transport turns the reason stored here into a last message with errors, or makes the client reconnect.
//
// It depends neither on a transport's protocol nor on the contents of events.
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

// With returns a context in which a subscription can leave the reason of its end. A context that has an End keeps it.
func With(ctx context.Context) (context.Context, *End) {
	if end, ok := ctx.Value(endKey{}).(*End); ok {
		return ctx, end
	}
	end := &End{}
	return context.WithValue(ctx, endKey{}, end), end
}

// Fail stores the reason why the context's subscription ends, unless there is one; it must be called before the channel is
// closed.
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

// Take returns the reason at its first call, then nil.
func (e *End) Take() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.taken {
		return nil
	}
	e.taken = e.err != nil
	return e.err
}

// Reason returns the reason, even after Take; nil while there is none.
func (e *End) Reason() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.err
}
