//go:build e2e

package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// follower keeps one subscription open across restarts of the server: it resumes after the last event that it received. It never
// requests an event twice, so that a duplicate or missing event is the server's fault.
type follower struct {
	name, token, document string
	streams               bool // by server-sent events, instead of a socket
	take                  func(data json.RawMessage) (cursor string, err error)

	mu       sync.Mutex
	cursor   string
	resumed  int   // how often a server answered it
	rejected error // what it can't go on from
}

// run follows until the context ends, or an event is wrong.
func (f *follower) run(ctx context.Context, s *server) {
	for ctx.Err() == nil && f.failure() == nil {
		follow := f.followSocket
		if f.streams {
			follow = f.followStream
		}
		_ = follow(ctx, s) // ends with every server that dies
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (f *follower) failure() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.rejected
}

func (f *follower) resumptions() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.resumed
}

func (f *follower) answered() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.resumed++
}

// request is the subscription from the follower's position.
func (f *follower) request() json.RawMessage {
	f.mu.Lock()
	defer f.mu.Unlock()
	variables := map[string]any{}
	if f.cursor != "" {
		variables["after"] = f.cursor
	}
	body, err := json.Marshal(map[string]any{"query": f.document, "variables": variables})
	if err != nil {
		panic(err) // strings in maps can be encoded
	}
	return body
}

// event handles the payload of one event.
func (f *follower) event(payload []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var got answer
	if err := json.Unmarshal(payload, &got); err != nil {
		f.rejected = err
		return err
	}
	if code := got.code(); code == "UNAVAILABLE" {
		return fmt.Errorf("the server is stopping")
	} else if code != "" {
		f.rejected = fmt.Errorf("%s: the subscription ended with %s", f.name, code)
		return f.rejected
	}
	cursor, err := f.take(got.Data)
	if err != nil {
		f.rejected = fmt.Errorf("%s: %w", f.name, err)
		return f.rejected
	}
	f.cursor = cursor
	return nil
}

func (f *follower) followSocket(ctx context.Context, s *server) error {
	//nolint:bodyclose // the library's documentation: the body of the answer never needs to be closed
	conn, _, err := websocket.Dial(ctx, "ws://"+s.address+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		return err
	}
	defer conn.CloseNow()
	sign, err := json.Marshal(map[string]string{"authorization": "Bearer " + f.token})
	if err != nil {
		return err
	}
	var ack message
	err = errors.Join(
		wsjson.Write(ctx, conn, message{Type: "connection_init", Payload: sign}), wsjson.Read(ctx, conn, &ack),
		wsjson.Write(ctx, conn, message{Type: "subscribe", ID: "1", Payload: f.request()}),
	)
	if err == nil {
		f.answered()
	}
	for err == nil {
		var got message
		if err = wsjson.Read(ctx, conn, &got); err != nil {
			break
		}
		switch got.Type {
		case "ping":
			err = wsjson.Write(ctx, conn, message{Type: "pong"})
		case "next":
			err = f.event(got.Payload)
		case "error", "complete":
			err = fmt.Errorf("%s: %s", got.Type, got.Payload)
		}
	}
	return err
}

func (f *follower) followStream(ctx context.Context, s *server) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url("/graphql"), bytes.NewReader(f.request()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "text/event-stream")
	request.Header.Set("Authorization", "Bearer "+f.token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	f.answered()
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	kind, whole := "", ""
	for lines.Scan() {
		line := lines.Text()
		if line == "" { // an event counts when it has ended: what is cut off by a server that dies does not
			if kind == "next" {
				if err := f.event([]byte(whole)); err != nil {
					return err
				}
			}
			kind, whole = "", ""
		} else if value, found := strings.CutPrefix(line, "event:"); found {
			kind = strings.TrimSpace(value)
		} else if value, found := strings.CutPrefix(line, "data:"); found {
			whole += strings.TrimSpace(value)
		}
	}
	return errors.Join(lines.Err(), errors.New("the stream ended"))
}
