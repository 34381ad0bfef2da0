package command

import (
	"context"
	"log/slog"
	"time"

	"cloudtag/internal/cloudtag"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// UpkeepLoop sweeps again and again, so that no deadline and no expiry waits for anybody to ask.
type UpkeepLoop struct {
	upkeep   sweeper
	clock    cloudtag.Clock
	interval time.Duration
	log      *slog.Logger

	succeeded prometheus.Gauge
	failures  prometheus.Counter
	cases     prometheus.Counter
	recovered prometheus.Counter
}

// NewUpkeepLoop returns a loop that sweeps once per interval.
func NewUpkeepLoop(upkeep sweeper, clock cloudtag.Clock, interval time.Duration, log *slog.Logger, registry *prometheus.Registry) *UpkeepLoop {
	factory := promauto.With(registry)
	return &UpkeepLoop{
		upkeep: upkeep, clock: clock, interval: interval, log: log,
		succeeded: factory.NewGauge(prometheus.GaugeOpts{
			Name: "cloudtag_upkeep_last_success_timestamp_seconds", Help: "When expiry, deadlines and recovery last ran to their end.",
		}),
		failures: factory.NewCounter(prometheus.CounterOpts{
			Name: "cloudtag_upkeep_failures_total", Help: "Sweeps that failed; each is tried again at the next interval.",
		}),
		cases: factory.NewCounter(prometheus.CounterOpts{
			Name: "cloudtag_upkeep_cases_total", Help: "Cases that were due and were evaluated.",
		}),
		recovered: factory.NewCounter(prometheus.CounterOpts{
			Name: "cloudtag_upkeep_recovered_total", Help: "Changes that a crash had left half done and a sweep completed.",
		}),
	}
}

// Once sweeps up to now.
func (l *UpkeepLoop) Once(ctx context.Context) error {
	report, err := l.upkeep.Sweep(ctx, l.clock.Now())
	l.cases.Add(float64(report.Cases))
	l.recovered.Add(float64(report.Recovered))
	if err != nil {
		return err
	}
	l.succeeded.SetToCurrentTime()
	if report.Cases > 0 || report.Recovered > 0 {
		l.log.Info("upkeep", "cases", report.Cases, "recovered", report.Recovered)
	}
	return nil
}

// Run sweeps until the context is done. A sweep that fails is logged and tried again: what was due stays due.
func (l *UpkeepLoop) Run(ctx context.Context) error {
	ticker := time.NewTicker(l.interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		if err := l.Once(ctx); err != nil && ctx.Err() == nil {
			l.failures.Inc()
			l.log.Error("upkeep failed", "error", err)
		}
	}
}
