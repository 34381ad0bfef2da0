package command

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cloudtag/internal/config"
)

func TestHealth(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		want   string
	}{
		"ready":     {http.StatusOK, ""},
		"not ready": {http.StatusServiceUnavailable, "503 Service Unavailable: the store does not answer"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/readyz" {
					t.Errorf("asked for %s", r.URL.Path)
				}
				w.WriteHeader(test.status)
				fmt.Fprintln(w, "the store does not answer")
			}))
			defer server.Close()
			err := Health(t.Context(), &config.Health{Addr: config.Address(strings.TrimPrefix(server.URL, "http://"))})
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
	if err := Health(t.Context(), &config.Health{Addr: "127.0.0.1:1"}); err == nil {
		t.Error("no error although nothing listens")
	}
	for address, want := range map[config.Address]string{
		"0.0.0.0:80": "localhost:80", "[::]:80": "localhost:80", ":80": "localhost:80", "127.0.0.1:80": "127.0.0.1:80", "[::1]:80": "[::1]:80",
	} {
		if got := reachable(address); got != want {
			t.Errorf("reachable(%s) = %s, want %s", address, got, want)
		}
	}
}
