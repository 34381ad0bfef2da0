package web

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Starting responds in place of a server whose start takes long: that it is alive, and not ready because of what it waits
// for. It serves nothing until [Starting.Await] is called: connections to a server that is about to serve should wait for
// it.
type Starting struct {
	listener net.Listener
	log      *slog.Logger

	mu      sync.Mutex
	awaited string
	server  *http.Server // nil before Await
	served  chan error
}

// NewStarting returns one for a listener, which it only borrows.
func NewStarting(listener net.Listener, log *slog.Logger) *Starting {
	return &Starting{listener: listener, log: log}
}

// Await sets what the start waits for, and begins to serve.
func (s *Starting) Await(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.awaited = what
	if s.server != nil {
		return
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", alive)
	mux.HandleFunc("/", s.notReady)
	s.server = &http.Server{Handler: mux, ReadHeaderTimeout: readHeaderTimeout, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug)}
	s.server.SetKeepAlivesEnabled(false) // connections must not outlive the start
	s.served = make(chan error, 1)
	go func() { s.served <- s.server.Serve(borrowed{s.listener}) }()
}

func (s *Starting) notReady(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	writeStatus(w, http.StatusServiceUnavailable, "starting: "+s.awaited)
}

// End stops serving and returns the listener to the caller.
func (s *Starting) End(ctx context.Context) error {
	s.mu.Lock()
	server := s.server
	s.mu.Unlock()
	if server == nil {
		return nil
	}
	err := server.Shutdown(ctx)
	if served := <-s.served; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return errors.Join(err, setDeadline(s.listener, time.Time{}))
}

// borrowed is a listener whose Close only stops accepting.
type borrowed struct{ net.Listener }

func (b borrowed) Close() error { return setDeadline(b.Listener, time.Unix(1, 0)) }

func setDeadline(listener net.Listener, at time.Time) error {
	if l, can := listener.(interface{ SetDeadline(at time.Time) error }); can {
		return l.SetDeadline(at)
	}
	return errors.New("the listener can't stop accepting")
}
