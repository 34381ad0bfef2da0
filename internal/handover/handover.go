// Package handover lets a request become a stream that outlives its handler: sockets and event streams take the request
// over, and learn when the server stops. A socket leaves the goroutine of the HTTP request, with its deep stack and its
// buffers, which would triple an idle socket's memory (docs/figures.md); the server still counts it and waits for its end.
// The server puts a [Handover] into the context of each request.
//
// What must not live here: anything about WebSockets or GraphQL.
package handover

import (
	"context"
	"sync"
)

// Handover is one request that may be taken over.
type Handover struct {
	stopping context.Context
	began    func()
	ended    func()

	mu      sync.Mutex
	taken   bool
	holders int
}

type key struct{}

// With returns a context with a handover, and the function that the caller of the handler calls when it has
// returned. stopping is done when the server stops. began is called once, at the first Take. ended is called once, when the
// handler has returned and every holder has released the request.
func With(ctx, stopping context.Context, began, ended func()) (_ context.Context, returned func()) {
	h := &Handover{stopping: stopping, began: began, ended: ended, holders: 1}
	return context.WithValue(ctx, key{}, h), sync.OnceFunc(h.release)
}

// Take takes over the context's request until release is called, which is idempotent. The returned context is done when the
// server stops, and independent of the request's. ok is false when the context has no handover.
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

// hold adds a holder, and reports whether it is the first beside the handler.
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
