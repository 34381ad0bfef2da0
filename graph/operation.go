package graph

import (
	"context"
	"fmt"
	"sync"

	"cloudtag/graph/execution"
	"cloudtag/graph/stream"
	"cloudtag/internal/auth"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// survive turns a panic into an operation's last response, so that neither the transport nor the middleware around it sees the
// panic.
func (s *server) survive(ctx context.Context, next graphql.OperationHandler) (responses graphql.ResponseHandler) {
	defer func() {
		if cause := recover(); cause != nil {
			responses = s.oneShot(ctx, s.presenter.recovered(ctx, cause))
		}
	}()
	answers := next(ctx)
	return func(ctx context.Context) (response *graphql.Response) {
		defer func() {
			if cause := recover(); cause != nil {
				answers = graphql.OneShot(nil)
				response = s.failure(ctx, s.presenter.recovered(ctx, cause))
			}
		}()
		return answers(ctx)
	}
}

// aroundOperation checks session and quota of an operation on a socket, and makes the reason why a subscription ends its last
// response. A socket whose session has expired or was revoked is closed, so that its client reconnects with a new token.
// Refusals need OneShot: a socket would send a handler's response for ever.
func (s *server) aroundOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	subscribes := graphql.GetOperationContext(ctx).Operation.Operation == ast.Subscription
	release := func() {}
	if socket := socketFrom(ctx); socket != nil {
		session, signedIn := auth.SessionFrom(ctx)
		if !signedIn || expired(session, s.config.Clock) || s.config.Sessions.Check(session) != nil {
			socket.sessionOver()
			return nothing
		}
		var admitted bool
		if release, admitted = socket.admit(subscribes); !admitted {
			return s.oneShot(ctx, s.errTooMany(subscribes))
		}
	}
	ctx = execution.WithPlans(ctx, s.plans)
	if !subscribes {
		return s.answerOnce(ctx, next, release)
	}
	ctx, end := stream.With(stream.WithCatchUp(ctx, s.catchUp))
	return s.untilEnd(unlessPanics(ctx, next, release), end, release)
}

// unlessPanics begins an operation, and calls release if that panics.
func unlessPanics(ctx context.Context, begin graphql.OperationHandler, release func()) graphql.ResponseHandler {
	begun := false
	defer func() {
		if !begun {
			release()
		}
	}()
	responses := begin(ctx)
	begun = true
	return responses
}

// nothing is the response handler of an operation on a socket that is being closed.
func nothing(context.Context) *graphql.Response { return nil }

// answerOnce runs a query or mutation, and releases its slots when it has answered. Over HTTP, [answerTransport] has acquired
// the load limiter's slot already.
func (s *server) answerOnce(ctx context.Context, next graphql.OperationHandler, release func()) graphql.ResponseHandler {
	leave := func() {}
	if socketFrom(ctx) != nil {
		var err error
		if leave, err = s.enter(ctx); err != nil {
			release()
			return s.oneShot(ctx, err)
		}
	}
	done := sync.OnceFunc(func() {
		leave()
		release()
	})
	answer := unlessPanics(ctx, next, done)
	return func(ctx context.Context) *graphql.Response {
		defer done()
		return answer(ctx)
	}
}

// untilEnd passes events on, and after the last one the reason of the end as an error, if there is one.
func (s *server) untilEnd(events graphql.ResponseHandler, end *stream.End, release func()) graphql.ResponseHandler {
	ended := false
	return func(ctx context.Context) *graphql.Response {
		if ended {
			return nil
		}
		ended = true // holds if events panics
		defer func() {
			if ended {
				release()
			}
		}()
		if response := events(ctx); response != nil {
			ended = false
			return response
		}
		reason := end.Take()
		if socket := socketFrom(ctx); socket != nil && comesBack(reason) {
			socket.sendBack(reason)
		} else if reason != nil {
			return s.failure(ctx, reason)
		}
		return nil
	}
}

func (s *server) oneShot(ctx context.Context, err error) graphql.ResponseHandler {
	return graphql.OneShot(s.failure(ctx, err))
}

func (s *server) failure(ctx context.Context, err error) *graphql.Response {
	return &graphql.Response{Errors: gqlerror.List{s.presenter.present(ctx, err)}}
}

func (s *server) errTooMany(subscribes bool) error {
	limit := s.config.Limits.Sockets.Subscriptions
	if subscribes {
		return limited(reasonSubscriptions, fmt.Sprintf("每个连接最多 %d 个订阅。", limit), fmt.Sprintf("A connection may have at most %d subscriptions.", limit))
	}
	return limited(reasonSocketOperations, fmt.Sprintf("每个连接最多同时执行 %d 个操作。", limit), fmt.Sprintf("A connection may run at most %d operations at once.", limit))
}

// aboutDocument marks a refusal as a validation error, which decides about the HTTP status.
func aboutDocument(refusal error) *gqlerror.Error {
	err := gqlerror.Wrap(refusal)
	errcode.Set(err, errcode.ValidationFailed)
	return err
}
