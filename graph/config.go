package graph

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"time"

	"cloudtag/graph/generated"
	"cloudtag/graph/model"
	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/sealing"
	"cloudtag/internal/shed"

	"go.opentelemetry.io/otel/trace"
)

// Config is what a handler needs. Zero limits mean the default.
type Config struct {
	Resolvers generated.ResolverRoot

	// Authenticate authenticates sockets: it returns a context with the auth.Session of a credential such as "Bearer eyJ…".
	// Its error is a *cloudtag.Error with code UNAUTHENTICATED; the context may be nil then.
	Authenticate func(ctx context.Context, authorization string) (context.Context, error)

	// Sessions knows which sessions were revoked, for sockets.
	Sessions Sessions

	// AllowedOrigins are the origins, as scheme://host[:port], whose pages may open sockets; the server's own always
	// may. Each is matched exactly: there are no wildcards.
	AllowedOrigins []string

	// Development allows introspection to everybody; otherwise only to signed-in callers.
	Development bool

	// Cursors encrypts the cursors of lists; all instances of a deployment need the same secret. By default the handler makes
	// one, and its cursors are valid for the handler's lifetime.
	Cursors model.CursorSealer

	Clock cloudtag.Clock // cloudtag.SystemClock by default
	Log   *slog.Logger   // slog.Default() by default

	Meter  Meter        // metrics of operations; none by default
	Tracer trace.Tracer // traces of operations; nil: none

	Limits Limits

	// Rates are the rate limits of callers; none by default.
	Rates Rates
	// Load limits how many queries and mutations run concurrently, in all and per caller; nil: no limit. Subscriptions count
	// only while they read past entries.
	Load *shed.Limiter
	// Documents is the allow-list of trusted documents; nil: every document is allowed.
	Documents *Documents
}

// Sessions knows which sessions were revoked.
type Sessions interface {
	// Check returns UNAUTHENTICATED for a revoked session.
	Check(session auth.Session) error
	// OnRevoked calls revoked when the session is revoked, at once if it is already, until stop is called. revoked must not block.
	OnRevoked(session auth.Session, revoked func()) (stop func())
}

// Limits bound what one request, document or socket can cost. Zero fields mean the default.
type Limits struct {
	// BodyBytes is the largest body, query string or socket message: 1 MiB.
	BodyBytes int64
	// BodiesBytes is the memory for all bodies and messages that are being read: 64 MiB. One caller may have a quarter of what the
	// others leave.
	BodiesBytes int64
	// Tokens is the most tokens of a document: 4,000. The console's largest has a few hundred.
	Tokens int
	// Depth is how deep fields may nest, introspection aside (which gqlparser bounds): 15.
	Depth int
	// Aliases is the most renamed fields, fragments expanded: 50.
	Aliases int
	// Fields is the most fields, fragments expanded: 600. Validation time is quadratic in it, about 0.1 s.
	Fields int
	// Operations is the most operations of a document, of which one is run: 20.
	Operations int
	// Fragments is the most named fragments: 100.
	Fragments int
	// Complexity is the most fields that the answer may hold, by page sizes: 25,000. A page of 100 tags with every
	// plain field is about 1,500. The schema read whole by the usual introspection is about 8,000.
	Complexity int
	// CachedDocuments and CachedDocumentBytes bound the cache of parsed documents: 256 of at most 8 KiB each. Longer
	// ones are parsed each time.
	CachedDocuments     int
	CachedDocumentBytes int
	// PingInterval is how often sockets and event streams are pinged: 15 s. A socket that is silent for twice as long is
	// disconnected.
	PingInterval time.Duration
	// EventStreams is the most event streams that a caller may have open: 100.
	EventStreams int

	Sockets SocketLimits
}

// SocketLimits bound WebSockets. Zero fields mean the default.
type SocketLimits struct {
	// Total is the most open sockets: 10,000. Another's upgrade is answered with 503.
	Total int
	// SigningIn is the most open sockets of one address that have not sent connection_init yet: 100. Another's upgrade is
	// answered with 429.
	SigningIn int
	// PerCaller is the most open sockets of one subject: 100. Another is closed with 1013.
	PerCaller int
	// Subscriptions is the maximum that run on one socket at once (20). As many other operations may run.
	Subscriptions int
	// MessageBytes is the longest message: 1 MiB. A longer one is answered by closing with 1009.
	MessageBytes int64
	// MessageRate is how many messages a second a client may send in the long run, and five times as many at once: 100. More
	// are answered by closing with 1008.
	MessageRate int
	// InitTimeout is how long a new socket may take to send connection_init: 10 s, then it is closed with 4408.
	InitTimeout time.Duration
	// IdleTimeout is how long a socket may be without an operation: 10 min, then it is closed with 1000.
	IdleTimeout time.Duration
	// Lifetime is how long a socket may be open: 12 h, then it is closed with 1001 and the client reconnects. A random part of up
	// to a tenth is subtracted, so that sockets opened together are not closed together.
	Lifetime time.Duration
	// WriteTimeout is how long writing a message may take for a client that does not read: 30 s, then it is disconnected.
	WriteTimeout time.Duration
}

func (c Config) withDefaults() Config {
	if c.Clock == nil {
		c.Clock = cloudtag.SystemClock{}
	}
	if c.Cursors == nil {
		c.Cursors = ownSealer()
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Meter == nil {
		c.Meter = noMeter{}
	}
	c.Limits = c.Limits.withDefaults()
	return c
}

func ownSealer() model.CursorSealer {
	sealer, err := sealing.New([]byte(rand.Text()))
	if err != nil {
		panic(fmt.Errorf("seal cursors: %w", err)) // not with a secret
	}
	return sealer
}

// DefaultLimits returns the limits with all defaults.
func DefaultLimits() Limits { return Limits{}.withDefaults() }

func (l Limits) withDefaults() Limits {
	defaultTo(&l.BodyBytes, 1<<20)
	defaultTo(&l.BodiesBytes, 64<<20)
	defaultTo(&l.EventStreams, 100)
	defaultTo(&l.Tokens, 4000)
	defaultTo(&l.Depth, 15)
	defaultTo(&l.Aliases, 50)
	defaultTo(&l.Fields, 600)
	defaultTo(&l.Operations, 20)
	defaultTo(&l.Fragments, 100)
	defaultTo(&l.Complexity, 25_000)
	defaultTo(&l.CachedDocuments, 256)
	defaultTo(&l.CachedDocumentBytes, 8<<10)
	defaultTo(&l.PingInterval, 15*time.Second)
	l.Sockets = l.Sockets.withDefaults()
	return l
}

func (l SocketLimits) withDefaults() SocketLimits {
	defaultTo(&l.Total, 10_000)
	defaultTo(&l.SigningIn, 100)
	defaultTo(&l.PerCaller, 100)
	defaultTo(&l.Subscriptions, 20)
	defaultTo(&l.MessageBytes, 1<<20)
	defaultTo(&l.MessageRate, 100)
	defaultTo(&l.InitTimeout, 10*time.Second)
	defaultTo(&l.IdleTimeout, 10*time.Minute)
	defaultTo(&l.Lifetime, 12*time.Hour)
	defaultTo(&l.WriteTimeout, 30*time.Second)
	return l
}

func defaultTo[N int | int64 | time.Duration](limit *N, value N) {
	if *limit <= 0 {
		*limit = value
	}
}
