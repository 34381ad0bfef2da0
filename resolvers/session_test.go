package resolvers

import (
	"log/slog"
	"testing"
	"time"

	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
)

// stoppedClock always shows one time.
type stoppedClock struct{ time.Time }

// Now implements [cloudtag.Clock].
func (c stoppedClock) Now() time.Time { return c.Time }

// A subscription checks its session before it begins and before each event, however late the timer of its end is.
func TestLiveSession(t *testing.T) {
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	r := New(Deps{Clock: stoppedClock{now}, Sessions: auth.NewRevocations(slog.New(slog.DiscardHandler))})
	if _, err := r.liveSession(t.Context()); cloudtag.CodeOf(err) != cloudtag.CodeUnauthenticated {
		t.Errorf("nobody: %v", err)
	}
	for left, want := range map[time.Duration]cloudtag.Code{time.Millisecond: "", 0: cloudtag.CodeUnauthenticated, -time.Hour: cloudtag.CodeUnauthenticated} {
		session := auth.Session{Caller: cloudtag.Caller{Subject: "ann"}, ExpiresAt: now.Add(left)}
		if _, err := r.liveSession(auth.WithSession(t.Context(), session)); cloudtag.CodeOf(err) != want {
			t.Errorf("%s before its end: %v, want %q", left, err, want)
		}
	}
}
