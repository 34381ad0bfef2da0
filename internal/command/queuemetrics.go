package command

import (
	"context"
	"log/slog"
	"time"

	"cloudtag/internal/cloudtag"

	"github.com/prometheus/client_golang/prometheus"
)

// queueStatistics counts the reviewers' queue.
type queueStatistics interface {
	Stats(ctx context.Context, caller cloudtag.Caller) (cloudtag.QueueStats, error)
}

// collectWithin is how long a scrape waits for the store.
const collectWithin = 5 * time.Second

// QueueMetrics tells Prometheus how the reviewers' queue stands, missed reviews included (rule 9). The numbers are
// counted from what is stored when they are asked for, so that they are the same on every instance and after a restart.
type QueueMetrics struct {
	queue  queueStatistics
	log    *slog.Logger
	gauges []queueGauge
}

// queueGauge is one number of the queue.
type queueGauge struct {
	description *prometheus.Desc
	value       func(cloudtag.QueueStats) int
}

// NewQueueMetrics returns a collector over the queue.
func NewQueueMetrics(queue queueStatistics, log *slog.Logger) *QueueMetrics {
	gauge := func(name, help string, value func(cloudtag.QueueStats) int) queueGauge {
		return queueGauge{prometheus.NewDesc("cloudtag_queue_"+name, help, nil, nil), value}
	}
	return &QueueMetrics{queue: queue, log: log, gauges: []queueGauge{
		gauge("pending", "Cases that wait for a reviewer.", func(s cloudtag.QueueStats) int { return s.Pending }),
		gauge("overdue", "Waiting cases whose time is over.", func(s cloudtag.QueueStats) int { return s.Overdue }),
		gauge("due_within_4h", "Waiting cases due within 4 hours.", func(s cloudtag.QueueStats) int { return s.DueWithin4h }),
		gauge("due_within_12h", "Waiting cases due within 12 hours.", func(s cloudtag.QueueStats) int { return s.DueWithin12h }),
		gauge("claimed", "Waiting cases that a reviewer has claimed.", func(s cloudtag.QueueStats) int { return s.Claimed }),
		gauge("handled_today", "Decisions about cases since midnight UTC.", func(s cloudtag.QueueStats) int { return s.HandledToday }),
		gauge("missed_today", "Cases that nobody decided in time since midnight UTC.", func(s cloudtag.QueueStats) int { return s.MissedToday }),
	}}
}

// Describe names the numbers.
func (m *QueueMetrics) Describe(descriptions chan<- *prometheus.Desc) {
	for _, gauge := range m.gauges {
		descriptions <- gauge.description
	}
}

// Collect counts the queue. A store that does not answer leaves the numbers out, and the log says why.
func (m *QueueMetrics) Collect(metrics chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), collectWithin)
	defer cancel()
	stats, err := m.queue.Stats(ctx, cloudtag.Caller{Subject: "system:metrics", Roles: []cloudtag.Role{cloudtag.RoleAuditor}})
	if err != nil {
		m.log.Warn("count the queue for metrics", "error", err)
		return
	}
	for _, gauge := range m.gauges {
		metrics <- prometheus.MustNewConstMetric(gauge.description, prometheus.GaugeValue, float64(gauge.value(stats)))
	}
}
