package web

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

func TestOrigins(t *testing.T) {
	const listed, foreign = "https://console.example.com", "https://evil.example"
	tests := []struct {
		name, method, origin string
		allowed              []string
		status               int
		allowOrigin          string
	}{
		{"no list, own page", "POST", "http://example.com", nil, 200, ""},
		{"no list, no browser", "POST", "", nil, 200, ""},
		{"no list, another's page", "POST", foreign, nil, 403, ""},
		{"no list, preflight", "OPTIONS", foreign, nil, 200, ""},
		{"list, listed", "POST", listed, []string{listed}, 200, listed},
		{"list, listed's preflight", "OPTIONS", listed, []string{listed}, 204, listed},
		{"list, another page", "POST", foreign, []string{listed}, 403, ""},
		{"list, another's preflight", "OPTIONS", foreign, []string{listed}, 204, ""},
		{"list, a name that begins alike", "POST", listed + ".evil.example", []string{listed}, 403, ""},
		{"list, sandboxed page", "POST", "null", []string{listed}, 403, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newTestServer(t, func(c *Config) { c.AllowedOrigins = test.allowed })
			headers := []string{"Authorization", "Bearer " + s.token(t, time.Hour)}
			if test.origin != "" {
				headers = append(headers, "Origin", test.origin)
			}
			if test.method == "OPTIONS" {
				headers = []string{"Origin", test.origin, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization,content-type"}
			}
			response := s.do(test.method, "/graphql", nil, headers...)
			if response.Code != test.status || response.Header().Get("Access-Control-Allow-Origin") != test.allowOrigin {
				t.Errorf("status %d, allowed %q", response.Code, response.Header().Get("Access-Control-Allow-Origin"))
			}
			if response.Header().Get("Access-Control-Allow-Credentials") != "" {
				t.Error("credentials are allowed")
			}
		})
	}
}

func TestBadOriginIsRefusedAtStart(t *testing.T) {
	_, err := New(Config{GraphQL: echo, Pages: fstest.MapFS{}, AllowedOrigins: []string{"https://a.example/path"}, Metrics: prometheus.NewRegistry()})
	if err == nil {
		t.Error("accepted")
	}
}

// What a page elsewhere could make a browser send, without asking first, changes nothing: the forms that need no
// preflight have no token, and the origin is refused before anything is read.
func TestForgedRequests(t *testing.T) {
	const foreign = "https://evil.example"
	s := newTestServer(t, nil)
	for name, headers := range map[string][]string{
		"a form":                      {"Content-Type", "application/x-www-form-urlencoded", "Origin", foreign},
		"a form with a file":          {"Content-Type", "multipart/form-data; boundary=x", "Origin", foreign},
		"text":                        {"Content-Type", "text/plain", "Origin", foreign},
		"JSON":                        {"Content-Type", "application/json", "Origin", foreign},
		"without an origin, by fetch": {"Content-Type", "application/json", "Sec-Fetch-Site", "cross-site"},
		"of a sibling":                {"Content-Type", "application/json", "Sec-Fetch-Site", "same-site"},
		"with a method override":      {"Content-Type", "application/json", "Origin", foreign, "X-HTTP-Method-Override", "GET"},
		"by another port of the host": {"Content-Type", "application/json", "Origin", "http://example.com:8081"},
		"an event stream":             {"Content-Type", "application/json", "Origin", foreign, "Accept", "text/event-stream"},
	} {
		response := s.do("POST", "/graphql", strings.NewReader("{}"), headers...)
		if got := decode(t, response); response.Code != 403 || len(got.Errors) != 1 || got.Errors[0].Extensions.Code != "FORBIDDEN" {
			t.Errorf("%s: %d %s", name, response.Code, response.Body)
		}
		if response.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: the answer may be read", name)
		}
	}
	// A request that changes nothing is answered, but the page can't read it, and no cookie says who asks.
	response := s.do("GET", "/graphql?query={viewer{id}}", nil, "Origin", foreign, "Cookie", "token="+s.token(t, time.Hour))
	if got := decode(t, response); got.SignedIn || response.Header().Get("Access-Control-Allow-Origin") != "" || response.Header().Get("Cross-Origin-Resource-Policy") != "same-origin" {
		t.Errorf("%+v %v", got, response.Header())
	}
}

// Headers that clients and their tracing add may come from pages of an allowed origin.
func TestPagesMaySendAnyHeader(t *testing.T) {
	s := newTestServer(t, func(c *Config) { c.AllowedOrigins = []string{"https://console.example"} })
	for _, names := range []string{
		"authorization,content-type", "baggage,traceparent,tracestate", "apollo-require-preflight,content-type",
		"x-request-id", "cache-control,last-event-id", "content-encoding", "accept-language", "apollographql-client-name",
	} {
		response := s.do("OPTIONS", "/graphql", nil, "Origin", "https://console.example", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", names)
		if allowed := response.Header().Get("Access-Control-Allow-Headers"); response.Code != http.StatusNoContent || allowed != names {
			t.Errorf("%s: %d, allowed %q", names, response.Code, allowed)
		}
	}
}
