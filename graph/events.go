package graph

import (
	"context"
	"io"
	"net/http"
	"sync"
	"time"

	"cloudtag/graph/stream"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/handover"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"go.opentelemetry.io/otel/trace"
)

// eventsLinger is how long an event stream that ends without "complete" stays open after its last event: when graphql-sse
// reads the end of the stream together with that event, it waits for ever instead of reconnecting.
const eventsLinger = 100 * time.Millisecond

// lastEventID is the header in which a reconnecting EventSource sends the last id that it received.
const lastEventID = "Last-Event-Id"

// events is a response as server-sent events, in the "distinct connections mode" of GraphQL over SSE: an event "next" for
// each result, with its cursor as the id where it has one, and then "complete" unless the client should reconnect.
type events struct {
	server *server
	conn   *http.ResponseController
	leave  context.CancelFunc // cancels the operation

	mu sync.Mutex // serializes writes
	w  io.Writer
}

// streamRetrySeconds is the Retry-After of a stream that exceeds the limit of open ones.
const streamRetrySeconds = 5

// serveEvents sends the results of an operation, or its errors, as server-sent events, up to the limit of open streams per
// caller. leave releases the operation's slot of the load limiter.
func (s *server) serveEvents(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor, operation *graphql.OperationContext, refusals gqlerror.List, leave func()) {
	caller, _ := callerFrom(r.Context())
	if s.streams.take(caller, 1) != notExhausted {
		leave()
		s.refuse(w, r, http.StatusTooManyRequests, later(reasonEventStreams, cloudtag.CodeRateLimited, streamRetrySeconds,
			"打开的事件流过多，请关闭一些，或 %d 秒后重试。", "Too many event streams are open: close some, or try again in %d s."))
		return
	}
	defer s.streams.give(caller, 1)
	stopping, release, stops := handover.Take(r.Context())
	if !stops {
		stopping, release = context.WithoutCancel(r.Context()), func() {}
	}
	defer release()
	// A subscription may run for hours: its work does not belong to the span of the request.
	ctx, cancel := context.WithCancel(trace.ContextWithSpan(graphql.WithOperationContext(r.Context(), operation), nil))
	e := &events{server: s, conn: http.NewResponseController(w), leave: cancel, w: w}
	var probing sync.WaitGroup
	defer probing.Wait()
	defer cancel()
	defer e.recovered(ctx)

	_ = e.conn.SetReadDeadline(time.Time{})
	w.Header().Set("Content-Type", eventStream)
	w.Header().Set("X-Accel-Buffering", "no") // nginx would buffer events
	e.write(":\n\n")
	probing.Go(func() { e.probe(ctx) })
	switch {
	case refusals != nil:
		leave()
		e.next(refusalOf(exec.DispatchError(ctx, refusals)), "")
		e.complete()
	case operation.Operation.Operation == ast.Subscription:
		leave()
		if again := e.follow(ctx, stopping, exec, operation, r.Header.Get(lastEventID)); again {
			linger(r.Context())
		} else {
			e.complete()
		}
	default:
		responses, ctx := exec.DispatchOperation(ctx, operation)
		response := responses(ctx)
		leave()
		e.next(response, "")
		e.complete()
	}
}

// follow sends a subscription's events until it ends, the client disconnects, or the server stops. It reports whether the
// client should subscribe again.
func (e *events) follow(ctx, stopping context.Context, exec graphql.GraphExecutor, operation *graphql.OperationContext, resume string) (again bool) {
	defer context.AfterFunc(stopping, e.leave)() //nolint:contextcheck // the server's context, not the request's
	ctx, end := stream.With(ctx)
	ctx, position := stream.WithPosition(ctx, resume)
	responses, ctx := exec.DispatchOperation(ctx, operation)
	defer func() {
		e.leave()
		for responses(ctx) != nil { // a cancelled operation returns no results, but middleware must see its end
			continue
		}
	}()
	for response := responses(ctx); response != nil; response = responses(ctx) {
		if !e.next(response, position.Next()) {
			return false
		}
	}
	if stopping.Err() != nil {
		e.next(e.server.failure(ctx, errStopping()), "")
		return true
	}
	return comesBack(end.Reason())
}

// comesBack reports whether a client should subscribe again after its subscription ended for this reason, with the same
// request and perhaps a new token.
func comesBack(reason error) bool {
	switch cloudtag.CodeOf(reason) {
	case cloudtag.CodeUnavailable, cloudtag.CodeUnauthenticated:
		return true
	default:
		return false
	}
}

// probe sends a comment every PingInterval, so that proxies do not close the stream as idle.
func (e *events) probe(ctx context.Context) {
	ticker := time.NewTicker(e.server.config.Limits.PingInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			e.write(": ping\n\n")
		}
	}
}

// next sends a result, and reports whether that succeeded. id is the position after it; empty: none.
func (e *events) next(response any, id string) bool {
	text := "event: next\n"
	if id != "" {
		text += "id: " + id + "\n"
	}
	return e.write(text + "data: " + string(encoded(response)) + "\n\n")
}

// complete ends the stream. The line of data is needed: an EventSource ignores events without one.
func (e *events) complete() { e.write("event: complete\ndata:\n\n") }

// write sends text and flushes it. A client that does not read within WriteTimeout is disconnected and its operation cancelled.
func (e *events) write(text string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	_ = e.conn.SetWriteDeadline(time.Now().Add(e.server.config.Limits.Sockets.WriteTimeout))
	_, err := io.WriteString(e.w, text)
	if err == nil {
		err = e.conn.Flush()
	}
	if err != nil {
		e.leave()
	}
	return err == nil
}

// linger keeps the stream open for eventsLinger, or until the client disconnects.
func linger(client context.Context) {
	timer := time.NewTimer(eventsLinger)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-client.Done():
	}
}

// recovered, deferred, turns a panic into an internal error and ends the stream.
func (e *events) recovered(ctx context.Context) {
	if cause := recover(); cause != nil {
		err := e.server.presenter.recovered(ctx, cause)
		e.next(e.server.failure(ctx, err), "")
		e.complete()
	}
}

func errStopping() error {
	return cloudtag.Refuse(cloudtag.CodeUnavailable, cloudtag.Text{
		ZH: "服务器正在停止：请重新连接，并以最后收到的游标继续。",
		EN: "The server is stopping: connect again, and go on from the last cursor received.",
	})
}
