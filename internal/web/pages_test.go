package web

import (
	"compress/gzip"
	"io"
	"strings"
	"testing"
)

func TestPages(t *testing.T) {
	s := newTestServer(t, nil)
	tests := []struct {
		path, kind, cache, says string
		status                  int
	}{
		{"/", "text/html; charset=utf-8", "no-store", "console", 200},
		{"/graphiql", "text/html; charset=utf-8", "no-store", "graphiql", 200},
		{"/assets/a-12345678.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", "let a", 200},
		{"/assets/f-12345678.ttf", "font/ttf", "public, max-age=31536000, immutable", "font", 200},
		{"/assets/", "", "", "", 404},
		{"/assets/none.js", "", "", "", 404},
		{"/assets/p-12345678.css.br", "", "", "", 404},
		{"/index.html", "", "", "", 404},
		{"/nothing", "", "", "", 404},
	}
	for _, test := range tests {
		response := s.do("GET", test.path, nil)
		if response.Code != test.status {
			t.Errorf("%s: status %d, want %d", test.path, response.Code, test.status)
			continue
		}
		if test.status == 200 && (response.Header().Get("Content-Type") != test.kind || response.Header().Get("Cache-Control") != test.cache || !strings.Contains(response.Body.String(), test.says)) {
			t.Errorf("%s: %v %.50s", test.path, response.Header(), response.Body)
		}
		if test.status == 404 && strings.Contains(response.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: what is missing may be cached for ever", test.path)
		}
	}
	if response := s.do("POST", "/", nil); response.Code == 200 {
		t.Errorf("POST /: %d", response.Code)
	}
}

func TestAssetsAreCompressed(t *testing.T) {
	s := newTestServer(t, nil)
	response := s.do("GET", "/assets/a-12345678.js", nil, "Accept-Encoding", "gzip")
	if response.Header().Get("Content-Encoding") != "gzip" || response.Body.Len() > 1000 {
		t.Fatalf("%v, %d bytes", response.Header(), response.Body.Len())
	}
	unpacked, err := gzip.NewReader(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if content, err := io.ReadAll(unpacked); err != nil || len(content) != 11_000 {
		t.Errorf("%d bytes, %v", len(content), err)
	}
	if plain := s.do("GET", "/assets/a-12345678.js", nil); plain.Header().Get("Content-Encoding") != "" || plain.Body.Len() != 11_000 {
		t.Errorf("uncompressed: %v", plain.Header())
	}
}

func TestAssetsThatTheBuildPackedSuitEveryClient(t *testing.T) {
	s := newTestServer(t, nil)
	for accepted, want := range map[string]string{
		"gzip, deflate, br, zstd": "br",
		"BR":                      "br",
		"gzip, br ; q=0.5":        "br",
		"gzip, br;q=0":            "gzip",
		"gzip, brotli":            "gzip",
		"identity":                "",
		"":                        "",
	} {
		response := s.do("GET", "/assets/p-12345678.css", nil, "Accept-Encoding", accepted)
		header := response.Header()
		content := response.Body.String()
		if want == "gzip" {
			unpacked, err := gzip.NewReader(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			all, err := io.ReadAll(unpacked)
			content = string(all)
			if err != nil {
				t.Error(err)
			}
		}
		text := strings.Repeat("a { color: red }\n", 1000)
		if expected := map[string]string{"br": string(packed(t, text)), "gzip": text, "": text}[want]; header.Get("Content-Encoding") != want || content != expected {
			t.Errorf("%q: coding %q with %d bytes, want %q", accepted, header.Get("Content-Encoding"), len(content), want)
		}
		if header.Get("Content-Type") != "text/css; charset=utf-8" || header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
			t.Errorf("%q: %v", accepted, header)
		}
		if vary := header.Values("Vary"); len(vary) != 1 || vary[0] != "Accept-Encoding" {
			t.Errorf("%q: varies by %q", accepted, vary)
		}
	}
}

func TestEachResponseOfAPageHasItsOwnNonce(t *testing.T) {
	s := newTestServer(t, nil)
	seen := map[string]bool{}
	for _, path := range []string{"/", "/", "/graphiql", "/graphiql"} {
		response := s.do("GET", path, nil)
		_, rest, _ := strings.Cut(response.Body.String(), `nonce="`)
		nonce, _, found := strings.Cut(rest, `"`)
		policy := response.Header().Get("Content-Security-Policy")
		if !found || len(nonce) < 22 || seen[nonce] || !strings.Contains(policy, "script-src 'self' 'nonce-"+nonce+"'") {
			t.Errorf("%s: nonce %q, policy %s", path, nonce, policy)
		}
		if response.Header().Get("ETag") != "" {
			t.Errorf("%s: a cache may pair an old nonce with a new policy", path)
		}
		if path == "/" && strings.Contains(policy, "unsafe-inline") {
			t.Errorf("the console's policy: %s", policy)
		}
		seen[nonce] = true
	}
}

func TestTheConsolesOwnAddressesAreThePage(t *testing.T) {
	s := newTestServer(t, nil)
	tests := []struct {
		method, path, accept string
		status               int
	}{
		{"GET", "/queue", "text/html,*/*", 200},
		{"GET", "/cases/RETURN_SWAPPED%3Ab%2F1", "text/html", 200},
		{"GET", "/queue", "application/json", 404},
		{"POST", "/queue", "text/html", 404},
		{"GET", "/assets/none.js", "text/html", 404},
	}
	for _, test := range tests {
		if got := s.do(test.method, test.path, nil, "Accept", test.accept); got.Code != test.status {
			t.Errorf("%s %s for %s: %d, want %d", test.method, test.path, test.accept, got.Code, test.status)
		}
	}
}
