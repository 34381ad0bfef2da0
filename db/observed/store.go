package observed

import (
	"context"
	"errors"
	"time"

	"cloudtag/db"
	"cloudtag/internal/cloudtag"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// codeCancelled counts calls that their caller gave up: no failure of the store.
const codeCancelled = "CANCELLED"

// Store passes every call on to a store and observes it. A call costs 0.15 µs more (BenchmarkCall), and allocates
// nothing, while nothing is traced.
type Store struct {
	db.Store
	tracer    trace.Tracer // nil: nothing is traced
	durations [callCount]prometheus.Observer
	errors    *prometheus.CounterVec
}

// Wrap returns a store that a registry and, unless it is nil, a tracer observe. Spans are made inside of others only:
// what goes on in the background would be nothing but calls without a reason.
func Wrap(store db.Store, registry *prometheus.Registry, tracer trace.Tracer) *Store {
	factory := promauto.With(registry)
	durations := factory.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "cloudtag_store_call_duration_seconds",
		Help:    "How long calls of the store took, by the port's method.",
		Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
	}, []string{"method"})
	s := &Store{
		Store: store, tracer: tracer,
		errors: factory.NewCounterVec(prometheus.CounterOpts{
			Name: "cloudtag_store_call_errors_total",
			Help: "Calls of the store that returned an error, by method and code: INTERNAL and UNAVAILABLE are failures, CANCELLED was given up by its caller, the others are answers.",
		}, []string{"method", "code"}),
	}
	for c := range callCount {
		s.durations[c] = durations.WithLabelValues(c.String())
	}
	return s
}

// running is a call that runs.
type running struct {
	store *Store
	ctx   context.Context
	span  trace.Span // nil: it is not traced
	start time.Time
	call  call
}

// begin is called before a call, with the context that is then to be used for it.
func (s *Store) begin(ctx context.Context, c call) (context.Context, running) {
	r := running{store: s, call: c}
	if s.tracer != nil && trace.SpanContextFromContext(ctx).IsSampled() {
		ctx, r.span = s.tracer.Start(ctx, "store."+c.String(), trace.WithSpanKind(trace.SpanKindClient))
	}
	r.ctx, r.start = ctx, time.Now()
	return ctx, r
}

// end is called after it.
func (r running) end(err error) {
	r.store.durations[r.call].Observe(time.Since(r.start).Seconds())
	if err != nil {
		code := codeOf(r.ctx, err)
		r.store.errors.WithLabelValues(r.call.String(), code).Inc()
		if r.span != nil && (code == string(cloudtag.CodeInternal) || code == string(cloudtag.CodeUnavailable)) {
			r.span.SetStatus(codes.Error, code)
		}
	}
	if r.span != nil {
		r.span.End()
	}
}

// codeOf is the code of an error, as it is counted.
func codeOf(ctx context.Context, err error) string {
	if ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)) {
		return codeCancelled
	}
	return string(cloudtag.CodeOf(err))
}
