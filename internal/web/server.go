package web

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/ratelimit"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"
)

// Limits of a connection. Requests have deadlines of their own, see deadlines.go: one for all would cut streams off.
const (
	readHeaderTimeout = 10 * time.Second
	idleTimeout       = 2 * time.Minute
)

// Config is what a server needs.
type Config struct {
	GraphQL http.Handler
	// SignIn returns a context with the session of an Authorization header, see [auth.SignIn].
	SignIn func(ctx context.Context, authorization string) (context.Context, error)
	// SignInAs returns a token for a role by its name, empty for an unknown one, for the links /as/ROLE of a development
	// server. nil: there are no such links.
	SignInAs func(ctx context.Context, role string) (token string, err error)
	// Schema is the SDL, for authenticated callers and, with SchemaForAll, everybody.
	Schema       string
	SchemaForAll bool
	// SignInSettings returns what the pages need for the sign-in; nil: the zero settings.
	SignInSettings func() SignInSettings
	// SignInReady returns why nobody can sign in now; nil, or nil returned: people can.
	SignInReady func() error
	Pages       fs.FS // index.html, graphiql/index.html, assets/…
	Store       Pinger
	// AllowedOrigins are the origins of pages, beside the server's own, that may call the API.
	AllowedOrigins []string
	// LoopbackOnly rejects requests to any host name but this machine's own, against DNS rebinding: a page could point its
	// own name at 127.0.0.1 and pass for the server's own.
	LoopbackOnly bool
	// DrainDelay is how long the server keeps accepting requests at its end while /readyz responds 503, so that load
	// balancers stop sending requests before connections are refused. 0: not at all.
	DrainDelay   time.Duration
	DrainTimeout time.Duration // how long running requests may take to finish
	IDs          cloudtag.IDSource
	Log          *slog.Logger
	// LoggedRequests is the share of requests, 0 to 1, that are logged. Failures of the server are logged for any share but
	// 0.
	LoggedRequests float64
	Metrics        *prometheus.Registry
	Tracer         trace.Tracer // nil: requests are not traced

	MaxHeaderBytes int            // of any request; 0: 64 KiB
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is trusted
	// BadTokens limits invalid tokens by the client's address; nil: no limit.
	BadTokens *ratelimit.Buckets
	Refused   func(reason string) // called for requests that exceed a limit; may be nil
}

// Defaults of limits.
const (
	defaultHeaderBytes = 64 << 10
)

func (c Config) withDefaults() Config {
	if c.MaxHeaderBytes == 0 {
		c.MaxHeaderBytes = defaultHeaderBytes
	}
	if c.SignInSettings == nil {
		c.SignInSettings = func() SignInSettings { return SignInSettings{} }
	}
	if c.Refused == nil {
		c.Refused = func(string) {}
	}
	return c
}

// Pinger checks whether the store can be read and written.
type Pinger interface {
	Ping(ctx context.Context) error
}

// Server serves until its context is done, then shuts down gracefully.
type Server struct {
	config  Config
	metrics *metrics
	handler http.Handler
	store   pinger

	leaving  atomic.Bool     // readiness is withdrawn
	draining context.Context // done when streams must end
	drain    context.CancelFunc
	streams  sync.WaitGroup // sockets, which http.Server does not wait for
}

// New returns a server.
func New(config Config) (*Server, error) {
	s := &Server{config: config.withDefaults(), metrics: newMetrics(config.Metrics)}
	s.store.store = config.Store
	s.draining, s.drain = context.WithCancel(context.Background())
	handler, err := s.routes()
	if err != nil {
		s.drain()
		return nil, err
	}
	s.handler = handler
	return s, nil
}

// Handler serves all routes.
func (s *Server) Handler() http.Handler { return s.handler }

// Serve accepts connections until ctx is done, and for DrainDelay after that, during which it is not ready. Then it stops
// accepting, ends streams (sockets with "going away"), and gives other requests DrainTimeout to finish. After a shutdown it
// returns nil.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: readHeaderTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    s.config.MaxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(s.config.Log.Handler(), slog.LevelDebug),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		s.drain()
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	s.leaving.Store(true)
	select {
	case err := <-failed:
		s.drain()
		return fmt.Errorf("serve: %w", err)
	case <-time.After(s.config.DrainDelay):
	}
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.config.DrainTimeout)
	defer cancel()
	s.drain()
	err := server.Shutdown(limit)
	if err == nil {
		err = s.waitForStreams(limit)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		s.config.Log.Warn("requests were cut off at the end", "after", s.config.DrainTimeout)
		err = server.Close()
	}
	if served := <-failed; err == nil && !errors.Is(served, http.ErrServerClosed) {
		err = served
	}
	if err != nil {
		return fmt.Errorf("stop serving: %w", err)
	}
	return nil
}

// waitForStreams waits until every stream has ended; its error is that of limit.
func (s *Server) waitForStreams(limit context.Context) error {
	ended := make(chan struct{})
	go func() {
		s.streams.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-limit.Done():
		return limit.Err()
	}
}
