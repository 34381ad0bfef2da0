package command

import (
	"context"
	"fmt"
	"sync"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/metrics"

	"github.com/prometheus/client_golang/prometheus"
)

// queueStatistics reads the figures of the reviewers' queue.
type queueStatistics interface {
	Stats(ctx context.Context, caller cloudtag.Caller) (metrics.QueueStats, metrics.HandledBy, error)
	First(ctx context.Context, caller cloudtag.Caller) (*metrics.Waiting, error)
}

// QueueMetrics exports the state of the reviewers' queue to Prometheus, missed reviews included (rule 9). The values are
// computed from the store, so that they are the same on every instance and after a restart; a scrape returns the last
// sample and never reads the store.
type QueueMetrics struct {
	queue  queueStatistics
	clock  cloudtag.Clock
	gauges []queueGauge
	age    *prometheus.Desc

	mu   sync.Mutex
	last []prometheus.Metric // empty before the first sample, and after a failed one
}

// queueGauge is one figure of the queue.
type queueGauge struct {
	description *prometheus.Desc
	value       func(metrics.QueueStats) int
}

// NewQueueMetrics returns a collector over the queue.
func NewQueueMetrics(queue queueStatistics, clock cloudtag.Clock) *QueueMetrics {
	gauge := func(name, help string, value func(metrics.QueueStats) int) queueGauge {
		return queueGauge{prometheus.NewDesc("cloudtag_queue_"+name, help, nil, nil), value}
	}
	age := prometheus.NewDesc("cloudtag_queue_age_seconds",
		"How long the case that is due first has been waiting since its first unhandled tag; 0 when none waits.", nil, nil)
	const today = " since midnight of the platform's time zone."
	return &QueueMetrics{queue: queue, clock: clock, age: age, gauges: []queueGauge{
		gauge("pending", "Cases that wait for a reviewer.", func(s metrics.QueueStats) int { return s.Pending }),
		gauge("overdue", "Waiting cases past their due time.", func(s metrics.QueueStats) int { return s.Overdue }),
		gauge("due_within_4h", "Waiting cases due within 4 hours.", func(s metrics.QueueStats) int { return s.DueWithin4h }),
		gauge("due_within_12h", "Waiting cases due within 12 hours.", func(s metrics.QueueStats) int { return s.DueWithin12h }),
		gauge("claimed", "Waiting cases that a reviewer has claimed.", func(s metrics.QueueStats) int { return s.Claimed }),
		gauge("handled_today", "Decisions on cases"+today, func(s metrics.QueueStats) int { return s.HandledToday }),
		gauge("handled_by_reviewers_today", "Reviewers' decisions on cases"+today, func(s metrics.QueueStats) int { return s.ByPersonsToday }),
		gauge("handled_by_rule_today", "Cases confirmed by votes, or left without live tags,"+today, func(s metrics.QueueStats) int { return s.ByRuleToday }),
		gauge("missed_today", "Cases not decided in time"+today, func(s metrics.QueueStats) int { return s.MissedToday }),
	}}
}

// Describe implements [prometheus.Collector].
func (m *QueueMetrics) Describe(descriptions chan<- *prometheus.Desc) {
	for _, gauge := range m.gauges {
		descriptions <- gauge.description
	}
	descriptions <- m.age
}

// Collect implements [prometheus.Collector]: it returns the last sample.
func (m *QueueMetrics) Collect(metrics chan<- prometheus.Metric) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, metric := range m.last {
		metrics <- metric
	}
}

// Sample reads the queue. After an error there are no metrics until the next sample.
func (m *QueueMetrics) Sample(ctx context.Context) error {
	sample, err := m.count(ctx)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last = sample
	return err
}

func (m *QueueMetrics) count(ctx context.Context) ([]prometheus.Metric, error) {
	reader := cloudtag.Caller{Subject: "system:metrics", Roles: []cloudtag.Role{cloudtag.RoleAuditor}}
	stats, _, err := m.queue.Stats(ctx, reader)
	if err != nil {
		return nil, fmt.Errorf("count the queue: %w", err)
	}
	first, err := m.queue.First(ctx, reader)
	if err != nil {
		return nil, fmt.Errorf("find the case that is due first: %w", err)
	}
	age := 0.0
	if first != nil {
		age = max(0, m.clock.Now().Sub(first.Since).Seconds())
	}
	sample := []prometheus.Metric{prometheus.MustNewConstMetric(m.age, prometheus.GaugeValue, age)}
	for _, gauge := range m.gauges {
		sample = append(sample, prometheus.MustNewConstMetric(gauge.description, prometheus.GaugeValue, float64(gauge.value(stats))))
	}
	return sample, nil
}
