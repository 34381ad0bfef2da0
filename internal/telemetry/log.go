package telemetry

import (
	"context"
	"log/slog"
	"time"

	"cloudtag/internal/cloudtag"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// logEnd finds the log's newest entry.
type logEnd interface {
	LastSeq(ctx context.Context) (int64, error)
}

// follower is the tail of the log, which subscribers are served from.
type follower interface {
	Place() int64
	Readers() int
}

// collectWithin is how long a scrape waits for the store.
const collectWithin = 5 * time.Second

// Log measures the way of the log's entries to subscribers: how far the tail is behind the store, and how many follow.
type Log struct {
	store    logEnd
	tail     follower
	log      *slog.Logger
	newest   *prometheus.Desc
	place    *prometheus.Desc
	lag      *prometheus.Desc
	followed *prometheus.Desc
}

// NewLog returns a collector over a store and the tail that reads it.
func NewLog(store logEnd, tail follower, log *slog.Logger) *Log {
	gauge := func(name, help string) *prometheus.Desc { return prometheus.NewDesc(name, help, nil, nil) }
	return &Log{
		store: store, tail: tail, log: log,
		newest:   gauge("cloudtag_log_newest_entry", "Number of the log's newest entry."),
		place:    gauge("cloudtag_log_tail_entry", "Number of the newest entry that this instance has read for its subscribers."),
		lag:      gauge("cloudtag_log_lag_entries", "Entries that subscribers of this instance have still to be told."),
		followed: gauge("cloudtag_live_readers", "Places in the log that subscribers of this instance follow."),
	}
}

// Describe names the numbers.
func (l *Log) Describe(descriptions chan<- *prometheus.Desc) {
	for _, description := range []*prometheus.Desc{l.newest, l.place, l.lag, l.followed} {
		descriptions <- description
	}
}

// Collect compares the tail with the store. The tail is looked at first: what it has read is in the store, so that the
// lag is never negative. A store that does not answer leaves its numbers out, and the log says why.
func (l *Log) Collect(metrics chan<- prometheus.Metric) {
	tell := func(description *prometheus.Desc, value int64) {
		metrics <- prometheus.MustNewConstMetric(description, prometheus.GaugeValue, float64(value))
	}
	tell(l.followed, int64(l.tail.Readers()))
	place := l.tail.Place()
	tell(l.place, place)
	ctx, cancel := context.WithTimeout(context.Background(), collectWithin)
	defer cancel()
	newest, err := l.store.LastSeq(ctx)
	if err != nil {
		l.log.Warn("find the log's end for metrics", "error", err)
		return
	}
	tell(l.newest, newest)
	tell(l.lag, newest-place)
}

// CountEntries returns a function that counts the log's entries by action, as the tail reads them: flips are those of
// case.confirmed. Every instance counts all entries, whoever wrote them, from its start on.
func CountEntries(registry *prometheus.Registry) func([]cloudtag.Entry) {
	read := promauto.With(registry).NewCounterVec(prometheus.CounterOpts{
		Name: "cloudtag_log_entries_total",
		Help: "Entries of the log that this instance has read since its start, by action; each instance counts all of them.",
	}, []string{"action"})
	for _, action := range []cloudtag.Action{cloudtag.ActionTagSubmitted, cloudtag.ActionCaseConfirmed, cloudtag.ActionCaseMissed} {
		read.WithLabelValues(string(action)) // alarms look at these before the first of them comes
	}
	return func(entries []cloudtag.Entry) {
		for _, entry := range entries {
			read.WithLabelValues(string(entry.Action)).Inc()
		}
	}
}
