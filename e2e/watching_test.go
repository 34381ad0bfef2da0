//go:build e2e

package e2e

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	traces "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// ask sends a document with a token.
func (s *server) ask(t *testing.T, bearer, query string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url("/graphql"), strings.NewReader(`{"query":"`+query+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+bearer)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Fatal(err)
	}
}

// TestDashboardAndAlarmsNameWhatIsExported checks that a server exports each metric that the files for Grafana and Prometheus
// name.
func TestDashboardAndAlarmsNameWhatIsExported(t *testing.T) {
	s := serve(t, newDatabase(t))
	admin := token(t, "ADMIN")
	s.ask(t, admin, "query Mine { viewer { id } }")
	s.ask(t, token(t, "PLATFORM"), "query Refused { cases(first: 1) { nodes { id } } }")
	exported := s.metrics(t)
	for _, file := range []string{"../deploy/grafana/cloudtag.json", "../deploy/prometheus/cloudtag.rules.yaml"} {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		names := regexp.MustCompile(`\b(cloudtag|process|go)_[a-z0-9_]+`).FindAllString(string(content), -1)
		if len(names) < 8 {
			t.Errorf("%s names %d metrics", file, len(names))
		}
		slices.Sort(names)
		for _, name := range slices.Compact(names) {
			if !strings.Contains(exported, "\n"+name+"{") && !strings.Contains(exported, "\n"+name+" ") && !described[name] {
				t.Errorf("%s names %s, which the server does not export", file, name)
			}
		}
	}
	for name := range described {
		if strings.Contains(exported, "\n"+name+"{") {
			t.Errorf("%s is exported: it must not be an exception", name)
		}
	}
	for _, want := range []string{`operation="Mine"`, `method="LastSeq"`} {
		if !strings.Contains(exported, want) {
			t.Errorf("no metric has %s", want)
		}
	}
}

// TestEveryAlarmIsExplained checks that docs/operations.md explains every alert.
func TestEveryAlarmIsExplained(t *testing.T) {
	rules, err := os.ReadFile("../deploy/prometheus/cloudtag.rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	operations, err := os.ReadFile("../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	alarms := regexp.MustCompile(`alert: (\w+)`).FindAllStringSubmatch(string(rules), -1)
	if len(alarms) == 0 {
		t.Error("there are no alarms")
	}
	for _, alarm := range alarms {
		if !strings.Contains(string(operations), "| `"+alarm[1]+"` |") {
			t.Errorf("docs/operations.md does not say what %s means", alarm[1])
		}
	}
}

// described are exported only after their first event, which this test does not cause: failures and subscriptions.
var described = map[string]bool{
	"cloudtag_chore_failures_total":              true,
	"cloudtag_refused_requests_total":            true,
	"cloudtag_store_call_errors_total":           true,
	"cloudtag_graphql_subscriptions":             true,
	"cloudtag_graphql_subscription_events_total": true,
}

// metrics returns the server's metrics in the text format of Prometheus.
func (s *server) metrics(t *testing.T) string {
	t.Helper()
	response, err := http.Get("http://" + s.watched + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// otlpStub is a collector that stores the received spans.
type otlpStub struct {
	mu    sync.Mutex
	spans []*traces.Span
	raw   string
}

func (c *otlpStub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var request collector.ExportTraceServiceRequest
	if err != nil || r.URL.Path != "/v1/traces" || proto.Unmarshal(body, &request) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.raw += request.String()
	for _, resource := range request.GetResourceSpans() {
		for _, scope := range resource.GetScopeSpans() {
			c.spans = append(c.spans, scope.GetSpans()...)
		}
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
}

// TestTraces follows one request from HTTP to the store, in the trace that its caller began.
func TestTraces(t *testing.T) {
	t.Parallel()
	stub := &otlpStub{}
	listener := httptest.NewServer(stub)
	defer listener.Close()
	s := serve(t, newDatabase(t), "--otlp-endpoint", listener.URL)
	admin := token(t, "ADMIN", "--subject", "somebody-in-particular")
	s.ask(t, admin, `query Secrets { buyer(id: \"buyer-in-particular\") { id } log(first: 1) { nodes { seq } } }`)
	s.stop() // sends what is left
	s.waitEnd()
	stub.mu.Lock()
	defer stub.mu.Unlock()
	named := map[string]*traces.Span{}
	for _, span := range stub.spans {
		named[span.GetName()] = span
	}
	for inner, outer := range map[string]string{
		"query Secrets": "POST /graphql", "field log": "query Secrets", "store.Log log": "field log",
	} {
		if named[inner] == nil || named[outer] == nil || string(named[inner].GetParentSpanId()) != string(named[outer].GetSpanId()) ||
			string(named[inner].GetTraceId()) != string(named[outer].GetTraceId()) {
			t.Errorf("%s is not a span inside of %s; there are %d spans: %v", inner, outer, len(stub.spans), names(stub.spans))
		}
	}
	for _, private := range []string{"in-particular", admin} {
		if strings.Contains(stub.raw, private) {
			t.Errorf("the traces have %q", private)
		}
	}
}

func names(spans []*traces.Span) []string {
	var all []string
	for _, span := range spans {
		all = append(all, span.GetName())
	}
	return all
}

// TestDoctorOnARealStore runs doctor on a missing store, a healthy one and a damaged one.
func TestDoctorOnARealStore(t *testing.T) {
	t.Parallel()
	uri := newDatabase(t)
	if result := cloudtag(t, "doctor", "--db", uri); result.code != 0 || !strings.Contains(result.stdout, "no data yet") {
		t.Errorf("before there is one: %+v", result)
	}
	mustCloudtag(t, "import", "merchants", "../examples/merchants.csv", "--db", uri)
	if result := cloudtag(t, "doctor", "--full", "--format", "json", "--db", uri); result.code != 0 || !strings.Contains(result.stdout, `"status": "ok"`) {
		t.Errorf("a new one: %+v", result)
	}
	if err := os.WriteFile(strings.TrimPrefix(uri, "sqlite:"), []byte("this was a database once, and is none any more"), 0o600); err != nil {
		t.Fatal(err)
	}
	if result := cloudtag(t, "doctor", "--db", uri); result.code != 1 || !strings.Contains(result.stdout, "fail  database") {
		t.Errorf("a damaged one: %+v", result)
	}
}
