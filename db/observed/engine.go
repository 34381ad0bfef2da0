package observed

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// codeCancelled counts calls cancelled by their caller, which are no failures of the store.
const codeCancelled = "CANCELLED"

// Engine is an engine with metrics and traces.
type Engine struct {
	engine    store.Engine
	tracer    trace.Tracer // nil: calls are not traced
	durations *prometheus.HistogramVec
	errors    *prometheus.CounterVec
}

var _ store.Engine = (*Engine)(nil)

// Wrap adds metrics to an engine and, unless the tracer is nil, traces. Only calls within a sampled span are traced: those of
// background jobs would be traces without context.
func Wrap(engine store.Engine, registry *prometheus.Registry, tracer trace.Tracer) *Engine {
	factory := promauto.With(registry)
	return &Engine{
		engine: engine, tracer: tracer,
		durations: factory.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "cloudtag_store_call_duration_seconds",
			Help:    "Duration of calls of the store, by method and subject: the name of a change, or a kind and the index used.",
			Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"method", "of"}),
		errors: factory.NewCounterVec(prometheus.CounterOpts{
			Name: "cloudtag_store_call_errors_total",
			Help: "Calls of the store that returned an error, by method, subject and code: INTERNAL and UNAVAILABLE are failures, CANCELLED was cancelled by the caller, the others are refusals.",
		}, []string{"method", "of", "code"}),
	}
}

// Update implements [store.Engine].
func (e *Engine) Update(ctx context.Context, name string, edit func(store.Tx) error) (err error) {
	ctx, c := e.begin(ctx, "Update", name)
	defer func() { c.end(err) }()
	return e.engine.Update(ctx, name, edit)
}

// Get implements [store.Engine].
func (e *Engine) Get(ctx context.Context, refs []store.Ref) (found map[store.Ref]any, err error) {
	ctx, c := e.begin(ctx, "Get", kindsOf(refs))
	defer func() { c.end(err) }()
	return e.engine.Get(ctx, refs)
}

// List implements [store.Engine].
func (e *Engine) List(ctx context.Context, query store.Query) (records []any, more bool, err error) {
	ctx, c := e.begin(ctx, "List", placeOf(query))
	defer func() { c.end(err) }()
	return e.engine.List(ctx, query)
}

// Count implements [store.Engine].
func (e *Engine) Count(ctx context.Context, query store.Query) (count int, err error) {
	ctx, c := e.begin(ctx, "Count", placeOf(query))
	defer func() { c.end(err) }()
	return e.engine.Count(ctx, query)
}

// Log implements [store.Engine].
func (e *Engine) Log(ctx context.Context, query store.LogQuery) (entries []cloudtag.Entry, more bool, err error) {
	ctx, c := e.begin(ctx, "Log", logPlaceOf(query))
	defer func() { c.end(err) }()
	return e.engine.Log(ctx, query)
}

// CountLog implements [store.Engine].
func (e *Engine) CountLog(ctx context.Context, query store.LogQuery) (count int, err error) {
	ctx, c := e.begin(ctx, "CountLog", logPlaceOf(query))
	defer func() { c.end(err) }()
	return e.engine.CountLog(ctx, query)
}

// LastSeq implements [store.Engine].
func (e *Engine) LastSeq(ctx context.Context) (seq int64, err error) {
	ctx, c := e.begin(ctx, "LastSeq", "")
	defer func() { c.end(err) }()
	return e.engine.LastSeq(ctx)
}

// DropLog implements [store.Engine].
func (e *Engine) DropLog(ctx context.Context, below int64) (err error) {
	ctx, c := e.begin(ctx, "DropLog", "")
	defer func() { c.end(err) }()
	return e.engine.DropLog(ctx, below)
}

// Recover implements [store.Engine].
func (e *Engine) Recover(ctx context.Context) (completed int, err error) {
	ctx, c := e.begin(ctx, "Recover", "")
	defer func() { c.end(err) }()
	return e.engine.Recover(ctx)
}

// Ping implements [store.Engine].
func (e *Engine) Ping(ctx context.Context) (err error) {
	ctx, c := e.begin(ctx, "Ping", "")
	defer func() { c.end(err) }()
	return e.engine.Ping(ctx)
}

// Close implements [store.Engine]. It is not measured.
func (e *Engine) Close() error { return e.engine.Close() }

// kindsOf returns the names of the kinds of records, each once.
func kindsOf(refs []store.Ref) string {
	var names []string
	for _, ref := range refs {
		if !slices.Contains(names, ref.Kind.Name) {
			names = append(names, ref.Kind.Name)
		}
	}
	return strings.Join(names, ", ")
}

// placeOf returns the kind and the index of a query.
func placeOf(query store.Query) string {
	if query.Index == "" {
		return query.Kind.Name
	}
	return query.Kind.Name + " by " + query.Index
}

// logPlaceOf returns the index of a query of the log.
func logPlaceOf(query store.LogQuery) string {
	switch {
	case query.Key != "":
		return "log by subject"
	case query.Action != "":
		return "log by action"
	case query.Actor != "":
		return "log by actor"
	default:
		return "log"
	}
}

// call is a running call.
type call struct {
	engine     *Engine
	ctx        context.Context
	span       trace.Span // nil: not traced
	start      time.Time
	method, of string
}

// begin is called before a call, and returns the context for it.
func (e *Engine) begin(ctx context.Context, method, of string) (context.Context, call) {
	c := call{engine: e, method: method, of: of}
	if e.tracer != nil && trace.SpanContextFromContext(ctx).IsSampled() {
		ctx, c.span = e.tracer.Start(ctx, strings.TrimSpace("store."+method+" "+of), trace.WithSpanKind(trace.SpanKindClient))
	}
	c.ctx, c.start = ctx, time.Now()
	return ctx, c
}

// end is called after the call.
func (c call) end(err error) {
	c.engine.durations.WithLabelValues(c.method, c.of).Observe(time.Since(c.start).Seconds())
	if err != nil {
		code := codeOf(c.ctx, err)
		c.engine.errors.WithLabelValues(c.method, c.of, code).Inc()
		if c.span != nil && (code == string(cloudtag.CodeInternal) || code == string(cloudtag.CodeUnavailable)) {
			c.span.SetStatus(codes.Error, code)
		}
	}
	if c.span != nil {
		c.span.End()
	}
}

// codeOf returns the code by which an error is counted.
func codeOf(ctx context.Context, err error) string {
	if ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)) {
		return codeCancelled
	}
	return string(cloudtag.CodeOf(err))
}
