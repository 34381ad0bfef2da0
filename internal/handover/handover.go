// Package handover lets a request become a stream: who serves the request takes it over, as sockets and event streams do,
// and is told when the server stops. A socket leaves the goroutine of the HTTP request, with its deep stack and its
// buffers, and the server still knows it, counts it and waits for its end. The server puts a [Handover] into the context
// of each request.
//
// What must not live here: anything about WebSockets or GraphQL.
package handover

import (
	"context"
	"sync"
)

// Handover is one request that may become a stream, and outlive its handler.
type Handover struct {
	stopping context.Context
	began    func()
	ended    func()

	mu      sync.Mutex
	taken   bool
	holders int
}

type key struct{}

// With returns a context that carries a handover, and what the handler's caller calls when the handler has returned.
// stopping is done when the server stops. began is called once, when the request is taken over for the first time. ended
// is called once, when the handler has returned and everybody who took the request over has let go of it.
func With(ctx, stopping context.Context, began, ended func()) (_ context.Context, returned func()) {
	h := &Handover{stopping: stopping, began: began, ended: ended, holders: 1}
	return context.WithValue(ctx, key{}, h), sync.OnceFunc(h.release)
}

// Take takes the context's request over until release is called, which may be called again. It returns a context that is
// done when the server stops, which is independent of the request's. Without a handover, ok is false.
func Take(ctx context.Context) (stopping context.Context, release func(), ok bool) {
	h, ok := ctx.Value(key{}).(*Handover)
	if !ok {
		return nil, nil, false
	}
	if h.hold() {
		h.began()
	}
	return h.stopping, sync.OnceFunc(h.release), true
}

// Taken reports whether the context's request was taken over.
func Taken(ctx context.Context) bool {
	h, ok := ctx.Value(key{}).(*Handover)
	if !ok {
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.taken
}

// hold counts a holder in; first: there was none before.
func (h *Handover) hold() (first bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	first = !h.taken
	h.taken = true
	h.holders++
	return first
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
