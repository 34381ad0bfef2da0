package web

import (
	"io"
	"net/http"

	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
)

// schema serves the SDL to callers who may introspect the schema.
func (s *Server) schema(w http.ResponseWriter, r *http.Request) {
	if _, signedIn := auth.SessionFrom(r.Context()); !signedIn && !s.config.SchemaForAll {
		w.Header().Set("WWW-Authenticate", "Bearer")
		writeError(w, r, http.StatusUnauthorized, cloudtag.Refuse(cloudtag.CodeUnauthenticated, cloudtag.Text{
			ZH: "请先登录。", EN: "Sign in first.",
		}))
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, s.config.Schema)
}
