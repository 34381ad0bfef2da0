package web

import (
	"net/http"
	"regexp"

	"cloudtag/internal/locale"
	"cloudtag/internal/reqid"
)

const requestIDHeader = "X-Request-Id"

// acceptableID is the form of an identifier that a proxy may have given to the request.
var acceptableID = regexp.MustCompile(`^[A-Za-z0-9._-]{8,64}$`)

// identify gives each request an identifier, its proxy's where it has one, and tells it to the client.
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

// inCallersLanguage notes the language that the caller reads.
func inCallersLanguage(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept-Language")
		language := locale.Parse(r.Header.Get("Accept-Language"))
		next.ServeHTTP(w, r.WithContext(locale.With(r.Context(), language)))
	})
}
