package graph

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"cloudtag/internal/auth"

	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/coder/websocket"
)

// The close codes of graphql-transport-ws, and those for a server that goes away, or can't answer now.
const (
	closeGoingAway    = 1001
	closeTryAgain     = 1013
	closeBadMessage   = 4400
	closeUnauthorized = 4401
	closeForbidden    = 4403
	closeInitTimeout  = 4408
	closeDuplicateID  = 4409
	closeSecondInit   = 4429
)

const socketProtocol = "graphql-transport-ws"

// socket is one WebSocket as gqlgen's transport sees it. It holds clients to the protocol where the transport does
// not (the close codes, identifiers, the form of messages), bounds what they run at once, and gives every operation
// an identifier of its own, so that a client may use one again as soon as it has completed it.
type socket struct {
	server  *server
	conn    *websocket.Conn
	request *http.Request
	session auth.Session // from connection_init on

	mu         sync.Mutex
	initiated  bool
	running    map[string]string // the client's identifier of each operation, by ours
	ours       map[string]string // our identifier, by the client's
	lastID     uint64
	queries    int // running operations that are no subscriptions
	streams    int
	deadline   *time.Timer
	closing    chan struct{} // closed when the close handshake is over; nil before it begins
	endWriting context.CancelFunc
	writing    context.Context
}

var (
	_ transport.WebsocketConn          = (*socket)(nil)
	_ transport.WebsocketReadDeadliner = (*socket)(nil)
)

type socketKey struct{}

// socketFrom returns the socket that an operation runs on; nil over HTTP.
func socketFrom(ctx context.Context) *socket {
	s, _ := ctx.Value(socketKey{}).(*socket)
	return s
}

// websocket is gqlgen's transport over our sockets.
func (s *server) websocket() transport.Websocket {
	return transport.Websocket{
		Implementation:   acceptedSockets{},
		InitFunc:         s.initSocket,
		InitTimeout:      s.config.Limits.InitTimeout,
		PingPongInterval: s.config.Limits.PingInterval,
	}
}

// acceptedSockets gives the transport the socket that serveSocket has accepted.
type acceptedSockets struct{}

// Accept returns the request's socket.
func (acceptedSockets) Accept(_ http.ResponseWriter, r *http.Request, _ transport.WebsocketAcceptOptions) (transport.WebsocketConn, error) {
	if s := socketFrom(r.Context()); s != nil {
		return s, nil
	}
	return nil, errors.New("the request is no accepted socket")
}

// serveSocket accepts a socket from an allowed origin, and serves it until it is closed. Nothing of it is left then.
func (s *server) serveSocket(w http.ResponseWriter, r *http.Request) {
	if !offers(r, socketProtocol) {
		s.refuse(w, r, http.StatusBadRequest, badRequest(
			"WebSocket 须使用子协议 graphql-transport-ws。", "WebSockets need the subprotocol graphql-transport-ws."))
		return
	}
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols:   []string{socketProtocol},
		OriginPatterns: exactPatterns(s.config.AllowedOrigins),
	})
	if err != nil {
		s.config.Log.InfoContext(r.Context(), "graphql: socket refused", "error", err)
		return // Accept has answered
	}
	conn.SetReadLimit(s.config.Limits.BodyBytes)
	ctx, cancel := context.WithCancel(r.Context())
	accepted := &socket{
		server: s, conn: conn, request: r, running: make(map[string]string), ours: make(map[string]string),
	}
	accepted.writing, accepted.endWriting = context.WithCancel(context.WithoutCancel(ctx))
	defer accepted.end(cancel)
	ctx = context.WithValue(withTransport(ctx, viaSocket), socketKey{}, accepted)
	s.gqlgen.ServeHTTP(w, r.WithContext(ctx))
}

// offers reports whether the client offers a subprotocol.
func offers(r *http.Request, protocol string) bool {
	for _, header := range r.Header.Values("Sec-Websocket-Protocol") {
		for offered := range strings.SplitSeq(header, ",") {
			if strings.EqualFold(strings.TrimSpace(offered), protocol) {
				return true
			}
		}
	}
	return false
}

// exactPatterns makes patterns that match the origins and nothing else.
func exactPatterns(origins []string) []string {
	escape := strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`)
	patterns := make([]string, 0, len(origins))
	for _, origin := range origins {
		pattern := escape.Replace(strings.TrimSuffix(origin, "/"))
		if _, err := path.Match(pattern, ""); err == nil {
			patterns = append(patterns, pattern)
		}
	}
	return patterns
}

// end cuts the connection, if it is not closed yet, once a close handshake that has begun is over.
func (s *socket) end(cancel context.CancelFunc) {
	cancel()
	s.mu.Lock()
	closing := s.closing
	s.stopDeadline()
	s.mu.Unlock()
	if closing != nil {
		<-closing
	}
	_ = s.conn.CloseNow()
	s.endWriting()
}

// Subprotocol is the only one there is.
func (s *socket) Subprotocol() string { return socketProtocol }

// socketMessage is a message of graphql-transport-ws.
type socketMessage struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// NextReader returns the client's next message that the transport has to see. A client that breaks the protocol is
// told why and closed.
func (s *socket) NextReader() (int, io.Reader, error) {
	for {
		kind, data, err := s.conn.Read(context.Background())
		if err != nil {
			if code := websocket.CloseStatus(err); code == websocket.StatusNormalClosure || code == websocket.StatusNoStatusRcvd || code == websocket.StatusGoingAway {
				err = transport.ErrWebsocketClosed
			}
			return 0, nil, err
		}
		message, breach := s.accept(kind, data)
		if breach != nil {
			_ = s.WriteClose(breach.code, breach.reason)
			return 0, nil, transport.ErrWebsocketClosed
		}
		if message != nil {
			return int(kind), message, nil
		}
	}
}

// WriteJSON sends one of the transport's messages under the client's own identifier. Those of an operation that the
// client has completed are dropped. A client that does not read for long is cut off.
func (s *socket) WriteJSON(v any) error {
	encoded, err := json.Marshal(v)
	if err != nil {
		return err
	}
	var message socketMessage
	if err := json.Unmarshal(encoded, &message); err != nil {
		return err
	}
	if message.ID != "" {
		client, wanted := s.clientID(message.ID, message.Type == "complete" || message.Type == "error")
		if !wanted {
			return nil
		}
		message.ID = client
		if encoded, err = json.Marshal(message); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(s.writing, s.server.config.Limits.WriteTimeout)
	defer cancel()
	return s.conn.Write(ctx, websocket.MessageText, encoded)
}

// WriteClose begins the close handshake, which has a goroutine of its own that [socket.end] waits for, because it
// lasts as long as the client lets it, up to seconds. The first reason is the one that is sent.
func (s *socket) WriteClose(code int, reason string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopDeadline()
	if s.closing != nil {
		return nil
	}
	code, reason = s.translate(code, reason)
	done := make(chan struct{})
	s.closing = done
	go func() {
		defer close(done)
		_ = s.conn.Close(websocket.StatusCode(code), reason)
	}()
	return nil
}

// translate gives the transport's reasons to close the codes of the protocol.
func (s *socket) translate(code int, reason string) (int, string) {
	switch {
	case reason == "connection initialisation timeout":
		return closeInitTimeout, "Connection initialisation timeout"
	case code == transport.WebsocketCloseProtocolError:
		return closeBadMessage, "Invalid message received"
	case code != transport.WebsocketCloseNormalClosure:
		return code, reason
	case s.expired():
		return closeForbidden, "The session has expired"
	case s.revoked():
		return closeForbidden, "The session was revoked"
	case s.request.Context().Err() != nil:
		return closeGoingAway, "The server is stopping"
	default:
		return code, reason
	}
}

// expired reports whether the socket had a session and has it no longer.
func (s *socket) expired() bool {
	return !s.session.ExpiresAt.IsZero() && !s.server.config.Clock.Now().Before(s.session.ExpiresAt)
}

// revoked reports whether the socket had a session and it was called back.
func (s *socket) revoked() bool {
	return !s.session.ExpiresAt.IsZero() && s.server.config.Sessions.Check(s.session) != nil
}

// Close leaves the connection to the close handshake, or cuts it when none has begun.
func (s *socket) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopDeadline()
	if s.closing != nil {
		return nil
	}
	return s.conn.CloseNow()
}

// SetReadDeadline cuts the connection at a time, unless it is set anew before; the zero time is none.
func (s *socket) SetReadDeadline(at time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopDeadline()
	if !at.IsZero() && s.closing == nil {
		s.deadline = time.AfterFunc(time.Until(at), func() { _ = s.conn.CloseNow() })
	}
	return nil
}

func (s *socket) stopDeadline() {
	if s.deadline != nil {
		s.deadline.Stop()
		s.deadline = nil
	}
}

// admit counts an operation in, unless as many run already; release, which may be called again, counts it out.
func (s *socket) admit(subscribes bool) (release func(), admitted bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	count := &s.queries
	if subscribes {
		count = &s.streams
	}
	if *count >= s.server.config.Limits.Subscriptions {
		return func() {}, false
	}
	*count++
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		*count--
	}), true
}
