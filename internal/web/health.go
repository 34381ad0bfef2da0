package web

import (
	"context"
	"net/http"
	"sync"
	"time"

	"cloudtag/internal/reqid"
)

// pingTimeout is how long the store may take to answer before the server counts as not ready, pingInterval how long its
// last answer is good for: however many probe the server, the store is asked once in that time.
const (
	pingTimeout  = 2 * time.Second
	pingInterval = time.Second
)

// pinger keeps the last answer of a store.
type pinger struct {
	store Pinger
	mu    sync.Mutex
	asked time.Time
	err   error
}

// ping returns the store's last answer, or asks it when that is too old. One caller asks and the others wait for it, not
// longer than pingTimeout. What the store is asked does not end with the caller that happens to ask.
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

// notForwarded answers those alone who ask the instance itself: a balancer, a kubelet, an operator. What a proxy forwards is
// not found, so that whatever is published, how an instance feels is not.
func notForwarded(probe http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != "" {
			http.NotFound(w, r)
			return
		}
		probe(w, r)
	})
}

// alive answers as long as the process does.
func alive(w http.ResponseWriter, _ *http.Request) { writeStatus(w, http.StatusOK, "ok") }

// ready answers whether requests should be sent here: the store answers, callers can sign in, and the server is not
// about to stop.
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

// closingConnections asks clients to use other connections once the server is about to stop: an idle connection that is
// closed under a balancer that keeps it would fail the next request.
func (s *Server) closingConnections(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.leaving.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}
