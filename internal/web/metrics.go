package web

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// metrics are those of requests.
type metrics struct {
	requests *prometheus.HistogramVec
	streams  prometheus.Gauge
}

func newMetrics(registry *prometheus.Registry) *metrics {
	factory := promauto.With(registry)
	return &metrics{
		requests: factory.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "cloudtag_http_request_duration_seconds",
			Help:    "How long requests took, without streams.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"route", "method", "status"}),
		streams: factory.NewGauge(prometheus.GaugeOpts{
			Name: "cloudtag_http_streams",
			Help: "Open sockets and event streams.",
		}),
	}
}
