//go:build e2e

package e2e

import (
	"encoding/json"
	"net/http"
	"testing"
)

const merchantPage = `query($after: Cursor) { merchants(first: 1, after: $after) { nodes { id } pageInfo { endCursor } } }`

// merchantAfter is the shop that follows a cursor, with its cursor; or the code of the refusal.
func (s *server) merchantAfter(bearer string, after *string) (id, cursor, code string) {
	s.t.Helper()
	got := s.try(bearer, merchantPage, map[string]any{"after": after})
	if len(got.Errors) > 0 {
		return "", "", got.code()
	}
	var data struct {
		Merchants struct {
			Nodes    []struct{ ID string }
			PageInfo struct{ EndCursor string }
		}
	}
	if err := json.Unmarshal(got.Data, &data); err != nil {
		s.t.Fatal(err)
	}
	found := data.Merchants
	return found.Nodes[0].ID, found.PageInfo.EndCursor, ""
}

// Cursors outlive the server: with the store's secret, and with one that is rotated.
func TestCursorsAcrossRestarts(t *testing.T) {
	const newer = "another-secret-for-cursors-of-end-to-end-tests-56789"
	uri := newDatabase(t)
	importMarket(t, uri, 3, 1)
	reviewer := token(t, "REVIEWER")
	check := func(name string, s *server, cursor, code string) {
		t.Helper()
		if id, _, refused := s.merchantAfter(reviewer, &cursor); refused != code || code == "" && id != "m-2" {
			t.Errorf("%s: %q, refused with %q, want %q", name, id, refused, code)
		}
	}
	s := serve(t, uri)
	_, kept, _ := s.merchantAfter(reviewer, nil)
	check("at once", s, kept, "")
	s.stop()
	s = serve(t, uri)
	check("after a restart", s, kept, "")
	if _, again, _ := s.merchantAfter(reviewer, nil); again != kept {
		t.Error("after a restart the same place has another cursor")
	}
	s.stop()

	s = serve(t, uri, "--cursor-secret", cursorSecret)
	check("of the store's secret, with another", s, kept, "BAD_USER_INPUT")
	_, old, _ := s.merchantAfter(reviewer, nil)
	s.stop()
	s = serve(t, uri, "--cursor-secret", newer, "--cursor-secret-previous", cursorSecret)
	check("of the secret before", s, old, "")
	_, fresh, _ := s.merchantAfter(reviewer, nil)
	s.stop()
	s = serve(t, uri, "--cursor-secret", newer)
	check("of the newest secret", s, fresh, "")
	check("of a secret that was taken away", s, old, "BAD_USER_INPUT")
}

// Metrics have their own address, so that two servers on a machine do not compete for the default one.
func TestMetricsHaveAnAddressOfTheirOwn(t *testing.T) {
	status := func(url string) int {
		response, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		return response.StatusCode
	}
	s := serve(t, newDatabase(t))
	if got := status(s.url("/metrics")); got != http.StatusNotFound {
		t.Errorf("beside the API: %d", got)
	}
	if got := status("http://" + s.watched + "/metrics"); got != http.StatusOK {
		t.Errorf("at their own address: %d", got)
	}
	if got := status("http://" + s.watched + "/readyz"); got != http.StatusNotFound {
		t.Errorf("another path there: %d", got)
	}
	for range 2 {
		other := serve(t, newDatabase(t), "--metrics-addr", "127.0.0.1:9090")
		if got := status(other.url("/readyz")); got != http.StatusOK {
			t.Errorf("another server: %d", got)
		}
	}
}
