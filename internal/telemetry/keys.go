package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Keys collects how fresh an identity provider's keys are.
type Keys struct {
	state                    func() (usable int, readAt time.Time, failures uint64)
	usable, readAt, failures *prometheus.Desc
}

// NewKeys returns a collector; readAt is zero before the first read.
func NewKeys(state func() (usable int, readAt time.Time, failures uint64)) *Keys {
	return &Keys{
		state:    state,
		usable:   prometheus.NewDesc("cloudtag_jwks_keys", "The identity provider's keys that tokens are checked with.", nil, nil),
		readAt:   prometheus.NewDesc("cloudtag_jwks_last_success_timestamp_seconds", "When the identity provider's keys were read; 0 before the first time.", nil, nil),
		failures: prometheus.NewDesc("cloudtag_jwks_failures_total", "Attempts to read the identity provider's keys that failed.", nil, nil),
	}
}

// Describe implements [prometheus.Collector].
func (k *Keys) Describe(descriptions chan<- *prometheus.Desc) {
	descriptions <- k.usable
	descriptions <- k.readAt
	descriptions <- k.failures
}

// Collect implements [prometheus.Collector].
func (k *Keys) Collect(metrics chan<- prometheus.Metric) {
	usable, readAt, failures := k.state()
	seconds := 0.0
	if !readAt.IsZero() {
		seconds = float64(readAt.UnixMilli()) / 1000
	}
	metrics <- prometheus.MustNewConstMetric(k.usable, prometheus.GaugeValue, float64(usable))
	metrics <- prometheus.MustNewConstMetric(k.readAt, prometheus.GaugeValue, seconds)
	metrics <- prometheus.MustNewConstMetric(k.failures, prometheus.CounterValue, float64(failures))
}
