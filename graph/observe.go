package graph

import (
	"context"
	"time"

	"cloudtag/internal/accesslog"
	"cloudtag/internal/auth"
	"cloudtag/internal/reqid"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// Meter records metrics of operations. Its methods must not block, and must bound the number of operation names, which clients
// choose.
type Meter interface {
	// Answered records a query or mutation that was executed; failed: its response has errors.
	Answered(operation Operation, took time.Duration, failed bool)
	// Subscribed records the start of a subscription; event and end are to be called at each event and at its end.
	Subscribed(operation Operation) (event, end func())
	// Failed records an error in a response, with its code.
	Failed(operation Operation, code string)
	// Panicked records a recovered panic.
	Panicked()
	// Refused records a request that exceeded a limit; reason is one of those in docs/limits.md.
	Refused(reason string)
}

// Operation identifies an operation in metrics and traces, without its document and variables.
type Operation struct {
	Kind string // "query", "mutation" or "subscription"; empty for a request that never became one
	Name string // the operation name of the document; empty without one, and for unauthenticated callers
}

// operationOf describes the operation of a context.
func operationOf(ctx context.Context) Operation {
	if !graphql.HasOperationContext(ctx) {
		return Operation{}
	}
	running := graphql.GetOperationContext(ctx).Operation
	if running == nil {
		return Operation{}
	}
	operation := Operation{Kind: string(running.Operation)}
	if _, signedIn := auth.SessionFrom(ctx); signedIn {
		operation.Name = running.Name
	}
	return operation
}

// observeOperation measures and traces an operation as the outermost middleware. Subscriptions are not traced: a span of hours
// is of no use.
func (s *server) observeOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	operation := operationOf(ctx)
	accesslog.From(ctx).SetOperation(operation.spanName())
	if operation.Kind == string(ast.Subscription) {
		return s.observeEvents(operation, next(ctx))
	}
	start := time.Now()
	var span trace.Span
	if s.config.Tracer != nil {
		ctx, span = s.config.Tracer.Start(ctx, operation.spanName(), trace.WithAttributes(
			attribute.String("graphql.operation.type", operation.Kind), attribute.String("graphql.operation.name", operation.Name),
			attribute.String("cloudtag.request_id", reqid.From(ctx))))
	}
	answer := next(ctx)
	return func(ctx context.Context) *graphql.Response {
		response := answer(ctx)
		failed := response != nil && len(response.Errors) > 0
		s.config.Meter.Answered(operation, time.Since(start), failed)
		endSpan(span, failed)
		return response
	}
}

func (o Operation) spanName() string {
	if o.Name == "" {
		return o.Kind
	}
	return o.Kind + " " + o.Name
}

// observeEvents counts a subscription and its events.
func (s *server) observeEvents(operation Operation, events graphql.ResponseHandler) graphql.ResponseHandler {
	event, end := s.config.Meter.Subscribed(operation)
	ended := false
	return func(ctx context.Context) *graphql.Response {
		response := events(ctx)
		switch {
		case response != nil:
			event()
		case !ended:
			ended = true
			end()
		}
		return response
	}
}

// traceRootField makes a span of a root field of a query or mutation.
func (s *server) traceRootField(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	field := graphql.GetRootFieldContext(ctx)
	if field == nil || graphql.GetOperationContext(ctx).Operation.Operation == ast.Subscription {
		return next(ctx)
	}
	ctx, span := s.config.Tracer.Start(ctx, "field "+field.Field.Name)
	defer span.End()
	return next(ctx)
}

// endSpan ends a span, nil without tracing. Error messages go to the log only.
func endSpan(span trace.Span, failed bool) {
	if span == nil {
		return
	}
	if failed {
		span.SetStatus(codes.Error, "")
	}
	span.End()
}

// noMeter records nothing.
type noMeter struct{}

func (noMeter) Answered(Operation, time.Duration, bool) {}
func (noMeter) Failed(Operation, string)                {}
func (noMeter) Refused(string)                          {}
func (noMeter) Panicked()                               {}
func (noMeter) Subscribed(Operation) (event, end func()) {
	return func() {}, func() {}
}
