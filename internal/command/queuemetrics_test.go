package command

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"cloudtag/internal/cloudtag"

	"github.com/prometheus/client_golang/prometheus/testutil"
)

type fixedQueue struct {
	stats cloudtag.QueueStats
	err   error
}

func (q fixedQueue) Stats(_ context.Context, caller cloudtag.Caller) (cloudtag.QueueStats, error) {
	if !caller.Reviews() {
		return cloudtag.QueueStats{}, errors.New("may not read the queue")
	}
	return q.stats, q.err
}

func TestQueueMetrics(t *testing.T) {
	stats := cloudtag.QueueStats{Pending: 7, Overdue: 2, DueWithin4h: 1, DueWithin12h: 3, Claimed: 4, HandledToday: 9, MissedToday: 5}
	metrics := NewQueueMetrics(fixedQueue{stats: stats}, slog.New(slog.DiscardHandler))
	want := `
# HELP cloudtag_queue_missed_today Cases that nobody decided in time since midnight UTC.
# TYPE cloudtag_queue_missed_today gauge
cloudtag_queue_missed_today 5
# HELP cloudtag_queue_pending Cases that wait for a reviewer.
# TYPE cloudtag_queue_pending gauge
cloudtag_queue_pending 7
`
	if err := testutil.CollectAndCompare(metrics, strings.NewReader(want), "cloudtag_queue_missed_today", "cloudtag_queue_pending"); err != nil {
		t.Error(err)
	}
	if problems, err := testutil.CollectAndLint(metrics); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
	broken := NewQueueMetrics(fixedQueue{err: errors.New("gone")}, slog.New(slog.DiscardHandler))
	if count := testutil.CollectAndCount(broken); count != 0 {
		t.Errorf("a store that does not answer gives %d numbers", count)
	}
}
