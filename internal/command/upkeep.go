package command

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/upkeep"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Chore is asynchronous work: what a decision or a new policy started, and what a crash interrupted. Run derives from the
// store what is left to do, so that it can be interrupted and repeated.
type Chore struct {
	Name string // for logs and metrics, such as "revocations"
	Run  func(ctx context.Context, asOf time.Time) error
}

// UpkeepLoop sweeps periodically, so that no deadline or expiry waits for a request, and runs the chores concurrently: a
// long one delays neither a deadline nor another chore.
type UpkeepLoop struct {
	sweeps   sweeper
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

// NewUpkeepLoop returns a loop that sweeps and runs each chore once per interval, throttled by pacer.
func NewUpkeepLoop(sweeps sweeper, chores []Chore, clock cloudtag.Clock, interval time.Duration, pacer *Pacer, log *slog.Logger, registry *prometheus.Registry) *UpkeepLoop {
	factory := promauto.With(registry)
	return &UpkeepLoop{
		sweeps: sweeps, chores: chores, clock: clock, interval: interval, pacer: pacer, log: log,
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
			Name: "cloudtag_upkeep_recovered_total", Help: "Changes that were interrupted by a crash and completed by a sweep.",
		}),
	}
}

// Once sweeps up to now.
func (l *UpkeepLoop) Once(ctx context.Context) error {
	var report upkeep.Report
	err := cloudtag.Protected(func() (err error) {
		report, err = l.sweeps.Sweep(ctx, l.clock.Now())
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

// Run sweeps and runs the chores until the context is done. An error is logged; what was due stays due until the next
// interval.
func (l *UpkeepLoop) Run(ctx context.Context) error {
	var running sync.WaitGroup
	for _, chore := range l.chores {
		running.Go(func() {
			l.runChore(ctx, chore)
			every(ctx, l.interval, func() { l.runChore(ctx, chore) })
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

func (l *UpkeepLoop) runChore(ctx context.Context, chore Chore) {
	paced, end := l.pacer.Begin(ctx)
	defer end()
	err := cloudtag.Protected(func() error { return chore.Run(paced, l.clock.Now()) })
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
