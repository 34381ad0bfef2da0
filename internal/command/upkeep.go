package command

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"cloudtag/internal/cloudtag"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Chore is work that goes on behind people's backs until it is done: what a decision or a new policy started, and
// what a crash cut off. Carry finds out from what is stored what is left to do.
type Chore struct {
	Name  string // for logs and metrics, such as "revocations"
	Carry func(ctx context.Context, asOf time.Time) error
}

// UpkeepLoop sweeps again and again, so that no deadline and no expiry waits for anybody to ask, and carries the chores
// on beside it: none of them, however long it takes, delays a deadline or another.
type UpkeepLoop struct {
	upkeep   sweeper
	chores   []Chore
	clock    cloudtag.Clock
	interval time.Duration
	pacer    *Pacer
	log      *slog.Logger

	succeeded  prometheus.Gauge
	failures   prometheus.Counter
	unfinished *prometheus.CounterVec
	cases      prometheus.Counter
	recovered  prometheus.Counter
}

// NewUpkeepLoop returns a loop that sweeps, and carries each chore on, once per interval, at the pace of pacer.
func NewUpkeepLoop(upkeep sweeper, chores []Chore, clock cloudtag.Clock, interval time.Duration, pacer *Pacer, log *slog.Logger, registry *prometheus.Registry) *UpkeepLoop {
	factory := promauto.With(registry)
	return &UpkeepLoop{
		upkeep: upkeep, chores: chores, clock: clock, interval: interval, pacer: pacer, log: log,
		succeeded: factory.NewGauge(prometheus.GaugeOpts{
			Name: "cloudtag_upkeep_last_success_timestamp_seconds", Help: "When expiry, deadlines and recovery last ran to their end.",
		}),
		failures: factory.NewCounter(prometheus.CounterOpts{
			Name: "cloudtag_upkeep_failures_total", Help: "Sweeps that failed; each is tried again at the next interval.",
		}),
		unfinished: factory.NewCounterVec(prometheus.CounterOpts{
			Name: "cloudtag_chore_failures_total", Help: "Runs of background chores that failed; each is tried again at the next interval.",
		}, []string{"chore"}),
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
	var report cloudtag.SweepReport
	err := cloudtag.Protected(func() (err error) {
		report, err = l.upkeep.Sweep(ctx, l.clock.Now())
		return err
	})
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

// Run sweeps and carries the chores on until the context is done. What fails is logged and tried again: what was due
// stays due.
func (l *UpkeepLoop) Run(ctx context.Context) error {
	var running sync.WaitGroup
	for _, chore := range l.chores {
		running.Go(func() {
			l.carry(ctx, chore)
			every(ctx, l.interval, func() { l.carry(ctx, chore) })
		})
	}
	every(ctx, l.interval, func() {
		paced, end := l.pacer.Begin(ctx)
		defer end()
		if err := l.Once(paced); err != nil && ctx.Err() == nil {
			l.failures.Inc()
			l.log.Error("upkeep failed", "error", err)
		}
	})
	running.Wait()
	return nil
}

// carry carries a chore on.
func (l *UpkeepLoop) carry(ctx context.Context, chore Chore) {
	paced, end := l.pacer.Begin(ctx)
	defer end()
	err := cloudtag.Protected(func() error { return chore.Carry(paced, l.clock.Now()) })
	if err != nil && ctx.Err() == nil {
		l.unfinished.WithLabelValues(chore.Name).Inc()
		l.log.Error("chore failed", "chore", chore.Name, "error", err)
	}
}

// every calls do once per interval until the context is done.
func every(ctx context.Context, interval time.Duration, do func()) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			do()
		}
	}
}
