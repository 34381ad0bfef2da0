package auth

import (
	"context"
	"errors"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
)

// counting verifies every token until it does not, and counts how often it was asked.
type counting struct {
	asked   int
	refuses error
	expires time.Time
}

func (c *counting) Verify(_ context.Context, bearerToken string) (Session, error) {
	c.asked++
	if c.refuses != nil {
		return Session{}, c.refuses
	}
	return Session{Caller: cloudtag.Caller{Subject: bearerToken}, ExpiresAt: c.expires}, nil
}

type stepping struct{ now time.Time }

func (s *stepping) Now() time.Time { return s.now }

func TestRemembering(t *testing.T) {
	clock, inner := &stepping{now}, &counting{expires: now.Add(time.Minute)}
	verifier := NewRemembering(inner, clock)
	verify := func(when, token string, asked int) {
		t.Helper()
		session, err := verifier.Verify(t.Context(), token)
		if err != nil || session.Caller.Subject != token || inner.asked != asked {
			t.Errorf("%s: %+v, %v after %d verifications, want %d", when, session, err, inner.asked, asked)
		}
	}
	verify("first", "a", 1)
	verify("again", "a", 1)
	verify("another", "b", 2)
	clock.now = now.Add(rememberedFor - time.Nanosecond)
	verify("just before the end", "a", 2)
	clock.now = now.Add(rememberedFor)
	verify("at the end", "a", 3)

	// A token is good no longer than it lasts itself.
	clock.now = inner.expires
	inner.refuses = errors.New("expired")
	if session, err := verifier.Verify(t.Context(), "a"); err == nil || session.Caller.Subject != "" {
		t.Errorf("an expired token signs in %+v", session)
	}
	inner.refuses = nil
	inner.expires = clock.now.Add(time.Hour)
	verify("after a refusal", "a", 5)
}
