package auth

import (
	"context"
	"time"

	"cloudtag/internal/cloudtag"
)

// Session is a caller who has proved who they are, until a time.
type Session struct {
	Caller    cloudtag.Caller
	TokenID   string    // of the token, by which it can be revoked; empty when it has none
	IssuedAt  time.Time // of the token; zero when it does not say
	ExpiresAt time.Time
}

// token is what a session's token is revoked by.
func (s Session) token() cloudtag.Token {
	return cloudtag.Token{ID: s.TokenID, Subject: s.Caller.Subject, IssuedAt: s.IssuedAt}
}

type sessionKey struct{}

// WithSession returns a context that carries the session.
func WithSession(ctx context.Context, session Session) context.Context {
	return context.WithValue(ctx, sessionKey{}, session)
}

// SessionFrom returns the context's session; ok is false when nobody is signed in.
func SessionFrom(ctx context.Context) (session Session, ok bool) {
	session, ok = ctx.Value(sessionKey{}).(Session)
	return session, ok
}

// CallerFrom returns who is signed in. Nobody is the zero Caller, which may do nothing.
func CallerFrom(ctx context.Context) cloudtag.Caller {
	session, _ := SessionFrom(ctx)
	return session.Caller
}
