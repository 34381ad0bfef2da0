package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"cloudtag/internal/ratelimit"
)

// long answers with more than is worth compressing, in two pieces, and reports its caller's address.
var long = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("ETag", `"of-the-answer"`)
	_, _ = io.WriteString(w, strings.Repeat(`{"a":1}`, 1000))
	w.Header().Set("X-Seen", r.RemoteAddr)
	_ = http.NewResponseController(w).Flush()
	_, _ = io.WriteString(w, strings.Repeat(`{"b":2}`, 1000))
})

func TestAnswersAreCompressed(t *testing.T) {
	s := newTestServer(t, func(config *Config) { config.GraphQL = long })
	plain := strings.Repeat(`{"a":1}`, 1000) + strings.Repeat(`{"b":2}`, 1000)
	response := s.do(http.MethodPost, "/graphql", strings.NewReader(`{}`), "Accept-Encoding", "gzip")
	header := response.Header()
	if header.Get("Content-Encoding") != "gzip" || header.Get("Cache-Control") != "no-store" || header.Get("ETag") != `"of-the-answer"` ||
		header.Get("Content-Type") != "application/json" || !strings.Contains(strings.Join(header.Values("Vary"), ","), "Accept-Encoding") ||
		!strings.Contains(strings.Join(header.Values("Vary"), ","), "Accept-Language") {
		t.Fatalf("%v", header)
	}
	reader, err := gzip.NewReader(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(reader); err != nil || string(got) != plain {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	// Neither makes a stream of it.
	for _, headers := range [][]string{{"Accept", "application/json, text/event-stream"}, {"Connection", "Upgrade", "Upgrade", "h2c"}} {
		response := s.do(http.MethodGet, "/graphql", nil, append(headers, "Accept-Encoding", "gzip")...)
		if response.Header().Get("Content-Encoding") != "gzip" {
			t.Errorf("%v: %v", headers, response.Header())
		}
	}
	if log := s.log.String(); !strings.Contains(log, `"stream":false`) || strings.Contains(log, `"stream":true`) {
		t.Errorf("%s", log)
	}
	for _, headers := range [][]string{{}, {"Accept-Encoding", "br"}, {"Accept-Encoding", "gzip;q=0"}} {
		response := s.do(http.MethodGet, "/graphql", nil, headers...)
		if response.Header().Get("Content-Encoding") != "" || response.Body.String() != plain || response.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%v: %v", headers, response.Header())
		}
	}
	short := newTestServer(t, nil).do(http.MethodPost, "/graphql", strings.NewReader(`{}`), "Accept-Encoding", "gzip")
	if short.Header().Get("Content-Encoding") != "" {
		t.Errorf("a short answer: %v", short.Header())
	}
}

// Answers that differ by a character differ in length by more: how well a guess compresses can't be seen.
func TestLengthsOfAnswersAreOff(t *testing.T) {
	var guess byte
	s := newTestServer(t, func(config *Config) {
		config.GraphQL = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(append(bytes.Repeat([]byte("0123456789"), 200), guess))
		})
	})
	shortest, longest := 1<<20, 0
	for guess = 'a'; guess <= 'z'; guess++ {
		response := s.do(http.MethodPost, "/graphql", nil, "Accept-Encoding", "gzip")
		shortest, longest = min(shortest, response.Body.Len()), max(longest, response.Body.Len())
	}
	if longest-shortest < jitter/2 {
		t.Errorf("between %d and %d bytes", shortest, longest)
	}
}

// An event leaves when it is written, whatever the client can unpack: it is not wrapped.
func TestEventsAreNotHeldBack(t *testing.T) {
	next := make(chan struct{})
	s := newTestServer(t, func(config *Config) {
		config.GraphQL = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = io.WriteString(w, "data: first\n\n")
			_ = http.NewResponseController(w).Flush()
			<-next
		})
	})
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	defer close(next)
	request, err := http.NewRequest(http.MethodPost, server.URL+"/graphql", strings.NewReader(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = http.Header{"Accept": {"text/event-stream"}, "Accept-Encoding": {"gzip"}}
	response, err := server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	event := make([]byte, len("data: first\n\n"))
	if _, err := io.ReadFull(response.Body, event); err != nil || string(event) != "data: first\n\n" {
		t.Errorf("%q, %v", event, err)
	}
}

func TestClientAddress(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for name, test := range map[string]struct {
		proxies   []netip.Prefix
		peer      string
		forwarded []string
		want      string
	}{
		"no proxy is trusted":           {nil, "10.0.0.1:5", []string{"1.2.3.4"}, "10.0.0.1:5"},
		"somebody who is no proxy":      {proxies, "9.9.9.9:5", []string{"1.2.3.4"}, "9.9.9.9:5"},
		"behind a proxy":                {proxies, "10.0.0.1:5", []string{"1.2.3.4"}, "1.2.3.4:0"},
		"behind two":                    {proxies, "[::ffff:10.0.0.1]:5", []string{"1.2.3.4, 10.0.0.2"}, "1.2.3.4:0"},
		"who claims another address":    {proxies, "10.0.0.1:5", []string{"8.8.8.8, 1.2.3.4"}, "1.2.3.4:0"},
		"in another header":             {proxies, "10.0.0.1:5", []string{"8.8.8.8", "1.2.3.4,10.0.0.2"}, "1.2.3.4:0"},
		"with a port":                   {proxies, "[fd00::1]:5", []string{"[2001:db8::1]:777"}, "[2001:db8::1]:0"},
		"a proxy that asks by itself":   {proxies, "10.0.0.1:5", nil, "10.0.0.1:5"},
		"nonsense":                      {proxies, "10.0.0.1:5", []string{"1.2.3.4, unknown"}, "10.0.0.1:5"},
		"nonsense on the far side":      {proxies, "10.0.0.1:5", []string{"unknown, 1.2.3.4"}, "1.2.3.4:0"},
		"nobody but proxies on the way": {proxies, "10.0.0.1:5", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3:0"},
	} {
		var got string
		handler := clientAddress(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.RemoteAddr }), test.proxies)
		request := httptest.NewRequest(http.MethodGet, "/", nil)
		request.RemoteAddr = test.peer
		request.Header["X-Forwarded-For"] = test.forwarded
		handler.ServeHTTP(httptest.NewRecorder(), request)
		if got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func TestBadTokensAreLimitedByAddress(t *testing.T) {
	reasons := map[string]int{}
	s := newTestServer(t, func(config *Config) {
		config.BadTokens = ratelimit.New(ratelimit.Limit{PerSecond: 0.5, Burst: 3}, fixedClock(now), 100)
		config.Refused = func(reason string) { reasons[reason]++ }
	})
	for range 3 {
		if response := s.do(http.MethodPost, "/graphql", nil, "Authorization", "Bearer x"); response.Code != http.StatusUnauthorized {
			t.Errorf("%d", response.Code)
		}
	}
	response := s.do(http.MethodPost, "/graphql", nil, "Authorization", "Bearer x")
	if got := decode(t, response); response.Code != http.StatusTooManyRequests || response.Header().Get("Retry-After") != "2" || got.Errors[0].Extensions.Code != "RATE_LIMITED" {
		t.Errorf("%d %v %s", response.Code, response.Header(), response.Body)
	}
	if response := s.do(http.MethodPost, "/graphql", nil, "Authorization", "Bearer "+s.token(t, time.Hour)); response.Code != http.StatusOK {
		t.Errorf("a good token from the same address: %d", response.Code)
	}
	if reasons["bad_tokens"] != 1 {
		t.Errorf("%v", reasons)
	}
}

func TestSizesOfHeaders(t *testing.T) {
	s := newTestServer(t, func(config *Config) { config.MaxHeaderBytes = 4096 })
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, listener) }()
	defer func() {
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	}()
	// net/http reads 4096 bytes more than configured.
	for size, want := range map[int]int{4000: http.StatusOK, 4096 + 4096 + 1: http.StatusRequestHeaderFieldsTooLarge} {
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		request, err := http.NewRequest(http.MethodGet, "http://"+listener.Addr().String()+"/healthz", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-Long", strings.Repeat("x", size))
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("a header of %d bytes: %d, want %d", size, response.StatusCode, want)
		}
	}
}
