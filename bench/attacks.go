package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// attack is what an attacker does until the context ends.
type attack struct {
	name     string
	answered string // description of its counted successes
	run      func(ctx context.Context, on *target) error
}

// target is the attacked server, and the attackers' credentials.
type target struct {
	server *server
	shops  []string // tokens
	admin  string
	start  string // cursor at the beginning of the log

	answered, refused atomic.Int64
}

func attacks() []attack {
	return []attack{
		{"pings", "pings answered", attackByPings},
		{"pages", "answers to the attacker", attackByPages},
		{"replays", "events to the attacker", attackByReplays},
		{"announced bodies", "pending bodies", attackByAnnouncedBodies},
		{"bodies", "pending bodies", attackByBodies},
		{"sockets", "sockets open", attackBySockets},
	}
}

// afterRefusal is how long an attacker waits after a refusal, ignoring Retry-After.
const afterRefusal = 20 * time.Millisecond

// again repeats an action, several times concurrently, until the context ends.
func again(ctx context.Context, parallel int, do func(ctx context.Context, n int) error) error {
	var group sync.WaitGroup
	for n := range parallel {
		group.Go(func() {
			for ctx.Err() == nil {
				if do(ctx, n) == nil {
					continue
				}
				select {
				case <-ctx.Done():
				case <-time.After(afterRefusal):
				}
			}
		})
	}
	group.Wait()
	return nil
}

var errRefused = errors.New("refused")

// post sends a request, and counts its outcome.
func (t *target) post(ctx context.Context, client *http.Client, token string, body []byte) error {
	status, err := send(ctx, client, t.server.base, token, body)
	if err == nil && status == http.StatusOK {
		t.answered.Add(1)
		return nil
	}
	t.refused.Add(1)
	return errRefused
}

// attackByPings pings 20 endpoints of 4 shops that accept connections but never answer.
func attackByPings(ctx context.Context, on *target) error {
	var listen net.ListenConfig
	receiver, err := listen.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer receiver.Close() // the system accepts connections all the same
	api := caller{client: newClient(20), base: on.server.base}
	type pinged struct{ token, endpoint string }
	var endpoints []pinged
	for shop := range 4 {
		for n := range 5 {
			var made struct {
				CreateWebhookEndpoint struct {
					Endpoint *struct{ ID string }
				}
			}
			err := api.ask(ctx, on.shops[shop], `mutation($url: String!) { createWebhookEndpoint(input: { url: $url }) { endpoint { id } } }`,
				map[string]any{"url": fmt.Sprintf("https://%s/%d?%d", receiver.Addr(), n, time.Now().UnixNano())}, &made)
			if err != nil {
				return err
			}
			if made.CreateWebhookEndpoint.Endpoint == nil {
				return errors.New("an endpoint was not created")
			}
			endpoints = append(endpoints, pinged{on.shops[shop], made.CreateWebhookEndpoint.Endpoint.ID})
		}
	}
	return again(ctx, len(endpoints), func(ctx context.Context, n int) error {
		body, err := json.Marshal(map[string]string{
			"query": `mutation { pingWebhookEndpoint(input: { id: "` + endpoints[n].endpoint + `" }) { userErrors { code } } }`})
		if err == nil {
			err = on.post(ctx, api.client, endpoints[n].token, body)
		}
		select { // twice a second: the requests themselves are not the attack
		case <-ctx.Done():
		case <-time.After(500 * time.Millisecond):
		}
		return err
	})
}

// attackByPages requests 45 pages of one shop at once, close to the complexity limit, with 16 concurrent requests.
func attackByPages(ctx context.Context, on *target) error {
	var document strings.Builder
	document.WriteString("{")
	for n := range 45 {
		fmt.Fprintf(&document, " a%d: tags(first: 50) { nodes { orderNo status markResult reason submittedAt handleBy scenario { code name } } }", n)
	}
	document.WriteString(" }")
	body, err := json.Marshal(map[string]string{"query": document.String()})
	if err != nil {
		return err
	}
	client := newClient(16)
	return again(ctx, 16, func(ctx context.Context, _ int) error { return on.post(ctx, client, on.shops[0], body) })
}

// attackByReplays reads all cases' events from the beginning, again and again, with 30 sockets of one caller.
func attackByReplays(ctx context.Context, on *target) error {
	return again(ctx, 30, func(ctx context.Context, _ int) error {
		err := on.replay(ctx)
		if err != nil && ctx.Err() == nil {
			on.refused.Add(1)
		}
		return err
	})
}

const replayDocument = `subscription($after: Cursor) { caseChanged(after: $after) {
  cursor action case { id state handling version dueAt priority scenario { code } buyer { id risk { score level } } explanation { count threshold } } } }`

// replayEvents is the number of events after which a replay restarts.
const replayEvents = 5000

func (t *target) replay(ctx context.Context) error {
	//nolint:bodyclose // the library's documentation: the body of the answer never needs to be closed
	conn, _, err := websocket.Dial(ctx, "ws"+t.server.base[len("http"):]+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		return err
	}
	defer func() { _ = conn.CloseNow() }()
	conn.SetReadLimit(1 << 20)
	sign, err := json.Marshal(map[string]string{"authorization": "Bearer " + t.admin})
	if err != nil {
		return err
	}
	query, err := json.Marshal(map[string]any{"query": replayDocument, "variables": map[string]string{"after": t.start}})
	if err != nil {
		return err
	}
	f := &follower{conn: conn}
	err = errors.Join(
		wsjson.Write(ctx, conn, socketMessage{Type: "connection_init", Payload: sign}), f.expect(ctx, "connection_ack"),
		wsjson.Write(ctx, conn, socketMessage{Type: "subscribe", ID: "1", Payload: query}),
	)
	for n := 0; err == nil && n < replayEvents; {
		var got []byte
		if _, got, err = conn.Read(ctx); err != nil {
			return err
		}
		switch {
		case strings.Contains(string(got[:min(len(got), 40)]), `"next"`):
			n++
			t.answered.Add(1)
		case strings.Contains(string(got[:min(len(got), 40)]), `"ping"`):
			err = wsjson.Write(ctx, conn, socketMessage{Type: "pong"})
		default:
			err = fmt.Errorf("replay ended: %.200s", got)
		}
	}
	return err
}

// hold keeps connections open that send an incomplete request, until the context ends, and counts those that the server does
// not close at once.
func (t *target) hold(ctx context.Context, connections int, request func(n int) []byte) error {
	return again(ctx, connections, func(ctx context.Context, n int) error {
		var dialer net.Dialer
		conn, err := dialer.DialContext(ctx, "tcp", t.server.base[len("http://"):])
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close() }()
		defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
		if _, err := conn.Write(request(n)); err != nil {
			t.refused.Add(1)
			return err
		}
		_ = conn.SetReadDeadline(time.Now().Add(time.Second))
		var first [1]byte
		var timeout net.Error
		if _, err := conn.Read(first[:]); !errors.As(err, &timeout) || !timeout.Timeout() {
			t.refused.Add(1)
			select { // otherwise the reconnects of hundreds would be measured
			case <-ctx.Done():
			case <-time.After(2 * time.Second):
			}
			return errRefused
		}
		t.answered.Add(1)
		defer t.answered.Add(-1)
		_ = conn.SetReadDeadline(time.Time{})
		_, _ = io.Copy(io.Discard, conn)
		return nil
	})
}

// sizeAnnounced is the announced size of bodies: the limit.
const sizeAnnounced = 1 << 20

func (t *target) postHead(n int) string {
	head := fmt.Sprintf("POST /graphql HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n", t.server.base[len("http://"):], sizeAnnounced)
	if n%2 == 0 { // half of them are authenticated
		head += "Authorization: Bearer " + t.shops[n/2%4] + "\r\n"
	}
	return head + "\r\n{"
}

// attackByAnnouncedBodies announces a megabyte on each of 900 connections but sends one byte.
func attackByAnnouncedBodies(ctx context.Context, on *target) error {
	return on.hold(ctx, 900, func(n int) []byte { return []byte(on.postHead(n)) })
}

// attackByBodies sends a megabyte without its last byte on each of 300 connections.
func attackByBodies(ctx context.Context, on *target) error {
	filling := strings.Repeat(" ", sizeAnnounced-2)
	return on.hold(ctx, 300, func(n int) []byte { return []byte(on.postHead(n) + filling) })
}

// attackBySockets opens sockets that never authenticate.
func attackBySockets(ctx context.Context, on *target) error {
	upgrade := fmt.Sprintf("GET /graphql HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n", on.server.base[len("http://"):])
	return again(ctx, 1000, func(ctx context.Context, _ int) error {
		var dialer net.Dialer
		conn, err := dialer.DialContext(ctx, "tcp", on.server.base[len("http://"):])
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close() }()
		defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
		if _, err := io.WriteString(conn, upgrade); err != nil {
			return err
		}
		status := make([]byte, len("HTTP/1.1 101"))
		if _, err := io.ReadFull(conn, status); err != nil || string(status) != "HTTP/1.1 101" {
			on.refused.Add(1)
			select {
			case <-ctx.Done():
			case <-time.After(2 * time.Second):
			}
			return errRefused
		}
		on.answered.Add(1)
		defer on.answered.Add(-1)
		_, _ = io.Copy(io.Discard, conn)
		return nil
	})
}
