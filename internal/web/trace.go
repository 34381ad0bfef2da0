package web

import (
	"net/http"

	"cloudtag/internal/handover"
	"cloudtag/internal/reqid"

	"github.com/felixge/httpsnoop"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// traced makes a span of each request of a route, as a child of the caller's where it sends one (traceparent). Streams have
// none: their spans would last for hours. Spans do not identify the caller or the request.
func (s *Server) traced(route string, next http.Handler) http.Handler {
	if s.config.Tracer == nil || quietRoutes[route] {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		method := knownMethod(r.Method)
		ctx := propagation.TraceContext{}.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
		ctx, span := s.config.Tracer.Start(ctx, method+" "+route, trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
			attribute.String("http.request.method", method), attribute.String("http.route", route),
			attribute.String("cloudtag.request_id", reqid.From(ctx))))
		seen := httpsnoop.CaptureMetrics(next, w, r.WithContext(ctx))
		if handover.Taken(ctx) {
			return // a span that is never ended is not exported
		}
		defer span.End()
		span.SetAttributes(attribute.Int("http.response.status_code", seen.Code))
		if seen.Code >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, "")
		}
	})
}
