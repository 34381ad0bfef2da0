package web

import (
	"net/http"
	"time"
)

// How long a client may take. Streams set times of their own when they begin.
const (
	requestReadTimeout  = 30 * time.Second // to send a request
	requestWriteTimeout = 60 * time.Second // until it has received the answer
)

// ordinary limits how long a request and its answer may take. Only writers that are no connection, as in tests, can't.
func ordinary(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		controller := http.NewResponseController(w)
		now := time.Now()
		_ = controller.SetReadDeadline(now.Add(requestReadTimeout))
		_ = controller.SetWriteDeadline(now.Add(requestWriteTimeout))
		next.ServeHTTP(w, r)
	})
}
