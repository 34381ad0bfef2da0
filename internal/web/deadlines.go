package web

import (
	"net/http"
	"time"
)

// Time limits of a request. Streams set their own when they begin.
const (
	requestReadTimeout  = 30 * time.Second // until the request was read
	requestWriteTimeout = 60 * time.Second // until the response was written
)

// ordinary sets the deadlines of a request and its response. Writers without a connection, as in tests, have none.
func ordinary(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		controller := http.NewResponseController(w)
		now := time.Now()
		_ = controller.SetReadDeadline(now.Add(requestReadTimeout))
		_ = controller.SetWriteDeadline(now.Add(requestWriteTimeout))
		next.ServeHTTP(w, r)
	})
}
