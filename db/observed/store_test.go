package observed

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"cloudtag/db"
	"cloudtag/internal/cloudtag"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

// oneCallStore has one call, which ends in the way the test says.
type oneCallStore struct {
	db.Store
	failure error
}

func (s oneCallStore) LastSeq(context.Context) (int64, error) { return 42, s.failure }

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
		{"given up", ended, context.Canceled, "CANCELLED"},
		{"somebody else's context", t.Context(), context.Canceled, "INTERNAL"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			registry := prometheus.NewRegistry()
			store := Wrap(oneCallStore{failure: test.failure}, registry, nil)
			last, err := store.LastSeq(test.ctx)
			if last != 42 || !errors.Is(err, test.failure) {
				t.Errorf("got %d, %v", last, err)
			}
			want := ""
			if test.code != "" {
				want = "# HELP cloudtag_store_call_errors_total Calls of the store that returned an error, by method and code: INTERNAL and UNAVAILABLE are failures, CANCELLED was given up by its caller, the others are answers.\n" +
					"# TYPE cloudtag_store_call_errors_total counter\n" +
					`cloudtag_store_call_errors_total{code="` + test.code + `",method="LastSeq"} 1` + "\n"
			}
			if err := testutil.GatherAndCompare(registry, strings.NewReader(want), "cloudtag_store_call_errors_total"); err != nil {
				t.Error(err)
			}
			if counted := counts(t, registry); counted["LastSeq"] != 1 || counted["Record"] != 0 {
				t.Errorf("calls measured: %v", counted)
			}
		})
	}
}

// counts are the calls that were measured, by method.
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
				counted[metric.GetLabel()[0].GetValue()] = metric.GetHistogram().GetSampleCount()
			}
		}
	}
	return counted
}

// TestEveryMethodIsMeasured calls every method of the ports by its name: one that is only embedded is not measured.
func TestEveryMethodIsMeasured(t *testing.T) {
	inner, err := db.Open(t.Context(), db.Memory, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer inner.Close()
	registry := prometheus.NewRegistry()
	store := Wrap(inner, registry, nil)
	methods := reflect.TypeFor[db.Store]()
	for i := range methods.NumMethod() {
		name := methods.Method(i).Name
		if name == "Close" {
			continue // the end is no call
		}
		method := reflect.ValueOf(store).MethodByName(name)
		arguments := make([]reflect.Value, method.Type().NumIn())
		for n := range arguments {
			arguments[n] = reflect.Zero(method.Type().In(n))
		}
		arguments[0] = reflect.ValueOf(t.Context())
		method.Call(arguments)
		if counts(t, registry)[name] != 1 {
			t.Errorf("%s is not measured: add it to calls.go", name)
		}
	}
	if counted := counts(t, registry); len(counted) != methods.NumMethod()-1 {
		t.Errorf("%d calls are known, of %d", len(counted), methods.NumMethod()-1)
	}
}

func BenchmarkCall(b *testing.B) {
	store := Wrap(oneCallStore{}, prometheus.NewRegistry(), nil)
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		_, _ = store.LastSeq(ctx)
	}
}
