package graph

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"cloudtag/graph/stream"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// refusedAtOnce is how many operations may be in the process of being refused, beside those that run, before the socket stops
// reading. It bounds what a client that does not read can accumulate.
const refusedAtOnce = 8

// operation is the operation of one subscribe message.
type operation struct {
	socket    *socket
	id        string // the client's
	opening   []byte // the beginning of a message with a response, see [openingOf]
	ctx       context.Context
	cancel    context.CancelFunc
	responses graphql.ResponseHandler
}

var _ stream.Sink = (*operation)(nil)

// start runs an operation on its own goroutine, as soon as a slot is free. It returns when a subscription's position in the log
// is fixed, so that a client that has received the answer to a later message, such as a ping, misses no later event.
func (s *socket) start(o *operation, params *graphql.RawParams) {
	select {
	case s.slots <- struct{}{}:
	case <-s.base.Done():
		return
	}
	s.mu.Lock()
	s.times.idle = time.Time{}
	s.mu.Unlock()
	s.running.Add(1)
	started := make(chan struct{})
	go o.run(params, sync.OnceFunc(func() { close(started) }))
	select {
	case <-started:
	case <-s.base.Done():
	}
}

// run executes the operation, and calls started when it has begun or failed. A subscription that a pump serves continues after
// run has returned.
func (o *operation) run(params *graphql.RawParams, started func()) {
	defer started()
	defer func() {
		if cause := recover(); cause != nil {
			o.Panicked(cause)
		}
	}()
	params.ReadTime = graphql.TraceTiming{Start: graphql.GetStartTime(o.ctx), End: graphql.Now()}
	executed, refusals := o.socket.exec.CreateOperationContext(o.ctx, params)
	if refusals != nil {
		started()
		o.refuse(o.socket.exec.DispatchError(graphql.WithOperationContext(o.ctx, executed), refusals), refusals)
		return
	}
	ctx, pump := stream.WithPump(graphql.WithOperationContext(o.ctx, executed))
	o.responses, o.ctx = o.socket.exec.DispatchOperation(ctx, executed)
	started()
	if pump.Attached() {
		pump.Start(o)
		return
	}
	o.End()
}

// refuse answers an operation that cannot be executed. For a faulty document it sends an error message, which also ends the
// operation.
func (o *operation) refuse(response *graphql.Response, refusals gqlerror.List) {
	if errcode.GetErrorKind(refusals) == errcode.KindProtocol {
		o.fail(response.Errors)
		return
	}
	o.next(response)
	o.complete()
}

// Deliver sends the next response. It returns false if there is none, or it cannot be sent.
func (o *operation) Deliver() bool {
	response := o.responses(o.ctx)
	return response != nil && o.next(response)
}

// End sends the remaining responses and completes the operation.
func (o *operation) End() {
	for o.Deliver() { //nolint:revive // all of them
	}
	if o.socket.base.Err() != nil {
		o.ended() // the socket is closed: completing would report an ordinary end
		return
	}
	o.complete()
}

// Panicked reports to the client that the operation failed, and logs the panic.
func (o *operation) Panicked(cause any) {
	err := o.socket.server.presenter.recovered(o.ctx, cause)
	o.cancel()
	if o.responses != nil {
		for o.responses(o.ctx) != nil { // a cancelled operation has no responses; this lets the metrics count its end
			continue
		}
	}
	o.fail(gqlerror.List{o.socket.server.presenter.present(o.ctx, err)})
}

// next sends a response. Data is JSON already, and is copied into the message without encoding it again.
func (o *operation) next(response *graphql.Response) bool {
	message := make([]byte, 0, len(o.opening)+len(response.Data)+len(`{"data":}}`))
	message = append(message, o.opening...)
	if onlyData(response) {
		message = append(message, `{"data":`...)
		message = append(message, response.Data...)
		message = append(message, '}')
	} else {
		payload, err := json.Marshal(response)
		if err != nil {
			return false
		}
		message = append(message, payload...)
	}
	return o.write(append(message, '}'), false)
}

// onlyData reports whether a response has data and nothing else.
func onlyData(r *graphql.Response) bool {
	return r.Data != nil && len(r.Errors) == 0 && len(r.Extensions) == 0 && r.Label == "" && r.Path == nil && r.HasNext == nil
}

// openingOf returns the beginning of the messages of an operation, up to the payload.
func openingOf(id string) []byte {
	quoted, err := json.Marshal(id)
	if err != nil { // does not happen for a string
		quoted = []byte(`""`)
	}
	return append(append([]byte(`{"id":`), quoted...), `,"type":"next","payload":`...)
}

func (o *operation) complete() {
	o.send("complete", nil)
	o.ended()
}

func (o *operation) fail(list gqlerror.List) {
	if payload, err := json.Marshal(list); err == nil {
		o.send("error", payload)
	}
	o.ended()
}

// ended releases the operation's place. It is the last thing that an operation does.
func (o *operation) ended() {
	s := o.socket
	o.cancel()
	s.mu.Lock()
	if s.operations[o.id] == o {
		delete(s.operations, o.id)
	}
	if len(s.slots) == 1 {
		s.times.idle = time.Now()
	}
	<-s.slots
	s.mu.Unlock()
	s.running.Done()
}

// send sends the operation's last message.
func (o *operation) send(kind string, payload json.RawMessage) {
	if encoded, err := json.Marshal(socketMessage{ID: o.id, Type: kind, Payload: payload}); err == nil {
		o.write(encoded, true)
	}
}

// write sends a message of the operation, unless the client has completed it. The last message frees the identifier before it is
// sent, because the client may reuse it on receipt.
func (o *operation) write(message []byte, last bool) bool {
	s := o.socket
	s.writeMu.Lock()
	defer s.writeMu.Unlock()
	s.mu.Lock()
	wanted := s.operations[o.id] == o && s.closing == nil
	if wanted && last {
		delete(s.operations, o.id)
	}
	s.mu.Unlock()
	return wanted && s.write(message) == nil
}
