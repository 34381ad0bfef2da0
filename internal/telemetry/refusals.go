package telemetry

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Refusals counts requests that exceeded a limit.
type Refusals struct{ total *prometheus.CounterVec }

// NewRefusals returns a counter that is registered.
func NewRefusals(registry *prometheus.Registry) *Refusals {
	return &Refusals{total: promauto.With(registry).NewCounterVec(prometheus.CounterOpts{
		Name: "cloudtag_refused_requests_total", Help: "Requests and operations that were refused because they went beyond a limit, by the limit.",
	}, []string{"reason"})}
}

// Refused counts one refused request. The reasons are the product's own.
func (r *Refusals) Refused(reason string) { r.total.WithLabelValues(reason).Inc() }

// Load returns how many queries and mutations run and wait.
type Load interface{ Load() (running, waiting int) }

// ObserveLoad registers the gauges of a load.
func ObserveLoad(registry *prometheus.Registry, load Load) {
	factory := promauto.With(registry)
	factory.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "cloudtag_operations_running", Help: "Queries and mutations that run.",
	}, func() float64 { running, _ := load.Load(); return float64(running) })
	factory.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "cloudtag_operations_waiting", Help: "Queries and mutations that wait for a place to run.",
	}, func() float64 { _, waiting := load.Load(); return float64(waiting) })
}
