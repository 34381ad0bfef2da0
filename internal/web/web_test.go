package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"cloudtag/internal/accesslog"
	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/locale"
	"cloudtag/internal/reqid"

	"github.com/andybalholm/brotli"
	"github.com/prometheus/client_golang/prometheus"
)

// fixedClock stands still.
type fixedClock time.Time

func (c fixedClock) Now() time.Time { return time.Time(c) }

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// store answers pings with an error, or nil.
type store struct{ err error }

func (s store) Ping(context.Context) error { return s.err }

// echo stands in for the API: it returns what it was given.
var echo = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusTeapot)
		return
	}
	session, signedIn := auth.SessionFrom(r.Context())
	_ = json.NewEncoder(w).Encode(map[string]any{
		"body": len(body), "signedIn": signedIn, "subject": session.Caller.Subject,
		"language": locale.From(r.Context()), "requestId": reqid.From(r.Context()),
	})
})

// testServer is a server with what tests look at.
type testServer struct {
	*Server
	log    *bytes.Buffer
	tokens *auth.SharedSecret
}

// packed is a text as the build packs it.
func packed(t *testing.T, text string) []byte {
	t.Helper()
	var buffer bytes.Buffer
	writer := brotli.NewWriter(&buffer)
	if _, err := writer.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}

func newTestServer(t *testing.T, change func(*Config)) *testServer {
	t.Helper()
	log := &bytes.Buffer{}
	tokens := auth.NewSharedSecret([]byte("0123456789abcdef0123456789abcdef"), auth.Names{}, fixedClock(now), cloudtag.IDFunc(func() string { return "t-1" }))
	config := Config{
		GraphQL: echo, SignIn: auth.SignIn(tokens), Store: store{}, DrainTimeout: time.Second,
		Pages: fstest.MapFS{
			"index.html":                  {Data: []byte("<script nonce=\"__NONCE__\"></script><p>console</p>")},
			"graphiql/index.html":         {Data: []byte("<script nonce=\"__NONCE__\"></script><p>graphiql</p>")},
			"assets/e.worker-12345678.js": {Data: []byte("onmessage = null")},
			"assets/a-12345678.js":        {Data: bytes.Repeat([]byte("let a = 1;\n"), 1000)},
			"assets/f-12345678.ttf":       {Data: []byte("font")},
			"assets/p-12345678.css.br":    {Data: packed(t, strings.Repeat("a { color: red }\n", 1000))},
		},
		LoggedRequests: 1,

		IDs:     cloudtag.IDFunc(func() string { return "ID-1" }),
		Log:     slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Metrics: prometheus.NewRegistry(),
	}
	if change != nil {
		change(&config)
	}
	server, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	return &testServer{server, log, tokens}
}

// do sends a request with headers given as name, value, …
func (s *testServer) do(method, target string, body io.Reader, headers ...string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, target, body)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	s.Handler().ServeHTTP(recorder, request)
	return recorder
}

func (s *testServer) token(t *testing.T, ttl time.Duration) string {
	t.Helper()
	token, err := s.tokens.Sign(cloudtag.Caller{Subject: "li", Roles: []cloudtag.Role{cloudtag.RoleReviewer}}, ttl)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// decoded is what the API stand-in or an error says.
type decoded struct {
	Body      int
	SignedIn  bool
	Subject   string
	Language  cloudtag.Language
	RequestID string
	Data      any
	Errors    []struct {
		Message    string
		Extensions struct{ Code, RequestID string }
	}
}

func decode(t *testing.T, response *httptest.ResponseRecorder) decoded {
	t.Helper()
	var got decoded
	if err := json.Unmarshal(response.Body.Bytes(), &got); err != nil {
		t.Fatalf("status %d, no JSON: %.200s", response.Code, response.Body)
	}
	return got
}

func TestSignIn(t *testing.T) {
	s := newTestServer(t, nil)
	tests := []struct {
		name, authorization string
		status              int
		subject, code       string
	}{
		{"nobody", "", 200, "", ""},
		{"a reviewer", "Bearer " + s.token(t, time.Hour), 200, "li", ""},
		{"no token", "Bearer", 401, "", "UNAUTHENTICATED"},
		{"another scheme", "Basic bGk6bGk=", 401, "", "UNAUTHENTICATED"},
		{"a token of nobody", "Bearer abc", 401, "", "UNAUTHENTICATED"},
		{"an old token", "Bearer " + s.token(t, -time.Hour), 401, "", "UNAUTHENTICATED"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var headers []string
			if test.authorization != "" {
				headers = []string{"Authorization", test.authorization}
			}
			response := s.do("POST", "/graphql", strings.NewReader("{}"), headers...)
			got := decode(t, response)
			if response.Code != test.status || got.Subject != test.subject || got.SignedIn != (test.subject != "") {
				t.Fatalf("%d %+v", response.Code, got)
			}
			if test.code == "" {
				return
			}
			if len(got.Errors) != 1 || got.Errors[0].Extensions.Code != test.code || got.Errors[0].Extensions.RequestID != "ID-1" {
				t.Errorf("errors %+v", got.Errors)
			}
			if response.Header().Get("WWW-Authenticate") != "Bearer" {
				t.Error("no WWW-Authenticate")
			}
		})
	}
	if strings.Contains(s.log.String(), "eyJ") || strings.Contains(s.log.String(), "bGk6") {
		t.Errorf("the log has a token:\n%s", s.log)
	}
}

func TestLanguageAndRequestID(t *testing.T) {
	s := newTestServer(t, nil)
	tests := []struct {
		language, id       string
		want, wantID, says string
	}{
		{"", "", "ZH", "ID-1", "令牌"},
		{"en-GB,en;q=0.9", "proxy-0001", "EN", "proxy-0001", "token"},
		{"zh-CN", "short", "ZH", "ID-1", "令牌"},
		{"fr", "with spaces in it", "ZH", "ID-1", "令牌"},
		{"en", strings.Repeat("x", 65), "EN", "ID-1", "token"},
	}
	for _, test := range tests {
		response := s.do("POST", "/graphql", strings.NewReader("{}"), "Accept-Language", test.language, "X-Request-Id", test.id)
		got := decode(t, response)
		if string(got.Language) != test.want || got.RequestID != test.wantID || response.Header().Get("X-Request-Id") != test.wantID {
			t.Errorf("%+v: %+v", test, got)
		}
		refused := decode(t, s.do("POST", "/graphql", nil, "Accept-Language", test.language, "Authorization", "Bearer x"))
		if !strings.Contains(refused.Errors[0].Message, test.says) {
			t.Errorf("%q: %q", test.language, refused.Errors[0].Message)
		}
	}
}

func TestSecurityHeaders(t *testing.T) {
	s := newTestServer(t, nil)
	policies := map[string][]string{
		"/":               {"default-src 'self'", "object-src 'none'", "frame-ancestors 'none'"},
		"/graphiql":       {"default-src 'self'", "style-src 'self' 'unsafe-inline'", "worker-src 'self'", "script-src 'self'"},
		"/graphql":        {"default-src 'none'"},
		"/healthz":        {"default-src 'none'"},
		"/assets/none.js": {"default-src 'none'"},
		"/nothing":        {"default-src 'none'"},
	}
	for path, wanted := range policies {
		response := s.do("GET", path, nil)
		policy := response.Header().Get("Content-Security-Policy")
		for _, part := range wanted {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: policy %q lacks %q", path, policy, part)
			}
		}
		if strings.Contains(policy, "unsafe-eval") || path != "/graphiql" && strings.Contains(policy, "unsafe-inline") {
			t.Errorf("%s: policy %q", path, policy)
		}
		for name, value := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin", "X-Request-Id": "ID-1",
		} {
			if got := response.Header().Get(name); got != value {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
	}
	if got := s.do("POST", "/graphql", nil).Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("answers of the API may be cached: %q", got)
	}
}

func TestAssetsHaveNoHeadersForDocuments(t *testing.T) {
	s := newTestServer(t, nil)
	common := []string{"Accept-Ranges", "Cache-Control", "Content-Length", "Content-Type", "Cross-Origin-Resource-Policy", "Vary", "X-Content-Type-Options", "X-Request-Id"}
	for path, more := range map[string]string{
		"/assets/a-12345678.js":        "",
		"/assets/f-12345678.ttf":       "",
		"/assets/e.worker-12345678.js": "Content-Security-Policy", // a worker's policy is that of its script
	} {
		header := s.do("GET", path, nil).Header()
		want := slices.Clone(common)
		if more != "" {
			want = append(want, more)
		}
		slices.Sort(want)
		if got := slices.Sorted(maps.Keys(header)); !slices.Equal(got, want) {
			t.Errorf("%s: headers %q, want %q", path, got, want)
		}
		if header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Cross-Origin-Resource-Policy") != "same-origin" || more != "" && header.Get(more) != nothingPolicy {
			t.Errorf("%s: %v", path, header)
		}
	}
}

func TestHealth(t *testing.T) {
	well := newTestServer(t, nil)
	for _, path := range []string{"/healthz", "/readyz"} {
		if response := well.do("GET", path, nil); response.Code != 200 {
			t.Errorf("%s: %d", path, response.Code)
		}
		for _, header := range []string{"X-Forwarded-For", "Forwarded"} {
			if response := well.do("GET", path, nil, header, "203.0.113.9"); response.Code != 404 {
				t.Errorf("%s is exposed behind a proxy (%s): %d", path, header, response.Code)
			}
		}
	}
	sick := newTestServer(t, func(c *Config) { c.Store = store{errors.New("disk on fire at /var/secret")} })
	if response := sick.do("GET", "/healthz", nil); response.Code != 200 {
		t.Errorf("a sick store makes the process look dead: %d", response.Code)
	}
	if response := sick.do("GET", "/readyz", nil); response.Code != 503 || strings.Contains(response.Body.String(), "secret") {
		t.Errorf("%d %s", response.Code, response.Body)
	}
	if !strings.Contains(sick.log.String(), "disk on fire") {
		t.Errorf("the log does not say why: %s", sick.log)
	}
	well.leaving.Store(true)
	if response := well.do("GET", "/readyz", nil); response.Code != 503 {
		t.Errorf("a server that stops is ready: %d", response.Code)
	}
}

func TestPanicIsAnsweredAndLogged(t *testing.T) {
	s := newTestServer(t, func(c *Config) {
		c.GraphQL = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("secret state") })
	})
	response := s.do("POST", "/graphql", nil)
	got := decode(t, response)
	if response.Code != 500 || got.Errors[0].Extensions.Code != "INTERNAL" || got.Errors[0].Extensions.RequestID != "ID-1" || strings.Contains(response.Body.String(), "secret") {
		t.Errorf("%d %s", response.Code, response.Body)
	}
	if log := s.log.String(); !strings.Contains(log, "secret state") || !strings.Contains(log, "web_test.go") || !strings.Contains(log, `"status":500`) {
		t.Errorf("log: %s", log)
	}
}

func TestLogAndMetricsHaveNoPrivateData(t *testing.T) {
	s := newTestServer(t, nil)
	s.do("POST", "/graphql?query=b-42", strings.NewReader("{}"), "Authorization", "Bearer "+s.token(t, time.Hour), "User-Agent", "agent-7")
	s.do("GET", "/b-42/secret", nil)
	s.do("BREW", "/graphql", nil)
	metrics := scrape(t, s.config.Metrics)
	if response := s.do("GET", "/metrics", nil); response.Code != http.StatusNotFound {
		t.Errorf("metrics beside the API: %d", response.Code)
	}
	for name, text := range map[string]string{"log": s.log.String(), "metrics": metrics} {
		for _, word := range []string{"b-42", "eyJ", "\"li\"", "agent-7", "192.0.2.1", "BREW"} {
			if strings.Contains(text, word) {
				t.Errorf("the %s has %q:\n%s", name, word, text)
			}
		}
	}
	for _, line := range []string{
		`cloudtag_http_request_duration_seconds_count{method="POST",route="/graphql",status="200"} 1`,
		`cloudtag_http_request_duration_seconds_count{method="GET",route="other",status="404"} 1`,
		`cloudtag_http_request_duration_seconds_count{method="other",route="/graphql",status="200"} 1`,
	} {
		if !strings.Contains(metrics, line) {
			t.Errorf("metrics lack %s:\n%s", line, metrics)
		}
	}
}

// A page elsewhere that points its own name at this machine is not taken for the development server's own.
func TestLoopbackOnly(t *testing.T) {
	s := newTestServer(t, func(c *Config) { c.LoopbackOnly = true })
	for host, status := range map[string]int{
		"127.0.0.1:8080": 200, "localhost:8080": 200, "[::1]:8080": 200, "localhost": 200, "127.0.0.1": 200,
		"127.8.9.10": 200, "[::ffff:127.0.0.1]:8080": 200,
		"evil.example:8080": 421, "evil.example": 421, "127.0.0.1.evil.example:8080": 421, "192.168.1.5:8080": 421, "": 421,
		"localhost.evil.example": 421, "127.0.0.1.evil.example": 421, "192.0.2.1:8080": 421, "0.0.0.0:8080": 421, "[::]:8080": 421,
		"[::ffff:192.0.2.1]:8080": 421, "2130706433": 421,
	} {
		request := httptest.NewRequest(http.MethodGet, "/healthz", nil)
		request.Host = host
		recorder := httptest.NewRecorder()
		s.Handler().ServeHTTP(recorder, request)
		if recorder.Code != status {
			t.Errorf("%q: %d, want %d", host, recorder.Code, status)
		}
	}
}

// A sign-in that can't be checked is no refusal: the token may be good.
func TestSignInThatCannotBeChecked(t *testing.T) {
	s := newTestServer(t, func(c *Config) {
		c.SignIn = func(context.Context, string) (context.Context, error) {
			return nil, &cloudtag.Error{Code: cloudtag.CodeUnavailable, Message: cloudtag.Text{ZH: "稍后", EN: "later"}, Cause: errors.New("no keys")}
		}
		c.SignInReady = func() error { return errors.New("no keys at https://id.example/secret-path") }
	})
	response := s.do("POST", "/graphql", strings.NewReader("{}"), "Authorization", "Bearer x", "Accept-Language", "en")
	got := decode(t, response)
	if response.Code != 503 || response.Header().Get("Retry-After") == "" || got.Errors[0].Extensions.Code != "UNAVAILABLE" || got.Errors[0].Message != "later" {
		t.Errorf("%d %v %s", response.Code, response.Header(), response.Body)
	}
	if ready := s.do("GET", "/readyz", nil); ready.Code != 503 || !strings.Contains(ready.Body.String(), "keys are missing") || strings.Contains(ready.Body.String(), "secret-path") {
		t.Errorf("%d %s", ready.Code, ready.Body)
	}
	if alive := s.do("GET", "/healthz", nil); alive.Code != 200 {
		t.Errorf("%d", alive.Code)
	}
}

// Whatever goes wrong, nothing that came with the request is in the log or in the answer.
func TestSecretsStayOutOfLogAndAnswers(t *testing.T) {
	const secret = "hunter2-hunter2-hunter2"
	broken := newTestServer(t, func(c *Config) {
		c.GraphQL = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			panic(r.URL.Path) // a fault like any other
		})
	})
	failing := newTestServer(t, func(c *Config) {
		c.SignIn = func(context.Context, string) (context.Context, error) { return nil, errors.New("database is gone") }
	})
	fine := newTestServer(t, nil)
	good := "Bearer " + fine.token(t, time.Hour)
	for name, s := range map[string]*testServer{"fine": fine, "broken": broken, "failing": failing} {
		for _, authorization := range []string{good, "Bearer " + secret, "Bearer eyJhbGciOiJIUzI1NiJ9." + secret + ".x", "Basic " + secret, secret, "Bearer " + strings.Repeat(secret, 1000)} {
			for _, method := range []string{"POST", "GET", "PUT", secret} {
				response := s.do(method, "/graphql?query="+secret, strings.NewReader(secret), "Authorization", authorization, "Cookie", secret, "Content-Type", secret, "X-Request-Id", secret+"!")
				if strings.Contains(response.Body.String(), "hunter2") || strings.Contains(response.Body.String(), "eyJ") {
					t.Errorf("%s, %s: %s", name, method, response.Body)
				}
			}
		}
		if log := s.log.String(); strings.Contains(log, "hunter2") || strings.Contains(log, "eyJ") || !strings.Contains(log, "request") {
			t.Errorf("%s: the log has a secret, or nothing:\n%.3000s", name, log)
		}
	}
	if !strings.Contains(broken.log.String(), "panic") || !strings.Contains(failing.log.String(), "database is gone") {
		t.Error("the faults did not happen")
	}
}

// The line of a request says what was executed and which error was sent; those beyond the share are left out, unless
// they failed by the server's fault.
func TestAccessLog(t *testing.T) {
	for name, test := range map[string]struct {
		share  float64
		code   string
		status int
		want   string // in the line; empty: there is none
	}{
		"all":                          {1, "", 200, `"operation":"query Queue"`},
		"all, refused":                 {1, "FORBIDDEN", 200, `"code":"FORBIDDEN"`},
		"hardly any":                   {1e-18, "", 200, ""},
		"hardly any, refused":          {1e-18, "FORBIDDEN", 200, ""},
		"hardly any, failed":           {1e-18, "INTERNAL", 200, `"code":"INTERNAL"`},
		"hardly any, store away":       {1e-18, "UNAVAILABLE", 200, `"code":"UNAVAILABLE"`},
		"hardly any, failed by status": {1e-18, "", 503, `"status":503`},
		"none, failed":                 {0, "INTERNAL", 500, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newTestServer(t, func(c *Config) {
				c.LoggedRequests = test.share
				c.GraphQL = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					accesslog.From(r.Context()).SetOperation("query Queue")
					if test.code != "" {
						accesslog.From(r.Context()).SetCode(test.code)
					}
					w.WriteHeader(test.status)
				})
			})
			s.do("POST", "/graphql", strings.NewReader("{}"), "Content-Type", "application/json")
			log := s.log.String()
			if logged := strings.Contains(log, `"msg":"request"`); logged != (test.want != "") || !strings.Contains(log, test.want) {
				t.Errorf("want %q in %q", test.want, log)
			}
		})
	}
}

// countedStore counts pings; each waits for the gate.
type countedStore struct {
	pings atomic.Int64
	gate  chan struct{}
}

func (c *countedStore) Ping(ctx context.Context) error {
	c.pings.Add(1)
	select {
	case <-c.gate:
	case <-ctx.Done():
	}
	return ctx.Err()
}

// However many probe the server, the store is asked once a second, and a prober that goes away spoils nothing.
func TestProbesAreCheap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		counted := &countedStore{gate: make(chan struct{})}
		s := newTestServer(t, func(c *Config) { c.Store = counted })
		probe := func(ctx context.Context) int {
			recorder := httptest.NewRecorder()
			s.ready(recorder, httptest.NewRequest(http.MethodGet, "/readyz", nil).WithContext(ctx))
			return recorder.Code
		}
		gone, leave := context.WithCancel(t.Context())
		var probes sync.WaitGroup
		probes.Go(func() { probe(gone) })
		synctest.Wait()
		leave()
		for range 200 {
			probes.Go(func() {
				if code := probe(t.Context()); code != http.StatusOK {
					t.Errorf("%d", code)
				}
			})
		}
		close(counted.gate)
		probes.Wait()
		if got := counted.pings.Load(); got != 1 {
			t.Errorf("%d pings for 201 probes at once", got)
		}
		<-time.After(pingInterval)
		counted.gate = make(chan struct{})
		if code := probe(t.Context()); code != http.StatusServiceUnavailable || counted.pings.Load() != 2 {
			t.Errorf("a store that does not answer: %d, %d pings", code, counted.pings.Load())
		}
	})
}

func TestDevelopmentSignIn(t *testing.T) {
	s := newTestServer(t, func(c *Config) {
		c.SignInAs = func(_ context.Context, role string) (string, error) {
			return map[string]string{"reviewer": "a.b.c"}[role], map[string]error{"broken": errors.New("secret state")}[role]
		}
	})
	for path, want := range map[string]struct {
		status   int
		location string
	}{
		"/as/reviewer":          {http.StatusSeeOther, "/#token=a.b.c"},
		"/as/reviewer/graphiql": {http.StatusSeeOther, "/graphiql#token=a.b.c"},
		"/as/nobody":            {http.StatusNotFound, ""},
		"/as/broken":            {http.StatusInternalServerError, ""},
	} {
		response := s.do("GET", path, nil)
		if response.Code != want.status || response.Header().Get("Location") != want.location || strings.Contains(response.Body.String(), "secret") {
			t.Errorf("%s: %d to %q, want %d to %q", path, response.Code, response.Header().Get("Location"), want.status, want.location)
		}
	}
	if response := newTestServer(t, nil).do("GET", "/as/reviewer", nil); response.Code != http.StatusNotFound {
		t.Errorf("without development: %d", response.Code)
	}
}

func TestThePathMayEndInASlash(t *testing.T) {
	s := newTestServer(t, nil)
	if got := decode(t, s.do("POST", "/graphql/", strings.NewReader("{}"), "Authorization", "Bearer "+s.token(t, time.Hour))); !got.SignedIn || got.Body != 2 {
		t.Errorf("%+v", got)
	}
	if response := s.do("POST", "/graphql/more", strings.NewReader("{}")); response.Code != http.StatusNotFound {
		t.Errorf("below: %d", response.Code)
	}
}
