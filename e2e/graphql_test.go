//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// answer is a GraphQL response.
type answer struct {
	Data   json.RawMessage `json:"data"`
	Errors []struct {
		Message    string         `json:"message"`
		Path       []any          `json:"path"`
		Extensions map[string]any `json:"extensions"`
	} `json:"errors"`
	status int
}

// code is the code of the first top-level error.
func (a answer) code() string {
	if len(a.Errors) == 0 {
		return ""
	}
	code, _ := a.Errors[0].Extensions["code"].(string)
	return code
}

// raw posts a body without changing it.
func (s *server) raw(token string, body []byte, header http.Header) (int, []byte) {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url("/graphql"), bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	for name, values := range header {
		request.Header[name] = values
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response.StatusCode, content
}

// try sends an operation and returns the response, including errors.
func (s *server) try(token, document string, variables any) answer {
	s.t.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		s.t.Fatal(err)
	}
	status, content := s.raw(token, body, nil)
	var got answer
	if err := json.Unmarshal(content, &got); err != nil {
		s.t.Fatalf("status %d, no JSON: %.300s", status, content)
	}
	got.status = status
	return got
}

// ask sends an operation that must succeed, and decodes its data.
func ask[T any](s *server, token, document string, variables any) T {
	s.t.Helper()
	got := s.try(token, document, variables)
	if len(got.Errors) > 0 {
		s.t.Fatalf("%s: %+v", document, got.Errors)
	}
	var data T
	if err := json.Unmarshal(got.Data, &data); err != nil {
		s.t.Fatal(err)
	}
	return data
}

const submitDocument = `mutation($input: SubmitTagsInput!) { submitTags(input: $input) {
  batchId acceptedCount
  results { index orderNo accepted tag { orderNo status markResult reason(language: EN) version } error { code message field } }
  userErrors { code message field }
} }`

// userError is a refusal in a payload.
type userError struct {
	Code    string   `json:"code"`
	Message string   `json:"message"`
	Field   []string `json:"field"`
}

// submitted is the payload of submitTags.
type submitted struct {
	BatchID       *string `json:"batchId"`
	AcceptedCount int     `json:"acceptedCount"`
	Results       []struct {
		Index    int    `json:"index"`
		OrderNo  string `json:"orderNo"`
		Accepted bool   `json:"accepted"`
		Tag      *struct {
			OrderNo    string `json:"orderNo"`
			Status     string `json:"status"`
			MarkResult string `json:"markResult"`
			Reason     string `json:"reason"`
			Version    int    `json:"version"`
		} `json:"tag"`
		Error *userError `json:"error"`
	} `json:"results"`
	UserErrors []userError `json:"userErrors"`
}

// codes returns the code of each result, "" for accepted ones.
func (p submitted) codes() []string {
	codes := make([]string, len(p.Results))
	for i, result := range p.Results {
		if result.Error != nil {
			codes[i] = result.Error.Code
		}
	}
	return codes
}

// submit sends a batch as a shop would.
func (s *server) submit(token, key string, orders ...string) submitted {
	s.t.Helper()
	type data struct {
		SubmitTags submitted `json:"submitTags"`
	}
	return ask[data](s, token, submitDocument, map[string]any{"input": map[string]any{
		"orderNos": orders, "scenario": "RETURN_SWAPPED", "idempotencyKey": key,
	}}).SubmitTags
}

// socket is a graphql-transport-ws connection with one subscription on it.
type socket struct {
	t      *testing.T
	conn   *websocket.Conn
	events chan json.RawMessage
	done   chan error
}

type message struct {
	Type    string          `json:"type"`
	ID      string          `json:"id,omitempty"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// dial opens a socket and signs in.
func (s *server) dial(token string) *websocket.Conn {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience())
	defer cancel()
	//nolint:bodyclose // the library's documentation: the body of the answer never needs to be closed
	conn, _, err := websocket.Dial(ctx, "ws://"+s.address+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = conn.CloseNow() })
	payload, _ := json.Marshal(map[string]string{"authorization": "Bearer " + token})
	if err := wsjson.Write(ctx, conn, message{Type: "connection_init", Payload: payload}); err != nil {
		s.t.Fatal(err)
	}
	var ack message
	if err := wsjson.Read(ctx, conn, &ack); err != nil || ack.Type != "connection_ack" {
		s.t.Fatalf("sign-in: %+v, %v", ack, err)
	}
	return conn
}

// subscribe opens a socket with one subscription; its events wait in a channel.
func (s *server) subscribe(token, document string, variables any) *socket {
	s.t.Helper()
	conn := s.dial(token)
	payload, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		s.t.Fatal(err)
	}
	if err := wsjson.Write(s.t.Context(), conn, message{Type: "subscribe", ID: "1", Payload: payload}); err != nil {
		s.t.Fatal(err)
	}
	sock := &socket{t: s.t, conn: conn, events: make(chan json.RawMessage, 10_000), done: make(chan error, 1)}
	ctx := s.t.Context()
	go func() { sock.done <- sock.read(ctx) }()
	return sock
}

// read forwards events until the socket ends.
func (sock *socket) read(ctx context.Context) error {
	for {
		var got message
		if err := wsjson.Read(ctx, sock.conn, &got); err != nil {
			return err
		}
		switch got.Type {
		case "ping":
			if err := wsjson.Write(ctx, sock.conn, message{Type: "pong"}); err != nil {
				return err
			}
		case "next", "error":
			sock.events <- got.Payload
		case "complete":
			return nil
		}
	}
}

// next waits for the next event.
func next[T any](sock *socket) T {
	sock.t.Helper()
	select {
	case payload := <-sock.events:
		var got struct {
			Data   T   `json:"data"`
			Errors any `json:"errors"`
		}
		if err := json.Unmarshal(payload, &got); err != nil || got.Errors != nil {
			sock.t.Fatalf("event %s: %v", payload, err)
		}
		return got.Data
	case err := <-sock.done:
		sock.t.Fatalf("the subscription ended: %v", err)
	case <-time.After(patience()):
		sock.t.Fatalf("no event within %s", patience())
	}
	panic("unreachable")
}

// quiet fails the test when an event is waiting.
func (sock *socket) quiet() {
	sock.t.Helper()
	select {
	case payload := <-sock.events:
		sock.t.Fatalf("an event too many: %s", payload)
	default:
	}
}

// logEnd is the cursor of the newest entry of the log, for the staff.
func (s *server) logEnd() string {
	s.t.Helper()
	type data struct {
		Log struct {
			PageInfo struct {
				EndCursor string `json:"endCursor"`
			} `json:"pageInfo"`
		} `json:"log"`
	}
	return ask[data](s, token(s.t, "AUDITOR"), `{ log(last: 1) { pageInfo { endCursor } } }`, nil).Log.PageInfo.EndCursor
}

// liveCursor is a caller's cursor of the log's end: a subscription after it receives every later event.
func (s *server) liveCursor(token string) string {
	s.t.Helper()
	return ask[struct{ LiveCursor string }](s, token, `{ liveCursor }`, nil).LiveCursor
}
