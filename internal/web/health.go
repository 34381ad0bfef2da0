package web

import (
	"context"
	"net/http"
	"sync"
	"time"

	"cloudtag/internal/reqid"
)

// pingTimeout is how long the store may take to respond before the server counts as not ready. pingInterval is how long its
// last result is reused: however many clients probe the server, the store is pinged once in that time.
const (
	pingTimeout  = 2 * time.Second
	pingInterval = time.Second
)

// pinger caches the last result of pinging a store.
type pinger struct {
	store Pinger
	mu    sync.Mutex
	asked time.Time
	err   error
}

// ping returns the last result, or pings the store when that is too old. One caller pings and the others wait for it, for
// pingTimeout at most. The ping does not end with its caller's context.
func (p *pinger) ping(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.asked.IsZero() && time.Since(p.asked) < pingInterval {
		return p.err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pingTimeout)
	defer cancel()
	p.err = p.store.Ping(ctx)
	p.asked = time.Now()
	return p.err
}

// notForwarded serves direct requests only, such as those of a balancer, a kubelet or an operator. Requests that a proxy
// forwarded get 404, so that the health of an instance is not public.
func notForwarded(probe http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != "" {
			http.NotFound(w, r)
			return
		}
		probe(w, r)
	})
}

// alive responds as long as the process does.
func alive(w http.ResponseWriter, _ *http.Request) { writeStatus(w, http.StatusOK, "ok") }

// ready responds whether requests should be sent here: the store responds, callers can sign in, and the server is not about
// to stop.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	if s.leaving.Load() {
		writeStatus(w, http.StatusServiceUnavailable, "stopping")
		return
	}
	ctx := r.Context()
	if err := s.store.ping(ctx); err != nil {
		s.config.Log.ErrorContext(ctx, "the store does not answer", "error", err, "request_id", reqid.From(ctx))
		writeStatus(w, http.StatusServiceUnavailable, "the store does not answer")
		return
	}
	if s.config.SignInReady != nil {
		if err := s.config.SignInReady(); err != nil {
			s.config.Log.ErrorContext(ctx, "nobody can sign in", "error", err, "request_id", reqid.From(ctx))
			writeStatus(w, http.StatusServiceUnavailable, "the identity provider's keys are missing")
			return
		}
	}
	writeStatus(w, http.StatusOK, "ok")
}

func writeStatus(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text + "\n")) // the client may be gone
}

// closingConnections asks clients to open new connections once the server is about to stop: closing an idle connection that
// a balancer keeps would fail its next request.
func (s *Server) closingConnections(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.leaving.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}
