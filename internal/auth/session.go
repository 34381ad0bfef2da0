package auth

import (
	"context"
	"time"

	"cloudtag/internal/cloudtag"
)

// Session is an authenticated caller, until the token expires.
type Session struct {
	Caller    cloudtag.Caller
	TokenID   string    // jti, by which the token can be revoked; empty when it has none
	IssuedAt  time.Time // iat; zero when the token has none
	ExpiresAt time.Time
}

type sessionKey struct{}

// WithSession returns a context with the session.
func WithSession(ctx context.Context, session Session) context.Context {
	return context.WithValue(ctx, sessionKey{}, session)
}

// SessionFrom returns the context's session; ok is false when the request is unauthenticated.
func SessionFrom(ctx context.Context) (session Session, ok bool) {
	session, ok = ctx.Value(sessionKey{}).(Session)
	return session, ok
}

// CallerFrom returns the authenticated caller; unauthenticated requests have the zero Caller, which may do nothing.
func CallerFrom(ctx context.Context) cloudtag.Caller {
	session, _ := SessionFrom(ctx)
	return session.Caller
}
