package web

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/ratelimit"
	"cloudtag/internal/reqid"
)

// retryAfterSeconds is when a caller may retry whose token could not be verified.
const retryAfterSeconds = "5"

// tooManyBadTokens counts an invalid token against the client's address, and responds when there were too many.
func (s *Server) tooManyBadTokens(w http.ResponseWriter, r *http.Request) bool {
	if s.config.BadTokens == nil {
		return false
	}
	_, err := s.config.BadTokens.Take(ratelimit.AddressKey(r.RemoteAddr), 1)
	var refused *ratelimit.RefusedError
	if !errors.As(err, &refused) {
		return false
	}
	s.config.Refused("bad_tokens")
	seconds := refused.RetrySeconds()
	refusal := cloudtag.Refuse(cloudtag.CodeRateLimited, cloudtag.Text{
		ZH: fmt.Sprintf("无效令牌过多，请 %d 秒后重试。", seconds), EN: fmt.Sprintf("Too many bad tokens: try again in %d s.", seconds),
	})
	refusal.RetryAfter = time.Duration(seconds) * time.Second
	writeError(w, r, http.StatusTooManyRequests, refusal)
	return true
}

// signIn authenticates requests with a bearer token. Requests without one stay unauthenticated, which the API lets do
// nothing; sockets authenticate later. An invalid token is rejected at once, so that no caller is silently treated as
// unauthenticated.
func (s *Server) signIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		authorization := r.Header.Get("Authorization")
		if authorization == "" {
			next.ServeHTTP(w, r)
			return
		}
		ctx, err := s.config.SignIn(r.Context(), authorization)
		if err != nil {
			var refusal *cloudtag.Error
			if !errors.As(err, &refusal) {
				s.config.Log.ErrorContext(r.Context(), "sign-in failed", "error", err, "request_id", reqid.From(r.Context()))
				writeError(w, r, http.StatusInternalServerError, errInternal())
				return
			}
			if refusal.Code == cloudtag.CodeUnavailable {
				s.config.Log.WarnContext(r.Context(), "sign-in can't be checked", "cause", refusal.Cause, "request_id", reqid.From(r.Context()))
				w.Header().Set("Retry-After", retryAfterSeconds)
				writeError(w, r, http.StatusServiceUnavailable, refusal)
				return
			}
			s.config.Log.InfoContext(r.Context(), "sign-in refused", "cause", refusal.Cause, "request_id", reqid.From(r.Context()))
			if s.tooManyBadTokens(w, r) {
				return
			}
			w.Header().Set("WWW-Authenticate", "Bearer")
			writeError(w, r, http.StatusUnauthorized, refusal)
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}
