// Package handover lets a handler return while what it has begun goes on: a socket leaves the goroutine of the HTTP
// request, with its deep stack and its buffers, and the server still knows it, counts it, tells it to stop and waits for
// its end. The server puts a [Handover] into the request's context; who takes the connection over takes that too.
//
// What must not live here: anything about WebSockets or GraphQL.
package handover

import (
	"context"
	"sync"
)

// Handover is one request that may outlive its handler.
type Handover struct {
	stopping context.Context
	ended    func()

	mu      sync.Mutex
	holders int
}

type key struct{}

// With returns a context that carries a handover, and what the handler's caller calls when the handler has returned.
// stopping is done when the server stops. ended is called once, when the handler has returned and everybody who took the
// request over has let go of it.
func With(ctx, stopping context.Context, ended func()) (_ context.Context, returned func()) {
	h := &Handover{stopping: stopping, ended: ended, holders: 1}
	return context.WithValue(ctx, key{}, h), sync.OnceFunc(h.release)
}

// Take takes the context's request over until release is called, which may be called again. It returns a context that is
// done when the server stops, which is independent of the request's. Without a handover, ok is false.
func Take(ctx context.Context) (stopping context.Context, release func(), ok bool) {
	h, ok := ctx.Value(key{}).(*Handover)
	if !ok {
		return nil, nil, false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.holders++
	return h.stopping, sync.OnceFunc(h.release), true
}

func (h *Handover) release() {
	h.mu.Lock()
	h.holders--
	last := h.holders == 0
	h.mu.Unlock()
	if last {
		h.ended()
	}
}
