package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Operations are the metrics of GraphQL operations.
type Operations struct {
	names         *names
	duration      *prometheus.HistogramVec
	failed        *prometheus.CounterVec
	errors        *prometheus.CounterVec
	subscriptions *prometheus.GaugeVec
	events        *prometheus.CounterVec
	panics        prometheus.Counter
}

// NewOperations returns metrics that are registered.
func NewOperations(registry *prometheus.Registry) *Operations {
	factory, of := promauto.With(registry), []string{"kind", "operation"}
	return &Operations{
		names: newNames(),
		duration: factory.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "cloudtag_graphql_operation_duration_seconds",
			Help:    "How long queries and mutations took, by the name their document gives them (the first hundred names; the rest is other).",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, of),
		failed: factory.NewCounterVec(prometheus.CounterOpts{
			Name: "cloudtag_graphql_operations_failed_total", Help: "Queries and mutations whose answer has errors.",
		}, of),
		errors: factory.NewCounterVec(prometheus.CounterOpts{
			Name: "cloudtag_graphql_errors_total", Help: "Errors returned to clients, by code; those of requests that never became an operation have kind none.",
		}, append(of, "code")),
		subscriptions: factory.NewGaugeVec(prometheus.GaugeOpts{
			Name: "cloudtag_graphql_subscriptions", Help: "Subscriptions that run.",
		}, []string{"operation"}),
		events: factory.NewCounterVec(prometheus.CounterOpts{
			Name: "cloudtag_graphql_subscription_events_total", Help: "Events that subscribers were sent.",
		}, []string{"operation"}),
		panics: factory.NewCounter(prometheus.CounterOpts{
			Name: "cloudtag_graphql_panics_total", Help: "Panics that were survived; the log has the stack of each.",
		}),
	}
}

// Answered counts an executed query or mutation.
func (o *Operations) Answered(kind, name string, took time.Duration, failed bool) {
	label := o.names.label(name)
	o.duration.WithLabelValues(kind, label).Observe(took.Seconds())
	if failed {
		o.failed.WithLabelValues(kind, label).Inc()
	}
}

// Subscribed counts a subscription as running until end is called, and its events.
func (o *Operations) Subscribed(name string) (event, end func()) {
	label := o.names.label(name)
	running, events := o.subscriptions.WithLabelValues(label), o.events.WithLabelValues(label)
	running.Inc()
	return events.Inc, running.Dec
}

// Panicked counts a panic.
func (o *Operations) Panicked() { o.panics.Inc() }

// Failed counts an error that was sent to a client. The codes are the product's own.
func (o *Operations) Failed(kind, name, code string) {
	if kind == "" {
		kind = "none"
	}
	o.errors.WithLabelValues(kind, o.names.label(name), code).Inc()
}
