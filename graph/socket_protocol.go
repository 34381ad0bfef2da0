package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strconv"
	"time"
	"unicode/utf8"

	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/locale"

	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/coder/websocket"
)

// breach is how a client broke the protocol.
type breach struct {
	code   int
	reason string // at most 123 bytes, in English: it goes into a frame and is read by developers
}

// accept checks a client's message and returns what the transport is to see of it; nothing for messages that are
// answered here.
func (s *socket) accept(kind websocket.MessageType, data []byte) (io.Reader, *breach) {
	invalid := &breach{closeBadMessage, "Invalid message received"}
	if kind != websocket.MessageText || !utf8.Valid(data) {
		return nil, &breach{closeBadMessage, "Messages must be UTF-8 text"}
	}
	var message socketMessage
	if json.Unmarshal(data, &message) != nil {
		return nil, invalid
	}
	if message.Type == "ping" || message.Type == "pong" {
		return s.probed(data, message)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch message.Type {
	case "connection_init":
		if s.initiated {
			return nil, &breach{closeSecondInit, "Too many initialisation requests"}
		}
		if !isObject(message.Payload) && !isNothing(message.Payload) {
			return nil, &breach{closeBadMessage, "The payload of connection_init must be an object"}
		}
		s.initiated = true
		return bytes.NewReader(data), nil
	case "subscribe", "complete":
		if !s.initiated {
			return nil, &breach{closeUnauthorized, "Unauthorized"}
		}
		if message.ID == "" {
			return nil, &breach{closeBadMessage, "The message needs an id"}
		}
		if message.Type == "complete" {
			return s.completed(message)
		}
		return s.subscribed(message)
	default:
		return nil, invalid
	}
}

// probed passes pings and pongs on, once the transport can take them; before, pings are answered here.
func (s *socket) probed(data []byte, message socketMessage) (io.Reader, *breach) {
	s.mu.Lock()
	initiated := s.initiated
	s.mu.Unlock()
	if initiated {
		return bytes.NewReader(data), nil
	}
	if message.Type == "ping" {
		ctx, cancel := context.WithTimeout(s.writing, s.server.config.Limits.WriteTimeout)
		defer cancel()
		_ = s.conn.Write(ctx, websocket.MessageText, []byte(`{"type":"pong"}`))
	}
	return nil, nil
}

// subscribed gives an operation an identifier of ours. The lock is held.
func (s *socket) subscribed(message socketMessage) (io.Reader, *breach) {
	if _, taken := s.ours[message.ID]; taken {
		return nil, &breach{closeDuplicateID, "Subscriber for " + shortID(message.ID) + " already exists"}
	}
	params, refusal := parseRequest(message.Payload)
	if refusal != nil {
		return nil, &breach{closeBadMessage, "The payload of subscribe must be an object with a query"}
	}
	s.lastID++
	own := strconv.FormatUint(s.lastID, 10)
	s.ours[message.ID], s.running[own] = own, message.ID
	return reencoded(socketMessage{ID: own, Type: message.Type, Payload: payloadOf(params, message.Payload)}), nil
}

// completed forgets the client's identifier, so that nothing more is sent under it and it may be used again.
// The lock is held.
func (s *socket) completed(message socketMessage) (io.Reader, *breach) {
	own, known := s.ours[message.ID]
	if !known {
		return nil, nil // it has ended by itself meanwhile
	}
	delete(s.ours, message.ID)
	delete(s.running, own)
	return reencoded(socketMessage{ID: own, Type: message.Type}), nil
}

// clientID is the client's identifier of one of our operations, unless it has completed it; ends forgets it.
func (s *socket) clientID(own string, ends bool) (client string, wanted bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	client, wanted = s.running[own]
	if wanted && ends {
		delete(s.running, own)
		delete(s.ours, client)
	}
	return client, wanted
}

func reencoded(message socketMessage) io.Reader {
	encoded, err := json.Marshal(message)
	if err != nil {
		return bytes.NewReader(nil)
	}
	return bytes.NewReader(encoded)
}

func isNothing(payload json.RawMessage) bool { return len(payload) == 0 || string(payload) == "null" }

func isObject(payload json.RawMessage) bool { return len(payload) > 0 && payload[0] == '{' }

// shortID bounds an identifier that goes into a close frame.
func shortID(id string) string {
	const longest = 60
	if len(id) > longest {
		return string(bytes.ToValidUTF8([]byte(id[:longest]), nil)) + "…"
	}
	return id
}

// expiryGrace is how long after a session's end, by time or by revocation, its socket is cut: its streams end first,
// each with its reason.
const expiryGrace = time.Second

// initSocket authenticates a socket by connection_init's authorization, or else by the upgrade request's, and cuts
// it when the session ends. The context that goes with an error is never nil: the transport would panic.
func (s *server) initSocket(ctx context.Context, payload transport.InitPayload) (context.Context, *transport.InitPayload, error) {
	socket := socketFrom(ctx)
	if wanted := payload.GetString("acceptLanguage"); wanted != "" {
		ctx = locale.With(ctx, locale.Parse(wanted))
	}
	authorization := payload.Authorization()
	if authorization == "" {
		authorization = socket.request.Header.Get("Authorization")
	}
	if authorization == "" {
		return closedWith(ctx, closeUnauthorized, "Unauthorized: connection_init needs an authorization"), nil, errSignIn()
	}
	session, signedIn, err := auth.Session{}, false, error(errSignIn())
	if s.config.Authenticate != nil {
		var authenticated context.Context
		if authenticated, err = s.config.Authenticate(ctx, authorization); err == nil && authenticated != nil {
			ctx = authenticated
			session, signedIn = auth.SessionFrom(ctx)
		}
	}
	if !signedIn || !s.config.Clock.Now().Before(session.ExpiresAt) {
		s.reportAuthentication(ctx, err)
		if cloudtag.CodeOf(err) == cloudtag.CodeUnavailable {
			return closedWith(ctx, closeTryAgain, "The sign-in cannot be checked right now"), nil, err
		}
		return closedWith(ctx, closeForbidden, "Forbidden"), nil, errSignIn()
	}
	socket.mu.Lock()
	socket.session = session
	socket.mu.Unlock()
	return s.untilSessionEnds(ctx, socket, session), nil, nil
}

// untilSessionEnds returns a context that ends a moment after the session does, or with the socket.
func (s *server) untilSessionEnds(ctx context.Context, socket *socket, session auth.Session) context.Context {
	left := session.ExpiresAt.Sub(s.config.Clock.Now())
	ctx, cancel := context.WithTimeout(ctx, left+expiryGrace)
	watched, stop := s.config.Sessions.Watch(socket.writing, session)
	context.AfterFunc(watched, func() {
		if socket.writing.Err() == nil {
			time.AfterFunc(expiryGrace, cancel)
		}
	})
	context.AfterFunc(socket.writing, func() { stop(); cancel() })
	return ctx
}

// reportAuthentication logs why a credential was refused for any reason but being refused.
func (s *server) reportAuthentication(ctx context.Context, err error) {
	if err != nil && cloudtag.CodeOf(err) != cloudtag.CodeUnauthenticated {
		s.config.Log.ErrorContext(ctx, "graphql: cannot authenticate a socket", "error", err)
	}
}

func closedWith(ctx context.Context, code int, reason string) context.Context {
	return transport.AppendCloseReason(transport.WithWebsocketCloseCode(ctx, code), reason)
}
