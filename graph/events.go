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

// eventsLinger is how long an event stream that ends without completing stays open behind its last event: an end that is
// read together with that event leaves graphql-sse waiting for ever instead of connecting again.
const eventsLinger = 100 * time.Millisecond

// lastEventID is the header by which an EventSource that connects again tells the last id that it has received.
const lastEventID = "Last-Event-Id"

// events is an answer as server-sent events, in the distinct connections mode of GraphQL over SSE: an event "next" for
// each response, with the cursor as its id where there is one, and then "complete", unless the client should come back.
type events struct {
	server *server
	conn   *http.ResponseController
	leave  context.CancelFunc // ends the operation

	mu sync.Mutex // held while something is written
	w  io.Writer
}

// streamRetrySeconds is when to open a stream again where too many are open.
const streamRetrySeconds = 5

// serveEvents answers an operation, or its refusals, with events, of which streams a caller has only so many. leave gives its place among those that run back.
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
	// An operation of hours has no span, and what it does later is no part of the request's.
	ctx, cancel := context.WithCancel(trace.ContextWithSpan(graphql.WithOperationContext(r.Context(), operation), nil))
	e := &events{server: s, conn: http.NewResponseController(w), leave: cancel, w: w}
	var probing sync.WaitGroup
	defer probing.Wait()
	defer cancel()
	defer e.recovered(ctx)

	_ = e.conn.SetReadDeadline(time.Time{})
	w.Header().Set("Content-Type", eventStream)
	w.Header().Set("X-Accel-Buffering", "no") // nginx would keep events back
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

// follow sends a subscription's events until it ends, the client leaves, or the server stops. It reports whether the client
// should subscribe again.
func (e *events) follow(ctx, stopping context.Context, exec graphql.GraphExecutor, operation *graphql.OperationContext, resume string) (again bool) {
	defer context.AfterFunc(stopping, e.leave)() //nolint:contextcheck // the server's end, not the request's
	ctx, end := stream.With(ctx)
	ctx, position := stream.WithPosition(ctx, resume)
	responses, ctx := exec.DispatchOperation(ctx, operation)
	defer func() {
		e.leave()
		for responses(ctx) != nil { // nothing comes of a cancelled operation, but what counts it learns of its end
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

// comesBack reports whether a client whose subscription ends for a reason should subscribe again, with the same request
// and perhaps a new token.
func comesBack(reason error) bool {
	switch cloudtag.CodeOf(reason) {
	case cloudtag.CodeUnavailable, cloudtag.CodeUnauthenticated:
		return true
	default:
		return false
	}
}

// probe sends a comment now and then, so that nobody on the way takes the stream for dead.
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

// next sends a response, and reports whether it has left. id is the position behind it; empty: there is none.
func (e *events) next(response any, id string) bool {
	text := "event: next\n"
	if id != "" {
		text += "id: " + id + "\n"
	}
	return e.write(text + "data: " + string(encoded(response)) + "\n\n")
}

// complete tells the client that nothing follows. An EventSource takes no notice of events without a line of data.
func (e *events) complete() { e.write("event: complete\ndata:\n\n") }

// write sends text at once. A client that takes nothing for long is given up, and so is its operation.
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

// linger gives a client time for the last event.
func linger(client context.Context) {
	timer := time.NewTimer(eventsLinger)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-client.Done():
	}
}

// recovered, deferred, tells the client of a panic no more than that there was one.
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
