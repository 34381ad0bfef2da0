package auth

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/live"
)

// revocationLog is a log that revocations are appended to, among other entries.
type revocationLog struct {
	mu      sync.Mutex
	entries []cloudtag.Entry
	err     error
	reads   int
}

func (l *revocationLog) append(t *testing.T, revocation TokenRevocation) {
	t.Helper()
	after, err := json.Marshal(revocation)
	if err != nil {
		t.Fatal(err)
	}
	l.add(cloudtag.Entry{Action: cloudtag.ActionTokensRevoked, Subjects: []cloudtag.Subject{revokedTokens}, After: after})
}

func (l *revocationLog) add(entry cloudtag.Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	entry.Seq = int64(len(l.entries) + 1)
	l.entries = append(l.entries, entry)
}

func (l *revocationLog) fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.err = err
}

// LogPage implements [RevocationLog].
func (l *revocationLog) LogPage(_ context.Context, filter cloudtag.LogFilter, slice cloudtag.Slice) (page []cloudtag.Entry, more bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reads++
	for _, entry := range l.entries {
		if entry.Seq <= slice.After.Key || !filter.Matches(entry) {
			continue
		}
		if len(page) == slice.Limit {
			return page, true, l.err
		}
		page = append(page, entry)
	}
	return page, false, l.err
}

// LastSeq implements [RevocationLog].
func (l *revocationLog) LastSeq(context.Context) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return int64(len(l.entries)), l.err
}

func sessionOf(subject, token string, issued time.Time) Session {
	return Session{Caller: cloudtag.Caller{Subject: subject}, TokenID: token, IssuedAt: issued}
}

func TestRevocationsAreKnownFromTheStart(t *testing.T) {
	log := &revocationLog{}
	for i := range 2*revocationPage + 3 {
		log.append(t, TokenRevocation{TokenID: "t-" + time.Duration(i).String()})
		log.add(cloudtag.Entry{Action: cloudtag.ActionTagSubmitted})
	}
	log.append(t, TokenRevocation{Subject: "li", NotBefore: now})
	revocations := NewRevocations(slog.New(slog.DiscardHandler))
	if err := revocations.Load(t.Context(), log); err != nil {
		t.Fatal(err)
	}
	reads := log.reads
	for name, test := range map[string]struct {
		session Session
		revoked bool
	}{
		"the first":   {sessionOf("x", "t-0s", now), true},
		"the last":    {sessionOf("x", "t-514ns", now), true},
		"another":     {sessionOf("x", "t-515ns", now), false},
		"li's before": {sessionOf("li", "", now.Add(-1)), true},
		"li's after":  {sessionOf("li", "", now), false},
	} {
		if err := revocations.Check(test.session); (err != nil) != test.revoked || err != nil && cloudtag.CodeOf(err) != cloudtag.CodeUnauthenticated {
			t.Errorf("%s: %v", name, err)
		}
	}
	if log.reads != reads {
		t.Error("asking reads the log")
	}
	log.fail(errors.New("away"))
	if err := NewRevocations(slog.New(slog.DiscardHandler)).Load(t.Context(), log); err == nil {
		t.Error("starts without knowing what is revoked")
	}
	broken := &revocationLog{}
	broken.add(cloudtag.Entry{Subjects: []cloudtag.Subject{revokedTokens}, After: []byte("7")})
	if err := NewRevocations(slog.New(slog.DiscardHandler)).Load(t.Context(), broken); err == nil {
		t.Error("starts with a revocation that it can't read")
	}
}

func TestRevocationsCutOffWhoIsConnected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, quiet := &revocationLog{}, slog.New(slog.DiscardHandler)
		revocations := NewRevocations(quiet)
		log.append(t, TokenRevocation{TokenID: "old"})
		if err := revocations.Load(t.Context(), log); err != nil {
			t.Fatal(err)
		}
		log.append(t, TokenRevocation{TokenID: "between"}) // before anybody follows the log
		tail := live.New(log, live.Options{Log: quiet})
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { _ = tail.Run(ctx) })
		running.Go(func() { _ = revocations.Run(ctx, tail) })
		synctest.Wait()
		if revocations.Check(sessionOf("x", "between", now)) == nil {
			t.Error("what happened between loading and following is not known")
		}
		watch := func(session Session) context.Context {
			watched, stop := revocations.Watch(t.Context(), session)
			t.Cleanup(stop)
			return watched
		}
		byToken, bySubject, other := watch(sessionOf("ann", "t-1", now)), watch(sessionOf("li", "t-2", now)), watch(sessionOf("ben", "t-3", now))
		already := watch(sessionOf("x", "old", now))
		if cloudtag.CodeOf(context.Cause(already)) != cloudtag.CodeUnauthenticated {
			t.Errorf("a session that is revoked already: %v", context.Cause(already))
		}
		log.add(cloudtag.Entry{Subjects: []cloudtag.Subject{revokedTokens}, After: []byte("broken")}) // it holds nobody up
		log.append(t, TokenRevocation{TokenID: "t-1"})
		log.append(t, TokenRevocation{Subject: "li", NotBefore: now.Add(time.Second)})
		log.fail(errors.New("away"))
		tail.Wake()
		synctest.Wait()
		if bySubject.Err() != nil {
			t.Error("cut off by an entry that could not be read")
		}
		log.fail(nil)
		<-time.After(time.Second) // the tail's own pace: nobody wakes it
		synctest.Wait()
		for name, watched := range map[string]context.Context{"by its token": byToken, "by its subject": bySubject} {
			if cloudtag.CodeOf(context.Cause(watched)) != cloudtag.CodeUnauthenticated {
				t.Errorf("%s: %v", name, context.Cause(watched))
			}
		}
		if other.Err() != nil {
			t.Error("somebody else is cut off")
		}
		cancel()
		running.Wait()
	})
}

func TestWatchesAreForgotten(t *testing.T) {
	revocations := NewRevocations(slog.New(slog.DiscardHandler))
	watched, stop := revocations.Watch(t.Context(), sessionOf("li", "t", now))
	if revocations.Watches() != 1 {
		t.Error("not counted")
	}
	stop()
	stop()
	if revocations.Watches() != 0 || watched.Err() == nil {
		t.Error("kept")
	}
}

func TestUnrevoked(t *testing.T) {
	tokens := at(now)
	revocations := NewRevocations(slog.New(slog.DiscardHandler))
	verifier := Unrevoked{Verifier: tokens, Revocations: revocations}
	token, err := tokens.Sign(cloudtag.Caller{Subject: "li", Roles: []cloudtag.Role{cloudtag.RoleAuditor}}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	session, err := verifier.Verify(t.Context(), token)
	if err != nil || session.TokenID != "t-1" || !session.IssuedAt.Equal(now) {
		t.Fatalf("%+v, %v", session, err)
	}
	log := &revocationLog{}
	log.append(t, TokenRevocation{TokenID: "t-1"})
	if err := revocations.Load(t.Context(), log); err != nil {
		t.Fatal(err)
	}
	if session, err := verifier.Verify(t.Context(), token); cloudtag.CodeOf(err) != cloudtag.CodeUnauthenticated || session.Caller.Subject != "" {
		t.Errorf("%+v, %v", session, err)
	}
	if _, err := verifier.Verify(t.Context(), "x"); cloudtag.CodeOf(err) != cloudtag.CodeUnauthenticated {
		t.Error(err)
	}
}
