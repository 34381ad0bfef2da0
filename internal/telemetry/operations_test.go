package telemetry

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

func TestOperationsByName(t *testing.T) {
	registry := prometheus.NewRegistry()
	operations := NewOperations(registry)
	operations.Answered("query", "Queue", 3*time.Millisecond, false)
	operations.Answered("query", "Queue", 3*time.Millisecond, true)
	operations.Answered("mutation", "", time.Second, false)
	operations.Failed("query", "Queue", "INTERNAL")
	operations.Failed("", "", "BAD_USER_INPUT")
	event, end := operations.Subscribed("Watch")
	operations.Subscribed("Watch")
	event()
	event()
	end()
	want := `
# HELP cloudtag_graphql_errors_total Errors returned to clients, by code; those of requests that never became an operation have kind none.
# TYPE cloudtag_graphql_errors_total counter
cloudtag_graphql_errors_total{code="BAD_USER_INPUT",kind="none",operation="anonymous"} 1
cloudtag_graphql_errors_total{code="INTERNAL",kind="query",operation="Queue"} 1
# HELP cloudtag_graphql_operations_failed_total Queries and mutations whose answer has errors.
# TYPE cloudtag_graphql_operations_failed_total counter
cloudtag_graphql_operations_failed_total{kind="query",operation="Queue"} 1
# HELP cloudtag_graphql_subscription_events_total Events that subscribers were sent.
# TYPE cloudtag_graphql_subscription_events_total counter
cloudtag_graphql_subscription_events_total{operation="Watch"} 2
# HELP cloudtag_graphql_subscriptions Subscriptions that run.
# TYPE cloudtag_graphql_subscriptions gauge
cloudtag_graphql_subscriptions{operation="Watch"} 1
`
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want), "cloudtag_graphql_errors_total",
		"cloudtag_graphql_operations_failed_total", "cloudtag_graphql_subscription_events_total", "cloudtag_graphql_subscriptions"); err != nil {
		t.Error(err)
	}
	if count := testutil.CollectAndCount(operations.duration); count != 2 {
		t.Errorf("%d histograms, want one of Queue and one of anonymous", count)
	}
	if problems, err := testutil.GatherAndLint(registry); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

// TestNamesAreBounded: callers who invent names fill the label, and no more than that.
func TestNamesAreBounded(t *testing.T) {
	operations := NewOperations(prometheus.NewRegistry())
	for i := range 10_000 {
		operations.Answered("query", fmt.Sprint("invented", i), time.Millisecond, false)
	}
	operations.Answered("query", strings.Repeat("x", 65), time.Millisecond, false)
	operations.Answered("query", "invented0", time.Millisecond, false)
	if count := testutil.CollectAndCount(operations.duration); count != maxNames+1 {
		t.Errorf("%d names are kept apart, want %d and other", count, maxNames)
	}
	long := newNames()
	if label := long.label(strings.Repeat("x", 65)); label != "other" {
		t.Errorf("a long name is %q", label)
	}
}

// fixedLog is a log and its tail that stand still.
type fixedLog struct {
	last, place int64
	readers     int
	err         error
}

func (l fixedLog) LastSeq(context.Context) (int64, error) { return l.last, l.err }
func (l fixedLog) Place() int64                           { return l.place }
func (l fixedLog) Readers() int                           { return l.readers }

func TestLogLag(t *testing.T) {
	standing := fixedLog{last: 130, place: 120, readers: 3}
	metrics := NewLog(standing, standing)
	if count := testutil.CollectAndCount(metrics); count != 2 {
		t.Errorf("%d numbers before the first sample, want the tail's own two", count)
	}
	if err := metrics.Sample(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := `
# HELP cloudtag_live_readers Places in the log that subscribers of this instance follow.
# TYPE cloudtag_live_readers gauge
cloudtag_live_readers 3
# HELP cloudtag_log_lag_entries Entries that subscribers of this instance have not received yet.
# TYPE cloudtag_log_lag_entries gauge
cloudtag_log_lag_entries 10
# HELP cloudtag_log_newest_entry Number of the log's newest entry.
# TYPE cloudtag_log_newest_entry gauge
cloudtag_log_newest_entry 130
# HELP cloudtag_log_tail_entry Number of the newest entry that this instance has read for its subscribers.
# TYPE cloudtag_log_tail_entry gauge
cloudtag_log_tail_entry 120
`
	if err := testutil.CollectAndCompare(metrics, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
	metrics.store = fixedLog{err: errors.New("gone")}
	if err := metrics.Sample(t.Context()); err == nil || !strings.Contains(err.Error(), "gone") {
		t.Errorf("a store that does not answer: %v", err)
	}
	if count := testutil.CollectAndCount(metrics); count != 2 {
		t.Errorf("a store that does not answer leaves %d numbers, want the tail's own two", count)
	}
}

func TestEntriesAreCountedByAction(t *testing.T) {
	registry := prometheus.NewRegistry()
	count := CountEntries(registry)
	count([]cloudtag.Entry{{Action: cloudtag.ActionCaseConfirmed}, {Action: cloudtag.ActionTagSubmitted}})
	count([]cloudtag.Entry{{Action: cloudtag.ActionTagSubmitted}})
	want := `
# HELP cloudtag_log_entries_total Entries of the log that this instance has read since its start, by action; each instance counts all of them.
# TYPE cloudtag_log_entries_total counter
cloudtag_log_entries_total{action="case.confirmed"} 1
cloudtag_log_entries_total{action="case.missed"} 0
cloudtag_log_entries_total{action="tag.submitted"} 2
`
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
}
