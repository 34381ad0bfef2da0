package sending

import (
	"log/slog"
	"strings"
	"time"

	"cloudtag/internal/webhooks"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Observer counts and logs the outcome of attempts. Of an endpoint's address it logs the origin only.
type Observer struct {
	attempts *prometheus.CounterVec
	took     prometheus.Histogram
	age      prometheus.Histogram
	disabled *prometheus.CounterVec
	log      *slog.Logger
}

// NewObserver returns an observer that registers its metrics.
func NewObserver(registry *prometheus.Registry, log *slog.Logger) *Observer {
	factory := promauto.With(registry)
	o := &Observer{
		attempts: factory.NewCounterVec(prometheus.CounterOpts{
			Name: "cloudtag_webhook_attempts_total", Help: "Attempts to deliver to webhooks, by result.",
		}, []string{"result"}),
		took: factory.NewHistogram(prometheus.HistogramOpts{
			Name: "cloudtag_webhook_attempt_duration_seconds", Help: "How long attempts took.",
			Buckets: []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}),
		age: factory.NewHistogram(prometheus.HistogramOpts{
			Name: "cloudtag_webhook_delivery_lag_seconds", Help: "How long after it had happened an event was delivered.",
			Buckets: []float64{.05, .1, .25, .5, 1, 2.5, 5, 15, 60, 300, 1800, 7200, 21600, 86400},
		}),
		disabled: factory.NewCounterVec(prometheus.CounterOpts{
			Name: "cloudtag_webhook_disabled_total", Help: "Endpoints that were disabled, by reason.",
		}, []string{"reason"}),
		log: log,
	}
	o.attempts.WithLabelValues(resultDelivered)
	for _, failure := range webhooks.Failures() {
		o.attempts.WithLabelValues(strings.ToLower(string(failure)))
	}
	for _, reason := range webhooks.DisabledReasons() {
		o.disabled.WithLabelValues(strings.ToLower(string(reason)))
	}
	return o
}

const resultDelivered = "delivered"

// Attempted counts an attempt.
func (o *Observer) Attempted(endpoint webhooks.Endpoint, attempt webhooks.Attempt, age time.Duration) {
	o.took.Observe(float64(attempt.TookMs) / 1000)
	if attempt.Failure == "" {
		o.attempts.WithLabelValues(resultDelivered).Inc()
		o.age.Observe(max(0, age.Seconds()))
		return
	}
	o.attempts.WithLabelValues(strings.ToLower(string(attempt.Failure))).Inc()
	o.log.Warn("webhook refused", "endpoint", endpoint.ID, "address", webhooks.Origin(endpoint.URL),
		"failure", attempt.Failure, "status", attempt.Status, "took_ms", attempt.TookMs)
}

// Disabled counts an endpoint that was disabled.
func (o *Observer) Disabled(endpoint webhooks.Endpoint) {
	o.disabled.WithLabelValues(strings.ToLower(string(endpoint.DisabledReason))).Inc()
	o.log.Error("webhook disabled", "endpoint", endpoint.ID, "address", webhooks.Origin(endpoint.URL), "reason", endpoint.DisabledReason)
}
