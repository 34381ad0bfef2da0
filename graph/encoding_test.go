package graph_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"strings"
	"testing"

	"cloudtag/graph"
	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"
)

// packed returns a text in a content coding.
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
	s := graphtest.New(t, func(_ *graphtest.Stack, config *graph.Config) { config.Limits.BodyBytes = most })
	admin := s.As(cloudtag.RoleAdmin)
	// of returns a request of a length.
	of := func(length int) string {
		const frame = `{"query":"{ viewer { id } }"}`
		return frame + strings.Repeat(" ", length-len(frame))
	}
	text := of(1000)
	gzipped := packed(t, "gzip", text)
	empty := packed(t, "gzip", "")
	for name, test := range map[string]struct {
		coding, body string
		status       int
		code         string
	}{
		"gzip":                      {"gzip", gzipped, 200, ""},
		"in capitals":               {"GZIP", gzipped, 200, ""},
		"deflate":                   {"deflate", packed(t, "deflate", text), 200, ""},
		"identity":                  {"identity", text, 200, ""},
		"two members":               {"gzip", packed(t, "gzip", text[:500]) + packed(t, "gzip", text[500:]), 200, ""},
		"as long as may be":         {"gzip", packed(t, "gzip", of(most)), 200, ""},
		"a bomb":                    {"gzip", packed(t, "gzip", of(most+1)), 413, "LIMIT_EXCEEDED"},
		"a large bomb":              {"deflate", packed(t, "deflate", of(50<<20)), 413, "LIMIT_EXCEEDED"},
		"much that becomes nothing": {"gzip", strings.Repeat(empty, most/len(empty)+1), 413, "LIMIT_EXCEEDED"},
		"cut off":                   {"gzip", gzipped[:len(gzipped)-6], 400, "BAD_USER_INPUT"},
		"cut off at once":           {"gzip", gzipped[:3], 400, "BAD_USER_INPUT"},
		"none of it":                {"gzip", text, 400, "BAD_USER_INPUT"},
		"brotli":                    {"br", text, 415, "BAD_USER_INPUT"},
		"zstd":                      {"zstd", text, 415, "BAD_USER_INPUT"},
		"twice":                     {"gzip, gzip", packed(t, "gzip", gzipped), 415, "BAD_USER_INPUT"},
		"invented":                  {"x-nothing", text, 415, "BAD_USER_INPUT"},
	} {
		t.Run(name, func(t *testing.T) {
			header := http.Header{"Authorization": {admin}, "Content-Type": {"application/json"}, "Content-Encoding": {test.coding}}
			answer := s.Send(http.MethodPost, "", strings.NewReader(test.body), header)
			code := strings.Join(answer.Codes(), " ")
			if answer.Status != test.status || code != test.code {
				t.Errorf("%d %s, want %d %s", answer.Status, answer.Raw, test.status, test.code)
			}
			if offered := answer.Header.Get("Accept-Encoding"); (offered != "") != (test.status == http.StatusUnsupportedMediaType) {
				t.Errorf("codings that are read: %q", offered)
			}
		})
	}
}
