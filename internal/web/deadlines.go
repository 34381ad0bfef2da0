package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/felixge/httpsnoop"
)

// How long a client may take.
const (
	requestReadTimeout  = 30 * time.Second // to send a request
	requestWriteTimeout = 60 * time.Second // until it has received the answer
	streamWriteTimeout  = 30 * time.Second // to take each event of a stream
)

// isStream reports whether the request opens a stream: a socket or server-sent events.
func isStream(r *http.Request) bool { return isUpgrade(r) || acceptsEvents(r) }

func isUpgrade(r *http.Request) bool {
	return strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

func acceptsEvents(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "text/event-stream")
}

// ordinary limits how long a request and its answer may take.
func ordinary(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		setDeadlines(w, requestReadTimeout, requestWriteTimeout)
		next.ServeHTTP(w, r)
	})
}

// setDeadlines limits reading and writing from now on. Only writers that are no connection, as in tests, can't.
func setDeadlines(w http.ResponseWriter, read, write time.Duration) {
	controller := http.NewResponseController(w)
	now := time.Now()
	_ = controller.SetReadDeadline(now.Add(read))
	_ = controller.SetWriteDeadline(now.Add(write))
}

// streamsOrOrdinary gives streams no end but that of the server, and a client that stops reading one no more than a
// while; every other request is an ordinary one.
func (s *Server) streamsOrOrdinary(next http.Handler) http.Handler {
	other := ordinary(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isStream(r) {
			other.ServeHTTP(w, r)
			return
		}
		s.streams.Add(1)
		defer s.streams.Done()
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer context.AfterFunc(s.draining, cancel)() //nolint:contextcheck // the server's end, not the request's
		if !isUpgrade(r) {
			w = patient(w)
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// patient gives each write of an event stream its own time.
func patient(w http.ResponseWriter) http.ResponseWriter {
	setDeadlines(w, requestReadTimeout, streamWriteTimeout)
	controller := http.NewResponseController(w)
	extend := func() { _ = controller.SetWriteDeadline(time.Now().Add(streamWriteTimeout)) }
	return httpsnoop.Wrap(w, httpsnoop.Hooks{
		Write: func(write httpsnoop.WriteFunc) httpsnoop.WriteFunc {
			return func(b []byte) (int, error) {
				extend()
				return write(b)
			}
		},
		Flush: func(flush httpsnoop.FlushFunc) httpsnoop.FlushFunc {
			return func() {
				extend()
				flush()
			}
		},
	})
}
