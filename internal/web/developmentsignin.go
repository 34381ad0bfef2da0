package web

import (
	"net/http"

	"cloudtag/internal/reqid"
)

// signInAs signs a browser in as the role in the path and sends it to a page. Only development servers have such links,
// which nobody but their own machine can reach. The token travels in the fragment, which browsers send nowhere.
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
