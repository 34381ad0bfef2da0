package telemetry

import (
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

// steady is a load that does not change.
type steady struct{ running, waiting int }

func (s steady) Load() (running, waiting int) { return s.running, s.waiting }

func TestRefusalsAndLoad(t *testing.T) {
	registry := prometheus.NewRegistry()
	refusals := NewRefusals(registry)
	ObserveLoad(registry, steady{3, 5})
	for _, reason := range []string{"tags", "load", "tags"} {
		refusals.Refused(reason)
	}
	want := `
# HELP cloudtag_operations_running Queries and mutations that run.
# TYPE cloudtag_operations_running gauge
cloudtag_operations_running 3
# HELP cloudtag_operations_waiting Queries and mutations that wait for a place to run.
# TYPE cloudtag_operations_waiting gauge
cloudtag_operations_waiting 5
# HELP cloudtag_refused_requests_total Requests and operations that were refused because they went beyond a limit, by the limit.
# TYPE cloudtag_refused_requests_total counter
cloudtag_refused_requests_total{reason="load"} 1
cloudtag_refused_requests_total{reason="tags"} 2
`
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
}
