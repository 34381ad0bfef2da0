package graph

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"time"
	"unicode/utf8"

	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/locale"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
)

// socketMessage is a message of graphql-transport-ws.
type socketMessage struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// breach is how a client broke the protocol.
type breach struct {
	code   int
	reason string // at most 123 bytes, in English: it goes into a frame and is read by developers
}

// accept handles a client's message.
func (s *socket) accept(kind websocket.MessageType, data []byte) *breach {
	if kind != websocket.MessageText || !utf8.Valid(data) {
		return &breach{closeBadMessage, "Messages must be UTF-8 text"}
	}
	var message socketMessage
	if decodeJSON(data, &message) != nil {
		return &breach{closeBadMessage, "Invalid message received"}
	}
	switch message.Type {
	case "ping":
		s.pong(message.Payload)
		return nil
	case "pong":
		return nil // the time was noted
	case "connection_init":
		return s.init(message.Payload)
	case "subscribe", "complete":
		return s.operate(message)
	default:
		return &breach{closeBadMessage, "Invalid message received"}
	}
}

// pong answers a ping, with its payload.
func (s *socket) pong(payload json.RawMessage) {
	if encoded, err := json.Marshal(socketMessage{Type: "pong", Payload: payload}); err == nil {
		s.send(string(encoded))
	}
}

// operate starts or ends an operation.
func (s *socket) operate(message socketMessage) *breach {
	switch {
	case s.ctx == nil: // set by a message before
		return &breach{closeUnauthorized, "Unauthorized"}
	case message.ID == "":
		return &breach{closeBadMessage, "The message needs an id"}
	case message.Type == "complete":
		s.complete(message.ID)
		return nil
	}
	params, refusal := parseRequest(message.Payload)
	if refusal != nil {
		return &breach{closeBadMessage, "The payload of subscribe must be an object with a query"}
	}
	started, breach := s.register(message.ID)
	if breach == nil {
		s.start(started, params)
	}
	return breach
}

// register adds an operation under an identifier that must be free.
func (s *socket) register(id string) (*operation, *breach) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.operations[id]; taken {
		return nil, &breach{closeDuplicateID, "Subscriber for " + shortID(id) + " already exists"}
	}
	started := &operation{socket: s, id: id, opening: openingOf(id)}
	started.ctx, started.cancel = context.WithCancel(graphql.StartOperationTrace(s.ctx))
	s.operations[id] = started
	return started, nil
}

// complete ends an operation and frees its identifier: nothing more is sent under it, and the client may reuse it. An operation
// that has ended in the meantime is ignored.
func (s *socket) complete(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if running, known := s.operations[id]; known {
		delete(s.operations, id)
		running.cancel()
	}
}

func isNothing(payload json.RawMessage) bool { return len(payload) == 0 || string(payload) == "null" }

func isObject(payload json.RawMessage) bool { return len(payload) > 0 && payload[0] == '{' }

// shortID truncates an identifier to fit into a close frame.
func shortID(id string) string {
	const longest = 60
	if len(id) > longest {
		return string(bytes.ToValidUTF8([]byte(id[:longest]), nil)) + "…"
	}
	return id
}

// init authenticates a socket by the authorization of connection_init, or else of the upgrade request.
func (s *socket) init(payload json.RawMessage) *breach {
	if s.initiated {
		return &breach{closeSecondInit, "Too many initialisation requests"}
	}
	if !isObject(payload) && !isNothing(payload) {
		return &breach{closeBadMessage, "The payload of connection_init must be an object"}
	}
	s.initiated = true
	var wanted map[string]any
	if isObject(payload) && decodeJSON(payload, &wanted) != nil {
		return &breach{closeBadMessage, "The payload of connection_init must be an object"}
	}
	ctx := s.base
	if language, _ := wanted["acceptLanguage"].(string); language != "" {
		ctx = locale.With(ctx, locale.Parse(language))
	}
	authorization := s.authorizationOf(wanted)
	if authorization == "" {
		return &breach{closeUnauthorized, "Unauthorized: connection_init needs an authorization"}
	}
	ctx, session, err := s.server.authenticateSocket(ctx, authorization)
	switch {
	case cloudtag.CodeOf(err) == cloudtag.CodeUnavailable:
		return &breach{closeTryLater, "The sign-in cannot be checked right now"}
	case err != nil:
		return &breach{closeForbidden, "Forbidden"}
	}
	if s.server.signedIn.take(session.Caller.Subject, 1) != notExhausted {
		return &breach{closeTryLater, "Too many sockets of this caller"}
	}
	s.acknowledge(ctx, session)
	return nil
}

// authorizationOf returns the credential of a payload, or else of the upgrade request.
func (s *socket) authorizationOf(payload map[string]any) string {
	for _, name := range []string{"authorization", "Authorization"} {
		if given, _ := payload[name].(string); given != "" {
			return given
		}
	}
	return s.authorization
}

// acknowledge lets the client run operations until the session ends.
func (s *socket) acknowledge(ctx context.Context, session auth.Session) {
	s.authorization, s.sender = "", callerKey(session.Caller)
	s.leaveSigningIn()
	s.longest = s.server.config.Limits.Sockets.MessageBytes
	s.send(`{"type":"connection_ack"}`) //nolint:contextcheck // writing has its own timeout
	s.begin(ctx, session)
	s.unwatch = s.server.config.Sessions.OnRevoked(session, s.sessionOver)
}

func (s *socket) begin(ctx context.Context, session auth.Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ctx, s.session = ctx, session
	left := session.ExpiresAt.Sub(s.server.config.Clock.Now())
	s.times.signedIn(time.Now(), left, s.server.config.Limits.PingInterval)
}

// authenticateSocket returns a context with the session of a valid credential. Errors: UNAUTHENTICATED, and UNAVAILABLE when the
// credential cannot be verified.
func (s *server) authenticateSocket(ctx context.Context, authorization string) (context.Context, auth.Session, error) {
	if s.config.Authenticate == nil {
		return nil, auth.Session{}, errSignIn()
	}
	authenticated, err := s.config.Authenticate(ctx, authorization)
	if err != nil || authenticated == nil {
		s.reportAuthentication(ctx, err)
		return nil, auth.Session{}, cmp.Or(err, error(errSignIn()))
	}
	session, signedIn := auth.SessionFrom(authenticated)
	if !signedIn || expired(session, s.config.Clock) {
		return nil, auth.Session{}, errSignIn()
	}
	return authenticated, session, nil
}

// reportAuthentication logs why a credential could not be verified.
func (s *server) reportAuthentication(ctx context.Context, err error) {
	if err != nil && cloudtag.CodeOf(err) != cloudtag.CodeUnauthenticated {
		s.config.Log.ErrorContext(ctx, "graphql: cannot authenticate a socket", "error", err)
	}
}
