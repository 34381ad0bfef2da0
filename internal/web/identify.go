package web

import (
	"net/http"
	"regexp"

	"cloudtag/internal/locale"
	"cloudtag/internal/reqid"
)

const requestIDHeader = "X-Request-Id"

// acceptableID is what an identifier from a proxy must match.
var acceptableID = regexp.MustCompile(`^[A-Za-z0-9._-]{8,64}$`)

// identify gives each request an identifier, the proxy's where it has one, and returns it in a header.
func (s *Server) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(requestIDHeader)
		if !acceptableID.MatchString(id) {
			id = s.config.IDs.NewID()
		}
		w.Header().Set(requestIDHeader, id)
		next.ServeHTTP(w, r.WithContext(reqid.With(r.Context(), id)))
	})
}

// inCallersLanguage puts the caller's language into the context.
func inCallersLanguage(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept-Language")
		language := locale.Parse(r.Header.Get("Accept-Language"))
		next.ServeHTTP(w, r.WithContext(locale.With(r.Context(), language)))
	})
}
