package graph

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path"
	"strings"
	"sync"

	"cloudtag/graph/model"
	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/handover"
	"cloudtag/internal/locale"
	"cloudtag/internal/reqid"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"golang.org/x/net/http/httpguts"
)

// Close codes of graphql-transport-ws and of WebSocket itself. Clients reconnect after 1001 and 1013, and not after 1008 and the
// 4xxx codes for client errors.
const (
	closeNormal       = 1000
	closeGoingAway    = 1001
	closeTooLong      = 1009
	closeFlood        = 1008
	closeInternal     = 1011
	closeTryLater     = 1013
	closeBadMessage   = 4400
	closeUnauthorized = 4401
	closeForbidden    = 4403
	closeInitTimeout  = 4408
	closeDuplicateID  = 4409
	closeSecondInit   = 4429
)

const socketProtocol = "graphql-transport-ws"

// Sizes of a socket's buffers in bytes: small, because thousands of sockets may be idle for hours. Longer messages are read and
// written in several pieces.
const (
	socketReadBuffer  = 128
	socketWriteBuffer = 512
)

// initBytes is the maximum size in bytes of a message before sign-in: the same as for HTTP headers with a token.
const initBytes = 64 << 10

// unreadBytes is how many bytes beyond its limit are read of a message that is too long.
const unreadBytes = 1 << 20

// socket is one WebSocket. An idle one has a single goroutine, which reads. Messages and operations have goroutines while they
// run, subscriptions while they have something to send. One timer serves all timeouts.
//
// The reading goroutine is not that of the HTTP request, whose deep stack and buffers would make an idle socket take 70 kB
// instead of 25 (docs/figures.md). acceptApart has the same purpose.
type socket struct {
	server         *server
	exec           graphql.GraphExecutor
	conn           *websocket.Conn
	authorization  string // of the upgrade request
	sender         string // whose quota its messages use: the address's, then the caller's. Only the reading goroutine uses it
	longest        int64  // maximum size of a message, in bytes. Only the reading goroutine uses it
	leaveSigningIn func() // releases its place among sockets before sign-in; idempotent
	base           context.Context
	cancel         context.CancelFunc // ends base, and so all that runs
	slots          chan struct{}      // one per running operation, including those that are being refused
	running        sync.WaitGroup     // goroutines of operations

	writeMu sync.Mutex // held while a message is written

	mu         sync.Mutex
	operations map[string]*operation // those not completed, by the client's identifier
	queries    int                   // running queries and mutations
	streams    int
	allowance  allowance
	times      socketTimes
	initiated  bool
	ctx        context.Context // of operations; nil until connection_init was accepted
	session    auth.Session    // set together with ctx
	unwatch    func()          // stops watching the session; nil before that. Only the reading goroutine uses it
	closing    chan struct{}   // closed when the close handshake is over; nil before it begins
}

type socketKey struct{}

// socketFrom returns the socket that an operation runs on; nil over HTTP.
func socketFrom(ctx context.Context) *socket {
	s, _ := ctx.Value(socketKey{}).(*socket)
	return s
}

// serveSocket passes an upgrade on to socketTransport, by way of gqlgen, unless there are too many sockets.
func (s *server) serveSocket(w http.ResponseWriter, r *http.Request) {
	if !httpguts.HeaderValuesContainsToken(r.Header["Sec-Websocket-Protocol"], socketProtocol) {
		s.refuse(w, r, http.StatusBadRequest, badRequest(
			"WebSocket 须使用子协议 graphql-transport-ws。", "WebSockets need the subprotocol graphql-transport-ws."))
		return
	}
	address, _ := callerFrom(r.Context())
	if s.signingIn.take(address, 1) != notExhausted {
		s.refuse(w, r, http.StatusTooManyRequests, later(reasonSigningIn, cloudtag.CodeRateLimited, streamRetrySeconds,
			"同一地址有过多尚未登录的连接，请 %d 秒后重试。", "Too many sockets of this address have not signed in yet: try again in %d s."))
		return
	}
	if s.sockets.take("", 1) != notExhausted {
		s.signingIn.give(address, 1)
		w.Header().Set("Retry-After", "5")
		s.refuse(w, r, http.StatusServiceUnavailable, limited(reasonSockets, "连接过多，请稍后重试。", "There are too many open sockets; try again later."))
		return
	}
	s.gqlgen.ServeHTTP(w, r)
}

// socketTransport is gqlgen's transport for sockets.
type socketTransport struct{ server *server }

var _ graphql.Transport = socketTransport{}

// Supports reports whether the request is an upgrade.
func (socketTransport) Supports(r *http.Request) bool { return isWebSocket(r) }

// Do accepts a socket from an allowed origin and serves it until it is closed. Where the server lets requests outlive their
// handlers, the socket runs on a new goroutine, so that the memory of the HTTP request is released.
func (t socketTransport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	address, _ := callerFrom(r.Context())
	s := &socket{
		server: t.server, exec: exec, authorization: r.Header.Get("Authorization"), sender: address, operations: make(map[string]*operation),
		leaveSigningIn: sync.OnceFunc(func() { t.server.signingIn.give(address, 1) }),
		slots:          make(chan struct{}, 2*t.server.config.Limits.Sockets.Subscriptions+refusedAtOnce),
	}
	var err error
	s.conn, err = websocket.Accept(lean(w), r, &websocket.AcceptOptions{
		Subprotocols:   []string{socketProtocol},
		OriginPatterns: exactPatterns(t.server.config.AllowedOrigins),
		OnPingReceived: func(context.Context, []byte) bool { return s.allowed() },
		OnPongReceived: func(context.Context, []byte) { s.allowed() },
	})
	if err != nil {
		s.leaveSigningIn()
		t.server.sockets.give("", 1)
		t.server.config.Log.InfoContext(r.Context(), "graphql: socket refused", "error", err)
		return // Accept has answered
	}
	s.longest = min(initBytes, t.server.config.Limits.Sockets.MessageBytes)
	s.conn.SetReadLimit(-1) // serve has its own limit, and reads the remainder
	stopping, release, outlives := handover.Take(r.Context())
	if !outlives {
		stopping, release = r.Context(), func() {}
	}
	s.base, s.cancel = context.WithCancel(socketContext(r.Context(), s)) //nolint:contextcheck // outlives the request
	ignore := context.AfterFunc(stopping, func() { s.close(closeGoingAway, "The server is stopping") })
	serve := func() { //nolint:contextcheck // a socket has a context of its own
		defer release()
		defer ignore()
		s.serve()
	}
	s.startTimes()
	if outlives {
		go serve()
		return
	}
	serve()
}

// socketContext returns a context with the values that a socket needs, without keeping the request in memory.
func socketContext(request context.Context, s *socket) context.Context {
	ctx := reqid.With(context.Background(), reqid.From(request))
	ctx = locale.With(ctx, locale.From(request))
	ctx = model.WithCursors(ctx, s.server.config.Cursors)
	return context.WithValue(ctx, socketKey{}, s)
}

// lean gives a hijacked connection small buffers in place of those of net/http.
func lean(w http.ResponseWriter) http.ResponseWriter { return leanWriter{w} }

type leanWriter struct{ http.ResponseWriter }

// Hijack implements [http.Hijacker].
func (w leanWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	// What the client sent right after its request is buffered already.
	early, err := io.ReadAll(io.LimitReader(buffers.Reader, int64(buffers.Reader.Buffered())))
	if err != nil {
		return nil, nil, fmt.Errorf("take over what was read: %w", err)
	}
	reader := bufio.NewReaderSize(io.MultiReader(bytes.NewReader(early), conn), max(socketReadBuffer, len(early)))
	if _, err := reader.Peek(len(early)); err != nil {
		return nil, nil, fmt.Errorf("take over what was read: %w", err)
	}
	return conn, bufio.NewReadWriter(reader, bufio.NewWriterSize(conn, socketWriteBuffer)), nil
}

// exactPatterns returns patterns that match exactly the origins.
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

// serve reads until the socket is closed. All goroutines and quotas of the socket are released when it returns.
func (s *socket) serve() {
	defer s.end()
	defer s.recovered(s.base)
	for {
		kind, message, err := s.conn.Reader(context.Background())
		if err != nil {
			return
		}
		data, release, err := s.server.bodies.read(io.LimitReader(message, s.longest+1), s.sender, s.longest)
		if err != nil || !s.allowed() {
			release()
			s.closeUnread(err)
			return
		}
		if int64(len(data)) > s.longest {
			release()
			s.closeTooLong(message)
			return
		}
		breach := s.acceptApart(kind, data)
		release()
		if breach != nil {
			s.close(breach.code, breach.reason)
			return
		}
	}
}

// closeUnread closes the socket if the memory budget had no room for a message. Any other error has ended it already.
func (s *socket) closeUnread(err error) {
	var refusal *cloudtag.Error
	if errors.As(err, &refusal) {
		s.server.config.Meter.Refused(reasonBodies)
		s.close(closeTryLater, "Too much is being sent at once")
	}
}

// closeTooLong closes the socket because of a message that is too long. It first reads the rest, up to unreadBytes: a connection
// that is closed with unread data is reset, and the client would not receive the close code.
func (s *socket) closeTooLong(rest io.Reader) {
	if _, err := io.CopyN(io.Discard, rest, unreadBytes); errors.Is(err, io.EOF) {
		s.close(closeTooLong, "The message is too long")
	}
}

// acceptApart handles a message on a goroutine of its own, so that the stack of the reading goroutine, which may then wait for
// hours, stays small.
func (s *socket) acceptApart(kind websocket.MessageType, data []byte) *breach {
	done := make(chan *breach, 1)
	go func() {
		var found *breach
		defer func() { done <- found }()
		defer s.recovered(s.base)
		found = s.accept(kind, data)
	}()
	return <-done
}

// recovered is deferred to recover from a panic: it logs the panic and closes the socket with an internal error, without
// details.
func (s *socket) recovered(ctx context.Context) {
	if cause := recover(); cause != nil {
		_ = s.server.presenter.recovered(ctx, cause)
		s.close(closeInternal, "Internal error")
	}
}

// end closes the connection, after a close handshake that is in progress, and waits for all that runs.
func (s *socket) end() {
	s.cancel()
	if s.unwatch != nil {
		s.unwatch()
	}
	s.mu.Lock()
	closing := s.closing
	if closing == nil { // no handshake can begin any more
		s.closing = make(chan struct{})
		close(s.closing)
	}
	s.times.timer.Stop()
	subject, signedIn := s.session.Caller.Subject, s.ctx != nil
	s.mu.Unlock()
	if closing != nil {
		<-closing
	}
	_ = s.conn.CloseNow()
	s.running.Wait()
	if signedIn {
		s.server.signedIn.give(subject, 1)
	}
	s.leaveSigningIn()
	s.server.sockets.give("", 1)
}

// close cancels all that runs and begins the close handshake. The client can delay the handshake for seconds, so it has its own
// goroutine, which [socket.end] waits for. Only the first call has an effect.
func (s *socket) close(code int, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing != nil {
		return
	}
	done := make(chan struct{})
	s.closing = done
	s.cancel()
	go func() {
		defer close(done)
		_ = s.conn.Close(websocket.StatusCode(code), reason)
	}()
}

// sessionOver closes the socket of a session that has ended. It does not complete the operations, which clients would take as
// their end: after this code clients reconnect with a new token and resume.
func (s *socket) sessionOver() {
	reason := "The session was revoked"
	if expired(s.session, s.server.config.Clock) {
		reason = "The session has expired"
	}
	s.close(closeForbidden, reason)
}

// sendBack closes the socket with a code after which the client reconnects, see comesBack.
func (s *socket) sendBack(reason error) {
	if cloudtag.CodeOf(reason) == cloudtag.CodeUnauthenticated {
		s.sessionOver()
		return
	}
	s.close(closeTryLater, "Not available right now: connect again")
}

// isClosing reports whether the close handshake has begun.
func (s *socket) isClosing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closing != nil
}

// write sends a message. A client that does not read within the write timeout is disconnected.
func (s *socket) write(encoded []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), s.server.config.Limits.Sockets.WriteTimeout)
	defer cancel()
	err := s.conn.Write(ctx, websocket.MessageText, encoded)
	if err != nil {
		s.cancel()
	}
	return err
}

// send sends a message that belongs to no operation.
func (s *socket) send(encoded string) {
	s.writeMu.Lock()
	defer s.writeMu.Unlock()
	if !s.isClosing() {
		_ = s.write([]byte(encoded))
	}
}

// admit takes one of the places for queries and mutations or for subscriptions, if one is free. release gives it back and is
// idempotent.
func (s *socket) admit(subscribes bool) (release func(), admitted bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	count := &s.queries
	if subscribes {
		count = &s.streams
	}
	if *count >= s.server.config.Limits.Sockets.Subscriptions {
		return func() {}, false
	}
	*count++
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		*count--
	}), true
}

// expired reports whether a session has ended.
func expired(session auth.Session, clock cloudtag.Clock) bool {
	return !clock.Now().Before(session.ExpiresAt)
}
