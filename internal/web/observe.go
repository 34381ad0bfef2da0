package web

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"cloudtag/internal/accesslog"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/handover"
	"cloudtag/internal/reqid"

	"github.com/felixge/httpsnoop"
)

// quietRoutes are requested often, and logged at debug level.
var quietRoutes = map[string]bool{"/healthz": true, "/readyz": true, "/assets": true}

// observe logs and measures the requests of a route, and turns a panic into a response. Neither the log nor the metrics
// identify the caller or the request: no address, no query, no token.
func (s *Server) observe(route string, next http.Handler) http.Handler {
	level := slog.LevelInfo
	if quietRoutes[route] {
		level = slog.LevelDebug
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := &access{
			level: level, route: route, method: knownMethod(r.Method), id: reqid.From(r.Context()), began: time.Now(), record: &accesslog.Record{},
		}
		ctx, returned := s.handOver(accesslog.With(r.Context(), seen.record), seen)
		defer returned()
		seen.answer = httpsnoop.CaptureMetricsFn(w, func(w http.ResponseWriter) { s.recovering(next, w, r.WithContext(ctx)) })
		if seen.stream && seen.answer.Code == http.StatusOK && seen.answer.Written == 0 { // the upgrade was written to the hijacked connection
			seen.record = nil // a socket has many operations, and its memory counts
			seen.answer.Code = http.StatusSwitchingProtocols
		}
	})
}

// access is what is logged and measured of a request. A socket holds it until its end, so it must not reference the request.
type access struct {
	level         slog.Level
	route, method string
	id            string
	stream        bool // the request was taken over
	began         time.Time
	record        *accesslog.Record // nil for sockets
	answer        httpsnoop.Metrics
}

// handOver lets a request become a stream and outlive its handler, as sockets do. It is logged and measured when both have
// ended.
func (s *Server) handOver(ctx context.Context, seen *access) (_ context.Context, returned func()) {
	s.streams.Add(1)
	return handover.With(ctx, s.draining, func() { //nolint:contextcheck // outlives the request
		seen.stream = true
		s.metrics.streams.Inc()
	}, func() {
		defer s.streams.Done()
		if seen.stream {
			s.metrics.streams.Dec()
		}
		s.observed(reqid.With(context.Background(), seen.id), seen)
	})
}

// observed measures and logs a finished request.
func (s *Server) observed(ctx context.Context, seen *access) {
	took := time.Since(seen.began)
	if !seen.stream { // a stream's length says nothing about speed
		s.metrics.requests.WithLabelValues(seen.route, seen.method, strconv.Itoa(seen.answer.Code)).Observe(took.Seconds())
	}
	var operation, code string
	if seen.record != nil {
		operation, code = seen.record.Read()
	}
	failed := seen.answer.Code >= http.StatusInternalServerError || code == string(cloudtag.CodeInternal) || code == string(cloudtag.CodeUnavailable)
	if !s.logs(failed) || !s.config.Log.Enabled(ctx, seen.level) {
		return
	}
	attributes := []slog.Attr{
		slog.String("route", seen.route), slog.String("method", seen.method), slog.Int("status", seen.answer.Code),
		slog.Int64("bytes", seen.answer.Written), slog.Bool("stream", seen.stream),
		slog.Float64("duration_ms", float64(took.Microseconds())/1000), slog.String("request_id", seen.id),
	}
	if operation != "" {
		attributes = append(attributes, slog.String("operation", operation))
	}
	if code != "" {
		attributes = append(attributes, slog.String("code", code))
	}
	s.config.Log.LogAttrs(ctx, seen.level, "request", attributes...)
}

// logs reports whether a request is logged: failures of the server always are, unless the share is 0.
func (s *Server) logs(failed bool) bool {
	share := s.config.LoggedRequests
	return share > 0 && (failed || share >= 1 || rand.Float64() < share)
}

// recovering calls the handler and recovers from its panics.
func (s *Server) recovering(next http.Handler, w http.ResponseWriter, r *http.Request) {
	defer s.answerPanic(w, r)
	next.ServeHTTP(w, r)
}

// answerPanic, deferred, responds to a panic with an internal error; the details are only logged.
func (s *Server) answerPanic(w http.ResponseWriter, r *http.Request) {
	failure := recover()
	switch failure {
	case nil:
	case http.ErrAbortHandler:
		panic(failure)
	default:
		s.config.Log.ErrorContext(r.Context(), "panic",
			"panic", failure, "request_id", reqid.From(r.Context()), "stack", string(debug.Stack()))
		writeError(w, r, http.StatusInternalServerError, errInternal())
	}
}

func errInternal() *cloudtag.Error {
	return cloudtag.Refuse(cloudtag.CodeInternal, cloudtag.Text{
		ZH: "服务内部错误，请稍后重试。", EN: "Something went wrong here; please try again later.",
	})
}

// knownMethod keeps invented methods out of logs and metrics.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodOptions:
		return method
	default:
		return "other"
	}
}
