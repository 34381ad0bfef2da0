package web

import (
	"net/http"

	"cloudtag/internal/reqid"
)

// signInAs redirects to a page signed in as the role in the path. Only development servers have these links, and only their
// own machine can reach those. The token is in the fragment, which browsers never send.
func (s *Server) signInAs(page string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, err := s.config.SignInAs(r.Context(), r.PathValue("role"))
		switch {
		case err != nil:
			s.config.Log.ErrorContext(r.Context(), "sign in for development", "error", err, "request_id", reqid.From(r.Context()))
			writeStatus(w, http.StatusInternalServerError, "no token can be made: see the log")
		case token == "":
			writeStatus(w, http.StatusNotFound, "there is no such role, or no shop yet to sign in for")
		default:
			w.Header().Set("Cache-Control", "no-store")
			http.Redirect(w, r, page+"#token="+token, http.StatusSeeOther)
		}
	})
}
