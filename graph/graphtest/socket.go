package graphtest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"
)

// Socket is a client of graphql-transport-ws.
type Socket struct {
	stack *Stack
	Conn  *websocket.Conn
}

// Message is what a socket receives.
type Message struct {
	ID      string          `json:"id"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload"`
}

// Answer reads the payload of a next message.
func (m Message) Answer(s *Stack) Answer {
	s.T.Helper()
	answer := Answer{Raw: string(m.Payload)}
	if err := json.Unmarshal(m.Payload, &answer); err != nil {
		s.T.Fatalf("payload %s: %v", m.Payload, err)
	}
	return answer
}

// patience is how long a test waits for what must happen.
const patience = 20 * time.Second

// Dial opens a socket that has not sent connection_init.
func (s *Stack) Dial(header http.Header) *Socket {
	s.T.Helper()
	socket, status, err := s.TryDial(header, "graphql-transport-ws")
	if err != nil {
		s.T.Fatalf("dial: %v (status %d)", err, status)
	}
	return socket
}

// TryDial opens a socket, or returns the error and status with which it was refused.
func (s *Stack) TryDial(header http.Header, protocols ...string) (*Socket, int, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, response, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(s.Server.URL, "http"), &websocket.DialOptions{
		HTTPHeader: header, Subprotocols: protocols, HTTPClient: s.Server.Client(),
	})
	status := 0
	if response != nil {
		status = response.StatusCode
		if response.Body != nil {
			_ = response.Body.Close()
		}
	}
	if err != nil {
		return nil, status, err
	}
	conn.SetReadLimit(1 << 24)
	s.T.Cleanup(func() { _ = conn.CloseNow() })
	return &Socket{stack: s, Conn: conn}, status, nil
}

// Connect opens a socket for a caller, in English, and waits until it is acknowledged.
func (s *Stack) Connect(authorization string) *Socket {
	s.T.Helper()
	socket := s.Dial(nil)
	socket.Init(map[string]any{"authorization": authorization, "acceptLanguage": "en"})
	if message := socket.Read(); message.Type != "connection_ack" {
		s.T.Fatalf("%s %s, want connection_ack", message.Type, message.Payload)
	}
	return socket
}

// Init sends connection_init.
func (c *Socket) Init(payload any) {
	c.stack.T.Helper()
	c.SendJSON(map[string]any{"type": "connection_init", "payload": payload})
}

// SendJSON sends any message.
func (c *Socket) SendJSON(message any) {
	c.stack.T.Helper()
	encoded, err := json.Marshal(message)
	if err != nil {
		c.stack.T.Fatal(err)
	}
	c.SendText(string(encoded))
}

// SendText sends any text.
func (c *Socket) SendText(text string) {
	c.stack.T.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := c.Conn.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
		c.stack.T.Fatalf("write: %v", err)
	}
}

// Subscribe starts an operation.
func (c *Socket) Subscribe(id, query string, variables Variables) {
	c.stack.T.Helper()
	c.SendJSON(map[string]any{"type": "subscribe", "id": id, "payload": map[string]any{"query": query, "variables": variables}})
}

// Complete ends an operation.
func (c *Socket) Complete(id string) {
	c.stack.T.Helper()
	c.SendJSON(map[string]any{"type": "complete", "id": id})
}

// Read returns the next message, and answers pings before it.
func (c *Socket) Read() Message {
	c.stack.T.Helper()
	message, err := c.read(patience)
	if err != nil {
		c.stack.T.Fatalf("read: %v", err)
	}
	return message
}

// Closed reads until the server closes the socket, and returns the code and the reason.
func (c *Socket) Closed() (int, string) {
	c.stack.T.Helper()
	_, code, reason := c.Rest()
	return code, reason
}

// Rest reads until the server closes the socket, and returns the messages before that, the code and the reason.
func (c *Socket) Rest() (messages []Message, code int, reason string) {
	c.stack.T.Helper()
	for {
		message, err := c.read(patience)
		if err == nil {
			messages = append(messages, message)
			continue
		}
		var closed websocket.CloseError
		if !errors.As(err, &closed) {
			c.stack.T.Fatalf("the socket ended with %v, want it closed with a code", err)
		}
		return messages, int(closed.Code), closed.Reason
	}
}

func (c *Socket) read(within time.Duration) (Message, error) {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	for {
		_, data, err := c.Conn.Read(ctx)
		if err != nil {
			return Message{}, err
		}
		var message Message
		if err := json.Unmarshal(data, &message); err != nil {
			return Message{}, err
		}
		if message.Type != "ping" {
			return message, nil
		}
		if err := c.Conn.Write(ctx, websocket.MessageText, []byte(`{"type":"pong"}`)); err != nil {
			return Message{}, err
		}
	}
}
