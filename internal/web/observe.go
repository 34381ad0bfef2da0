package web

import (
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/reqid"

	"github.com/felixge/httpsnoop"
)

// quietRoutes are asked all the time, and tell nothing when they go well.
var quietRoutes = map[string]bool{"/healthz": true, "/readyz": true, "/metrics": true, "/assets": true}

// observe logs and measures the requests of a route, and turns a panic into an answer. Neither the log nor the
// metrics hold anything about who asks or what for: no address, no query, no token.
func (s *Server) observe(route string, next http.Handler) http.Handler {
	level := slog.LevelInfo
	if quietRoutes[route] {
		level = slog.LevelDebug
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		stream := isStream(r)
		if stream {
			s.metrics.streams.Inc()
			defer s.metrics.streams.Dec()
		}
		seen := httpsnoop.CaptureMetricsFn(w, func(w http.ResponseWriter) { s.recovering(next, w, r) })
		if isUpgrade(r) && seen.Code == http.StatusOK { // what is not written counts as OK, a switch of protocols too
			seen.Code = http.StatusSwitchingProtocols
		}
		method := knownMethod(r.Method)
		if !stream { // a stream's length says nothing about speed
			s.metrics.requests.WithLabelValues(route, method, strconv.Itoa(seen.Code)).Observe(seen.Duration.Seconds())
		}
		s.config.Log.Log(r.Context(), level, "request",
			"route", route, "method", method, "status", seen.Code, "bytes", seen.Written, "stream", stream,
			"duration_ms", float64(seen.Duration.Microseconds())/1000, "request_id", reqid.From(r.Context()))
	})
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
