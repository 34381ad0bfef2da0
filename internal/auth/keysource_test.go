package auth

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestKeySource(t *testing.T) {
	good := keySet(t, jwk(t, signers().rsa, "k"))
	serve := func(handler http.HandlerFunc) string {
		server := httptest.NewServer(handler)
		t.Cleanup(server.Close)
		return server.URL + "/keys?apikey=hunter2"
	}
	var bomb bytes.Buffer
	packed := gzip.NewWriter(&bomb)
	fmt.Fprint(packed, `{"keys":[], "x":"`+strings.Repeat("x", 50<<20)+`"}`)
	_ = packed.Close()
	asked := 0
	elsewhere := serve(func(http.ResponseWriter, *http.Request) { asked++ })
	const refusing = "127.0.0.1:1" // no server listens on tcpmux's port, and none gets it as a free one
	tests := map[string]struct{ url, says string }{
		"keys": {serve(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Last-Modified", "Sun, 01 Mar 2026 12:00:00 GMT")
			_, _ = w.Write(good)
		}), ""},
		"a redirect": {serve(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere, http.StatusFound) }), "redirect"},
		"an error": {serve(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = w.Write(good)
		}), "status 500"},
		"nothing": {serve(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }), "status 204"},
		"a page":  {serve(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>hunter2") }), "JWK Set"},
		"too much": {serve(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(append(good, bytes.Repeat([]byte(" "), maxKeySetBytes)...))
		}), "more than"},
		"long headers": {serve(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X", strings.Repeat("x", 100<<10))
			_, _ = w.Write(good)
		}), "header"},
		"much, packed": {serve(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
		}), "more than"},
		"cut": {serve(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "9999")
			_, _ = w.Write(good)
		}), "EOF"},
		"nobody there":  {"http://" + refusing + "?apikey=hunter2", "refused"},
		"not encrypted": {"https://" + refusing + "?apikey=hunter2", "refused"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			answer, err := NewKeySource(test.url).Read(t.Context())
			if test.says == "" {
				if err != nil || len(answer.Keys.Usable) != 1 || answer.LastModified.Unix() != 1772366400 || answer.Date.IsZero() {
					t.Errorf("%+v, %v", answer, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%v, want %q and nothing secret", err, test.says)
			}
		})
	}
	if asked != 0 {
		t.Error("a redirect was followed")
	}
}

func TestKeySourceDoesNotWaitForLong(t *testing.T) {
	stalled := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `{"keys":[`)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}))
	defer stalled.Close()
	source := NewKeySource(stalled.URL)
	if source.client.Timeout != 5*time.Second {
		t.Errorf("waits %s", source.client.Timeout)
	}
	source.client.Timeout = 50 * time.Millisecond
	if _, err := source.Read(t.Context()); err == nil {
		t.Error("no error")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := NewKeySource(stalled.URL).Read(ctx); err == nil {
		t.Error("the end of the context is no error")
	}
}
