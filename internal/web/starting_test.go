package web

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"
)

// TestStarting: while something is awaited probes get it as the reason; then the listener is the server's again.
func TestStarting(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	starting := NewStarting(listener, slog.New(slog.DiscardHandler))
	for _, what := range []string{"indexes of tags", "indexes of cases"} {
		starting.Await(what)
		for path, want := range map[string]string{"/healthz": "200 ok\n", "/readyz": "503 starting: " + what + "\n"} {
			if got := statusOf(t, listener, path); got != want {
				t.Errorf("%s says %q, want %q", path, got, want)
			}
		}
	}
	if err := starting.End(t.Context()); err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(alive)}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	if got := statusOf(t, listener, "/readyz"); got != "200 ok\n" {
		t.Errorf("the server says %q", got)
	}
	if err := server.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
}

func TestStartingWithoutWaiting(t *testing.T) {
	if err := NewStarting(nil, nil).End(t.Context()); err != nil {
		t.Error(err)
	}
}

func statusOf(t *testing.T, listener net.Listener, path string) string {
	t.Helper()
	response, err := http.Get("http://" + listener.Addr().String() + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.Status[:3] + " " + string(body)
}
