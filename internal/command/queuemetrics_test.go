package command

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/metrics"

	"github.com/prometheus/client_golang/prometheus/testutil"
)

type fixedQueue struct {
	stats metrics.QueueStats
	first *metrics.Waiting
	err   error
}

func (q fixedQueue) First(_ context.Context, caller cloudtag.Caller) (*metrics.Waiting, error) {
	if !caller.Reviews() {
		return nil, errors.New("may not read the queue")
	}
	return q.first, q.err
}

func (q fixedQueue) Stats(_ context.Context, caller cloudtag.Caller) (metrics.QueueStats, metrics.HandledBy, error) {
	if !caller.Reviews() {
		return metrics.QueueStats{}, nil, errors.New("may not read the queue")
	}
	return q.stats, nil, q.err
}

func TestQueueMetrics(t *testing.T) {
	stats := metrics.QueueStats{Pending: 7, Overdue: 2, DueWithin4h: 1, DueWithin12h: 3, Claimed: 4, HandledToday: 9, MissedToday: 5}
	first := &metrics.Waiting{Since: now.Add(-90 * time.Minute), DueAt: now.Add(time.Hour)}
	metrics := NewQueueMetrics(fixedQueue{stats: stats, first: first}, fixedClock(now))
	if count := testutil.CollectAndCount(metrics); count != 0 {
		t.Errorf("%d metrics before the first sample", count)
	}
	sampled := func(metrics *QueueMetrics) *QueueMetrics {
		if err := metrics.Sample(t.Context()); err != nil {
			t.Error(err)
		}
		return metrics
	}
	sampled(metrics)
	want := `
# HELP cloudtag_queue_age_seconds How long the case that is due first has been waiting since its first unhandled tag; 0 when none waits.
# TYPE cloudtag_queue_age_seconds gauge
cloudtag_queue_age_seconds 5400
# HELP cloudtag_queue_missed_today Cases not decided in time since midnight of the platform's time zone.
# TYPE cloudtag_queue_missed_today gauge
cloudtag_queue_missed_today 5
# HELP cloudtag_queue_pending Cases that wait for a reviewer.
# TYPE cloudtag_queue_pending gauge
cloudtag_queue_pending 7
`
	if err := testutil.CollectAndCompare(metrics, strings.NewReader(want), "cloudtag_queue_age_seconds", "cloudtag_queue_missed_today", "cloudtag_queue_pending"); err != nil {
		t.Error(err)
	}
	if problems, err := testutil.CollectAndLint(metrics); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
	empty := NewQueueMetrics(fixedQueue{}, fixedClock(now))
	none := "# HELP cloudtag_queue_age_seconds How long the case that is due first has been waiting since its first unhandled tag; 0 when none waits.\n" +
		"# TYPE cloudtag_queue_age_seconds gauge\ncloudtag_queue_age_seconds 0\n"
	if err := testutil.CollectAndCompare(sampled(empty), strings.NewReader(none), "cloudtag_queue_age_seconds"); err != nil {
		t.Error(err)
	}
	metrics.queue = fixedQueue{err: errors.New("gone")}
	if err := metrics.Sample(t.Context()); err == nil || !strings.Contains(err.Error(), "gone") {
		t.Errorf("a store that does not answer: %v", err)
	}
	if count := testutil.CollectAndCount(metrics); count != 0 {
		t.Errorf("%d stale metrics after a failed sample", count)
	}
}
