package sending

import (
	"time"

	"cloudtag/internal/cloudtag"

	"github.com/prometheus/client_golang/prometheus"
)

// waiter knows which events are not delivered yet.
type waiter interface {
	Waiting() (endpoints int, since time.Time)
}

// Backlog exports to Prometheus how far deliveries are behind, as this instance's dispatcher knows it: a scrape reads no
// store.
type Backlog struct {
	dispatcher waiter
	clock      cloudtag.Clock
	endpoints  *prometheus.Desc
	oldest     *prometheus.Desc
}

// NewBacklog returns a collector over a dispatcher.
func NewBacklog(dispatcher waiter, clock cloudtag.Clock) *Backlog {
	return &Backlog{
		dispatcher: dispatcher, clock: clock,
		endpoints: prometheus.NewDesc("cloudtag_webhook_waiting_endpoints",
			"Active endpoints that have events that are not delivered yet, or that could not be checked.", nil, nil),
		oldest: prometheus.NewDesc("cloudtag_webhook_oldest_waiting_seconds",
			"How long ago the oldest event happened that is not delivered to an active endpoint; 0 when none waits.", nil, nil),
	}
}

// Describe implements [prometheus.Collector].
func (b *Backlog) Describe(descriptions chan<- *prometheus.Desc) {
	descriptions <- b.endpoints
	descriptions <- b.oldest
}

// Collect implements [prometheus.Collector].
func (b *Backlog) Collect(metrics chan<- prometheus.Metric) {
	endpoints, since := b.dispatcher.Waiting()
	age := 0.0
	if endpoints > 0 {
		age = max(0, b.clock.Now().Sub(since).Seconds())
	}
	metrics <- prometheus.MustNewConstMetric(b.endpoints, prometheus.GaugeValue, float64(endpoints))
	metrics <- prometheus.MustNewConstMetric(b.oldest, prometheus.GaugeValue, age)
}
