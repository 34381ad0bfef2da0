package observed

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
	"cloudtag/internal/store/memory"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

// oneCallEngine has one call, with an outcome chosen by the test.
type oneCallEngine struct {
	store.Engine
	failure error
}

func (e oneCallEngine) LastSeq(context.Context) (int64, error) { return 42, e.failure }

func TestCallsAreMeasuredByMethodAndCode(t *testing.T) {
	ended, end := context.WithCancel(t.Context())
	end()
	tests := []struct {
		name    string
		ctx     context.Context
		failure error
		code    string
	}{
		{"success", t.Context(), nil, ""},
		{"failure", t.Context(), errors.New("gone"), "INTERNAL"},
		{"refusal", t.Context(), cloudtag.Refuse(cloudtag.CodeConflict, cloudtag.Text{}), "CONFLICT"},
		{"cancelled", ended, context.Canceled, "CANCELLED"},
		{"somebody else's context", t.Context(), context.Canceled, "INTERNAL"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			registry := prometheus.NewRegistry()
			engine := Wrap(oneCallEngine{failure: test.failure}, registry, nil)
			last, err := engine.LastSeq(test.ctx)
			if last != 42 || !errors.Is(err, test.failure) {
				t.Errorf("got %d, %v", last, err)
			}
			want := ""
			if test.code != "" {
				want = "# HELP cloudtag_store_call_errors_total Calls of the store that returned an error, by method, subject and code: INTERNAL and UNAVAILABLE are failures, CANCELLED was cancelled by the caller, the others are refusals.\n" +
					"# TYPE cloudtag_store_call_errors_total counter\n" +
					`cloudtag_store_call_errors_total{code="` + test.code + `",method="LastSeq",of=""} 1` + "\n"
			}
			if err := testutil.GatherAndCompare(registry, strings.NewReader(want), "cloudtag_store_call_errors_total"); err != nil {
				t.Error(err)
			}
			if counted := counts(t, registry); !maps.Equal(counted, map[string]uint64{"LastSeq of ": 1}) {
				t.Errorf("calls measured: %v", counted)
			}
		})
	}
}

// counts returns the number of measured calls by method and subject.
func counts(t *testing.T, registry *prometheus.Registry) map[string]uint64 {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	counted := map[string]uint64{}
	for _, family := range families {
		if family.GetName() == "cloudtag_store_call_duration_seconds" {
			for _, metric := range family.GetMetric() {
				counted[metric.GetLabel()[0].GetValue()+" of "+metric.GetLabel()[1].GetValue()] = metric.GetHistogram().GetSampleCount()
			}
		}
	}
	return counted
}

func TestEveryMethodIsMeasured(t *testing.T) {
	registry, kinds, ctx := prometheus.NewRegistry(), store.NewCatalogue(), t.Context()
	engine := Wrap(memory.Open(memory.NewData(), memory.Options{}), registry, nil)
	calls := map[string]func() error{
		"Update of add a policy": func() error {
			return engine.Update(ctx, "add a policy", func(store.Tx) error { return nil })
		},
		"Get of tags": func() error {
			_, err := engine.Get(ctx, []store.Ref{{Kind: kinds.Tags, ID: "1"}, {Kind: kinds.Tags, ID: "2"}})
			return err
		},
		"Get of cases, tags": func() error {
			_, err := engine.Get(ctx, []store.Ref{{Kind: kinds.Cases, ID: "1"}, {Kind: kinds.Tags, ID: "2"}})
			return err
		},
		"List of cases": func() error {
			_, _, err := engine.List(ctx, store.Query{Kind: kinds.Cases, Limit: 1})
			return err
		},
		"List of tags by submitted": func() error {
			_, _, err := engine.List(ctx, store.Query{Kind: kinds.Tags, Index: "submitted", Sort: "submittedAt", Limit: 1})
			return err
		},
		"Count of cases by opened": func() error {
			_, err := engine.Count(ctx, store.Query{Kind: kinds.Cases, Index: "opened", Limit: 1})
			return err
		},
		"Log of log by subject": func() error {
			_, _, err := engine.Log(ctx, store.LogQuery{Key: "merchant:m-1", Limit: 1})
			return err
		},
		"Log of log": func() error {
			_, _, err := engine.Log(ctx, store.LogQuery{Limit: 1})
			return err
		},
		"CountLog of log by action": func() error {
			_, err := engine.CountLog(ctx, store.LogQuery{LogFilter: cloudtag.LogFilter{Action: cloudtag.ActionTagSubmitted}})
			return err
		},
		"CountLog of log by actor": func() error {
			_, err := engine.CountLog(ctx, store.LogQuery{LogFilter: cloudtag.LogFilter{Actor: "lin"}})
			return err
		},
		"LastSeq of ": func() error { _, err := engine.LastSeq(ctx); return err },
		"Recover of ": func() error { _, err := engine.Recover(ctx); return err },
		"Ping of ":    func() error { return engine.Ping(ctx) },
	}
	for name, call := range calls {
		if err := call(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := counts(t, registry)[name]; got != 1 {
			t.Errorf("%s is measured %d times", name, got)
		}
	}
	if counted := counts(t, registry); len(counted) != len(calls) {
		t.Errorf("measured: %v", counted)
	}
	if err := engine.Close(); err != nil {
		t.Error(err)
	}
	if err := engine.Ping(ctx); err == nil {
		t.Error("the engine is open after Close")
	}
}
