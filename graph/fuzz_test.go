package graph_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"cloudtag/graph"
	"cloudtag/graph/graphtest"
	"cloudtag/internal/cloudtag"
)

// frame returns a client's WebSocket frame with a zero mask.
func frame(first byte, payload string) []byte {
	head := []byte{first, 0x80 | byte(min(len(payload), 126))}
	if len(payload) >= 126 {
		head[1] = 0x80 | 126
		head = binary.BigEndian.AppendUint16(head, uint16(len(payload)))
	}
	return append(append(head, 0, 0, 0, 0), payload...)
}

// FuzzSocket sends bytes after the handshake, as frames and as messages: whatever they are, the socket ends by the protocol,
// nothing panics, and no goroutine is left.
func FuzzSocket(f *testing.F) {
	s := graphtest.New(f, func(_ *graphtest.Stack, config *graph.Config) {
		config.Limits.Sockets.MessageBytes = 4096
		config.Limits.Sockets.InitTimeout = time.Second
	})
	signIn := frame(0x81, `{"type":"connection_init","payload":{"authorization":"`+s.As(cloudtag.RoleAdmin)+`"}}`)
	for _, message := range []string{
		`{"type":"ping"}`, `{"type":"pong","payload":{}}`, `{"type":"complete","id":"1"}`, `{"type":"connection_init"}`,
		`{"type":"subscribe","id":"1","payload":{"query":"{ viewer { id } }"}}`, `{`, "\xff", `{"type":"subscribe","id":1}`,
		`{"type":"subscribe","id":"1","payload":{"query":"subscription { caseChanged { cursor } }"}}`,
		`{"type":"subscribe","id":"1","payload":{"query":"mutation { x }","variables":{"a":[1e999]}}}`, strings.Repeat("x", 5000),
	} {
		f.Add(true, frame(0x81, message))
		f.Add(false, frame(0x81, message))
		f.Add(true, append(frame(0x01, message[:len(message)/2]), frame(0x80, message[len(message)/2:])...))
	}
	for _, raw := range [][]byte{
		nil, frame(0x82, "binary"), frame(0x88, "\x03\xe8bye"), frame(0x88, "\x00"), frame(0x89, "ping"), frame(0x8a, ""),
		frame(0xf1, "reserved"), frame(0x83, "unknown"), frame(0x80, "continues nothing"), {0x81, 0x05, 'p', 'l', 'a', 'i', 'n'},
		{0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, {0x89, 0xfe, 0x01, 0x00, 0, 0, 0, 0},
	} {
		f.Add(true, raw)
	}
	f.Fuzz(func(t *testing.T, signedIn bool, raw []byte) {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.Server.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
		fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
			"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n")
		reader := bufio.NewReader(conn)
		response, err := http.ReadResponse(reader, nil) //nolint:bodyclose // it has none: what follows are frames
		if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
			t.Fatalf("%+v, %v", response, err)
		}
		if signedIn {
			_, _ = conn.Write(signIn)
		}
		_, _ = conn.Write(raw)
		_ = conn.(*net.TCPConn).CloseWrite()
		if code, closed := closeCode(t, reader); closed && !knownCodes[code] {
			t.Errorf("closed with %d", code)
		}
		eventually(t, func() bool { return s.Readers() == 0 }, "readers are left")
		if logged := s.Logs.String(); strings.Contains(logged, "panic") {
			t.Error(logged)
		}
	})
}

// knownCodes are the close codes of the server.
var knownCodes = map[int]bool{
	1000: true, 1001: true, 1002: true, 1005: true, 1007: true, 1008: true, 1009: true, 1013: true,
	4400: true, 4401: true, 4403: true, 4408: true, 4409: true, 4429: true,
}

// closeCode reads the server's frames, which must be valid, and returns the code of the close frame.
func closeCode(t *testing.T, reader *bufio.Reader) (code int, closed bool) {
	t.Helper()
	for {
		var head [2]byte
		if _, err := io.ReadFull(reader, head[:]); err != nil {
			return code, closed // cut, which a client that has closed its side may be
		}
		if closed {
			t.Error("a frame behind the close frame")
		}
		length := int(head[1] & 0x7f)
		if head[1]&0x80 != 0 || head[0]&0x70 != 0 {
			t.Fatalf("frame %x, want it unmasked and without reserved bits", head)
		}
		if length == 126 {
			var long [2]byte
			if _, err := io.ReadFull(reader, long[:]); err != nil {
				return 0, false
			}
			length = int(binary.BigEndian.Uint16(long[:]))
		}
		payload := make([]byte, length)
		if _, err := io.ReadFull(reader, payload); err != nil {
			return 0, false
		}
		switch {
		case head[0]&0x0f == 1 && !utf8.Valid(payload):
			t.Errorf("text %q is none", payload)
		case head[0]&0x0f == 8:
			if code, closed = 1005, true; length >= 2 {
				code = int(binary.BigEndian.Uint16(payload))
			}
		}
	}
}

// leavingClient disconnects from event streams at once: they do not end by themselves.
type leavingClient struct {
	*httptest.ResponseRecorder
	leave context.CancelFunc
}

// Flush implements [http.Flusher].
func (c leavingClient) Flush() {
	c.ResponseRecorder.Flush()
	if c.Header().Get("Content-Type") == "text/event-stream" {
		c.leave()
	}
}

// FuzzEndpoint sends any request: none may cause an internal error or take long.
func FuzzEndpoint(f *testing.F) {
	s := graphtest.New(f)
	admin := s.As(cloudtag.RoleAdmin)
	const plain = "application/json"
	for _, body := range []string{
		`{"query":"{ viewer { id } }"}`, `{"query":"query A($a: ID!) { viewer { id } }","operationName":"A","variables":{"a":1}}`,
		`[]`, `null`, `{"query":1}`, `{"query":"mutation { submitTags(input: {}) { acceptedCount } }"}`, "\xff", `{"query":"{ a"`,
		`{"query":"subscription { caseChanged { cursor } }"}`, `{"query":"{ tags(first: 9999999999999999999) { totalCount } }"}`,
		`{"query":"fragment a on Query { ...a } { ...a }"}`, `{"query":"{ __schema { types { name } } }"}`, `{"query":"{ viewer { id } }"} x`,
		`{"query":"query ($f: TagFilter) { tags(filter: $f) { totalCount } }","variables":{"f":{"orderNos":[null]}}}`,
	} {
		f.Add("POST", plain, plain, body, true)
		f.Add("POST", plain, "application/graphql-response+json", body, false)
		f.Add("POST", "text/plain", "", body, true)
		f.Add("GET", "", "*/*", body, true)
		f.Add("POST", plain, "text/event-stream", body, true)
	}
	f.Add("DELETE", plain, plain, "", false)
	f.Fuzz(func(t *testing.T, method, contentType, accept, body string, signedIn bool) {
		target, content := "/", body
		if method == http.MethodGet {
			target, content = "/?query="+url.QueryEscape(body), ""
		}
		ctx, leave := context.WithCancel(t.Context())
		defer leave()
		request, err := http.NewRequestWithContext(ctx, method, target, strings.NewReader(content))
		if err != nil {
			return
		}
		request.Header = http.Header{"Content-Type": {contentType}, "Accept": {accept}}
		if signedIn {
			request.Header.Set("Authorization", admin)
		}
		answer, began := httptest.NewRecorder(), time.Now()
		s.Handler.ServeHTTP(leavingClient{answer, leave}, request)
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("took %s", took)
		}
		if answer.Code >= 500 || strings.Contains(answer.Body.String(), `"INTERNAL"`) {
			t.Errorf("%d %s\n%s", answer.Code, answer.Body, s.Logs)
		}
		if !utf8.Valid(answer.Body.Bytes()) {
			t.Errorf("%q is no text", answer.Body)
		}
	})
}
