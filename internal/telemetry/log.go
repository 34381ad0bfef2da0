package telemetry

import (
	"context"
	"fmt"
	"sync"

	"cloudtag/internal/cloudtag"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// logEnd returns the sequence number of the log's newest entry.
type logEnd interface {
	LastSeq(ctx context.Context) (int64, error)
}

// follower is the tail of the log, which serves subscribers.
type follower interface {
	Place() int64
	Readers() int
}

// Log collects how far the tail is behind the store, and how many readers follow it. Scrapes show the last sample of the
// store.
type Log struct {
	store    logEnd
	tail     follower
	newest   *prometheus.Desc
	place    *prometheus.Desc
	lag      *prometheus.Desc
	followed *prometheus.Desc

	mu   sync.Mutex
	last []prometheus.Metric // empty before the first sample, and while the store is unavailable
}

// NewLog returns a collector over a store and the tail that reads it.
func NewLog(store logEnd, tail follower) *Log {
	gauge := func(name, help string) *prometheus.Desc { return prometheus.NewDesc(name, help, nil, nil) }
	return &Log{
		store: store, tail: tail,
		newest:   gauge("cloudtag_log_newest_entry", "Number of the log's newest entry."),
		place:    gauge("cloudtag_log_tail_entry", "Number of the newest entry that this instance has read for its subscribers."),
		lag:      gauge("cloudtag_log_lag_entries", "Entries that subscribers of this instance have not received yet."),
		followed: gauge("cloudtag_live_readers", "Places in the log that subscribers of this instance follow."),
	}
}

// Describe implements [prometheus.Collector].
func (l *Log) Describe(descriptions chan<- *prometheus.Desc) {
	for _, description := range []*prometheus.Desc{l.newest, l.place, l.lag, l.followed} {
		descriptions <- description
	}
}

// Collect implements [prometheus.Collector]: the readers now, and the last sample.
func (l *Log) Collect(metrics chan<- prometheus.Metric) {
	metrics <- gaugeOf(l.followed, int64(l.tail.Readers()))
	metrics <- gaugeOf(l.place, l.tail.Place())
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, metric := range l.last {
		metrics <- metric
	}
}

// Sample compares the tail with the store. It reads the tail first: what that has read is in the store, so the lag is never
// negative.
func (l *Log) Sample(ctx context.Context) error {
	place := l.tail.Place()
	newest, err := l.store.LastSeq(ctx)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.last = nil
		return fmt.Errorf("find the log's end: %w", err)
	}
	l.last = []prometheus.Metric{gaugeOf(l.newest, newest), gaugeOf(l.lag, newest-place)}
	return nil
}

func gaugeOf(description *prometheus.Desc, value int64) prometheus.Metric {
	return prometheus.MustNewConstMetric(description, prometheus.GaugeValue, float64(value))
}

// CountEntries returns a function that counts the log's entries by action, as the tail reads them: flips are those of
// case.confirmed. Every instance counts all entries, whichever instance wrote them, from its start on.
func CountEntries(registry *prometheus.Registry) func([]cloudtag.Entry) {
	read := promauto.With(registry).NewCounterVec(prometheus.CounterOpts{
		Name: "cloudtag_log_entries_total",
		Help: "Entries of the log that this instance has read since its start, by action; each instance counts all of them.",
	}, []string{"action"})
	for _, action := range []cloudtag.Action{cloudtag.ActionTagSubmitted, cloudtag.ActionCaseConfirmed, cloudtag.ActionCaseMissed} {
		read.WithLabelValues(string(action)) // alarms need the series before the first entry
	}
	return func(entries []cloudtag.Entry) {
		for _, entry := range entries {
			read.WithLabelValues(string(entry.Action)).Inc()
		}
	}
}
