package web

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"strings"
	"testing"
)

// packed compresses a text.
func packed(t *testing.T, coding, text string) string {
	t.Helper()
	var body bytes.Buffer
	var writer io.WriteCloser = gzip.NewWriter(&body)
	if coding == "deflate" {
		writer = zlib.NewWriter(&body)
	}
	if _, err := io.WriteString(writer, text); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return body.String()
}

func TestCompressedBodies(t *testing.T) {
	const most = 100_000
	s := newTestServer(t, func(c *Config) { c.MaxBodyBytes = most })
	text := strings.Repeat("0123456789", 100)
	gzipped := packed(t, "gzip", text)
	empty := packed(t, "gzip", "")
	for name, test := range map[string]struct {
		coding, body string
		status       int
		bytes        int
		code         string
	}{
		"gzip":                      {"gzip", gzipped, 200, 1000, ""},
		"in capitals":               {"GZIP", gzipped, 200, 1000, ""},
		"deflate":                   {"deflate", packed(t, "deflate", text), 200, 1000, ""},
		"identity":                  {"identity", text, 200, 1000, ""},
		"two members":               {"gzip", gzipped + gzipped, 200, 2000, ""},
		"as long as may be":         {"gzip", packed(t, "gzip", strings.Repeat("a", most)), 200, most, ""},
		"a bomb":                    {"gzip", packed(t, "gzip", strings.Repeat("a", most+1)), 413, 0, "LIMIT_EXCEEDED"},
		"a large bomb":              {"deflate", packed(t, "deflate", strings.Repeat("a", 50<<20)), 413, 0, "LIMIT_EXCEEDED"},
		"much that becomes nothing": {"gzip", strings.Repeat(empty, most/len(empty)+1), 413, 0, "LIMIT_EXCEEDED"},
		"cut off":                   {"gzip", gzipped[:len(gzipped)-6], 400, 0, "BAD_USER_INPUT"},
		"cut off at once":           {"gzip", gzipped[:3], 400, 0, "BAD_USER_INPUT"},
		"none of it":                {"gzip", text, 400, 0, "BAD_USER_INPUT"},
		"brotli":                    {"br", text, 415, 0, "BAD_USER_INPUT"},
		"zstd":                      {"zstd", text, 415, 0, "BAD_USER_INPUT"},
		"twice":                     {"gzip, gzip", packed(t, "gzip", gzipped), 415, 0, "BAD_USER_INPUT"},
		"invented":                  {"x-nothing", text, 415, 0, "BAD_USER_INPUT"},
	} {
		t.Run(name, func(t *testing.T) {
			response := s.do(http.MethodPost, "/graphql", strings.NewReader(test.body), "Content-Encoding", test.coding)
			got := decode(t, response)
			code := ""
			if len(got.Errors) > 0 {
				code = got.Errors[0].Extensions.Code
			}
			if response.Code != test.status || got.Body != test.bytes || code != test.code {
				t.Errorf("%d %s, want %d, %d bytes, %s", response.Code, response.Body, test.status, test.bytes, test.code)
			}
			if offered := response.Header().Get("Accept-Encoding"); (offered != "") != (test.status == http.StatusUnsupportedMediaType) {
				t.Errorf("codings that are read: %q", offered)
			}
		})
	}
}
