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

// quietRoutes are asked all the time, and tell nothing when they go well.
var quietRoutes = map[string]bool{"/healthz": true, "/readyz": true, "/assets": true}

// observe logs and measures the requests of a route, and turns a panic into an answer. Neither the log nor the
// metrics hold anything about who asks or what for: no address, no query, no token.
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
		if seen.stream && seen.answer.Code == http.StatusOK && seen.answer.Written == 0 { // what is not written counts as OK, a switch of protocols too
			seen.record = nil // a socket has many operations, and lives too long to keep more than it must
			seen.answer.Code = http.StatusSwitchingProtocols
		}
	})
}

// access is what is logged and measured of a request. It holds nothing of the request itself, which a socket, whose
// access is kept until its end, would keep in memory.
type access struct {
	level         slog.Level
	route, method string
	id            string
	stream        bool // it was taken over
	began         time.Time
	record        *accesslog.Record // nil for sockets
	answer        httpsnoop.Metrics
}

// handOver lets a request become a stream, and go on when its handler has returned, as sockets do. It is observed at its
// end.
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

// observed measures and logs a request that has ended.
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

// logs decides whether a request is logged: those that failed by the server's fault always are, unless none is.
func (s *Server) logs(failed bool) bool {
	share := s.config.LoggedRequests
	return share > 0 && (failed || share >= 1 || rand.Float64() < share)
}

// recovering calls the handler and survives its panics.
func (s *Server) recovering(next http.Handler, w http.ResponseWriter, r *http.Request) {
	defer s.answerPanic(w, r)
	next.ServeHTTP(w, r)
}

// answerPanic, deferred, answers a panic with an internal error, of which only the log knows more.
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
