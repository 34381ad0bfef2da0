package web

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// serveMetrics serves metrics on a port of their own until the test ends.
func serveMetrics(t *testing.T, registry *prometheus.Registry) (base string, end func() error) {
	t.Helper()
	var listen net.ListenConfig
	listener, err := listen.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- ServeMetrics(ctx, listener, registry, slog.New(slog.DiscardHandler)) }()
	return "http://" + listener.Addr().String(), func() error {
		stop()
		select {
		case err := <-ended:
			return err
		case <-time.After(10 * time.Second):
			return errors.New("the server does not end")
		}
	}
}

// scrape reads the metrics as Prometheus does.
func scrape(t *testing.T, registry *prometheus.Registry) string {
	t.Helper()
	base, end := serveMetrics(t, registry)
	status, text := get(t, base+"/metrics", "")
	if status != http.StatusOK {
		t.Errorf("metrics: %d %s", status, text)
	}
	if err := end(); err != nil {
		t.Error(err)
	}
	return text
}

func get(t *testing.T, url, host string) (status int, text string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = host
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// The metrics' listener has metrics and nothing else, for nobody who reaches it by another name.
func TestServeMetrics(t *testing.T) {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector())
	base, end := serveMetrics(t, registry)
	if status, text := get(t, base+"/metrics", ""); status != http.StatusOK || !strings.Contains(text, "go_goroutines ") {
		t.Errorf("%d %s", status, text)
	}
	for _, path := range []string{"/", "/graphql", "/healthz", "/metrics/x", "/debug/pprof/"} {
		if status, _ := get(t, base+path, ""); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
	if status, text := get(t, base+"/metrics", "elsewhere.example"); status == http.StatusOK {
		t.Errorf("by another name: %d %.60s", status, text)
	}
	if err := end(); err != nil {
		t.Errorf("the end: %v", err)
	}
}

func TestServeMetricsOnAListenerThatFails(t *testing.T) {
	var listen net.ListenConfig
	listener, err := listen.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	if err := ServeMetrics(t.Context(), listener, prometheus.NewRegistry(), slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a closed listener is no failure")
	}
}
