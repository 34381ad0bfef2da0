package auth

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cloudtag/internal/cloudtag"
)

// scriptedSource is a provider whose keys, failures and slowness are set.
type scriptedSource struct {
	mu    sync.Mutex
	keys  *Keys
	err   error
	slow  time.Duration
	reads []time.Duration // when, since the start
	start time.Time
}

func (s *scriptedSource) set(keys *Keys, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys, s.err = keys, err
}

// Read implements [KeyReader].
func (s *scriptedSource) Read(ctx context.Context) (Answer, error) {
	s.mu.Lock()
	s.reads = append(s.reads, time.Since(s.start))
	slow := s.slow
	s.mu.Unlock()
	select {
	case <-time.After(slow):
	case <-ctx.Done():
		return Answer{}, ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return Answer{Keys: s.keys}, s.err
}

func (s *scriptedSource) readsSince(at int) []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]time.Duration{}, s.reads[at:]...)
}

// inKeySet runs a test with a set that runs, in time that the test moves. Everything has ended when it returns.
func inKeySet(t *testing.T, keys *Keys, err error, test func(t *testing.T, set *KeySet, source *scriptedSource)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		source := &scriptedSource{keys: keys, err: err, start: time.Now()}
		set := NewKeySet(source, KeySetOptions{Refresh: 10 * time.Minute, MaxAge: time.Hour, Clock: cloudtag.SystemClock{}, Log: slog.New(slog.DiscardHandler)})
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() {
			if err := set.Run(ctx); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		test(t, set, source)
		cancel()
		running.Wait()
		if _, err := set.Key(t.Context(), KeyName{"nobody", "RS256"}); err == nil {
			t.Error("a key after the end")
		}
	})
}

// wait lets time pass, and everybody react.
func wait(length time.Duration) {
	<-time.After(length)
	synctest.Wait()
}

func wantReads(t *testing.T, source *scriptedSource, want ...time.Duration) {
	t.Helper()
	got := source.readsSince(0)
	if len(got) != len(want) {
		t.Fatalf("read at %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("read at %v, want %v", got, want)
		}
	}
}

func wantKey(t *testing.T, set *KeySet, id string, want cloudtag.Code) {
	t.Helper()
	_, err := set.Key(t.Context(), KeyName{id, "RS256"})
	if got := cloudtag.CodeOf(err); got != want {
		t.Errorf("key %s after %v: %v, want %q", id, set.State(), err, want)
	}
}

// What a token with a key that is not known comes to: a plain error, which makes the token invalid.
const unknownKey = cloudtag.CodeInternal

func TestKeysAreReadAtIntervals(t *testing.T) {
	s := signers()
	inKeySet(t, parsed(t, jwk(t, s.rsa, "old"), jwk(t, s.otherRSA, "stays")), nil, func(t *testing.T, set *KeySet, source *scriptedSource) {
		wantKey(t, set, "old", "")
		source.set(parsed(t, jwk(t, s.otherRSA, "stays")), nil)
		wait(10*time.Minute - time.Second)
		wantKey(t, set, "old", "") // known keys need no look at the provider
		wait(time.Second)
		wantReads(t, source, 0, 10*time.Minute)
		wantKey(t, set, "stays", "")
		wantKey(t, set, "old", unknownKey) // withdrawn
	})
}

func TestRotation(t *testing.T) {
	s := signers()
	inKeySet(t, parsed(t, jwk(t, s.rsa, "1")), nil, func(t *testing.T, set *KeySet, source *scriptedSource) {
		wait(time.Minute)
		source.set(parsed(t, jwk(t, s.rsa, "1"), jwk(t, s.otherRSA, "2")), nil)
		source.slow = time.Second
		var callers sync.WaitGroup
		for range 50 { // all of them wait for one read
			callers.Go(func() { wantKey(t, set, "2", "") })
		}
		callers.Wait()
		wantReads(t, source, 0, time.Minute)
		wait(10 * time.Minute) // the interval begins again
		wantReads(t, source, 0, time.Minute, 11*time.Minute+time.Second)
	})
}

// Tokens that name keys which there are not cause one read in ten seconds, however many there are.
func TestUnknownKeysDoNotHammerTheProvider(t *testing.T) {
	inKeySet(t, parsed(t, jwk(t, signers().rsa, "1")), nil, func(t *testing.T, set *KeySet, source *scriptedSource) {
		for range 600 {
			wait(100 * time.Millisecond)
			for range 10 {
				wantKey(t, set, "made up", unknownKey)
			}
			wantKey(t, set, "1", "")
		}
		if got := len(source.readsSince(0)); got != 7 { // at the start, then at 0.1, 10.1, … 50.1 s
			t.Errorf("%d reads in a minute: %v", got, source.readsSince(0))
		}
	})
}

func TestKeysStayWhileTheProviderIsAway(t *testing.T) {
	s := signers()
	inKeySet(t, parsed(t, jwk(t, s.rsa, "1")), nil, func(t *testing.T, set *KeySet, source *scriptedSource) {
		source.set(nil, errors.New("away"))
		wait(time.Hour)
		wantKey(t, set, "1", "")
		wantKey(t, set, "2", cloudtag.CodeUnavailable) // it may be a new one
		if err := set.Ready(); err != nil {
			t.Error(err)
		}
		if state := set.State(); state.Failures < 50 || state.Failures > 70 { // about once a minute
			t.Errorf("%+v", state)
		}
		wait(time.Second)
		wantKey(t, set, "1", cloudtag.CodeUnavailable) // too old
		if set.Ready() == nil {
			t.Error("ready with keys that are too old")
		}
		source.set(parsed(t, jwk(t, s.rsa, "1")), nil)
		wait(time.Minute)
		wantKey(t, set, "1", "")
		wantKey(t, set, "2", unknownKey)
	})
}

func TestStartWhileTheProviderIsAway(t *testing.T) {
	inKeySet(t, nil, errors.New("away"), func(t *testing.T, set *KeySet, source *scriptedSource) {
		if set.Ready() == nil {
			t.Error("ready without keys")
		}
		wantKey(t, set, "1", cloudtag.CodeUnavailable)
		wait(7 * time.Second)
		wantReads(t, source, 0, time.Second, 3*time.Second, 7*time.Second) // waits double
		source.set(parsed(t, jwk(t, signers().rsa, "1")), nil)
		wait(8 * time.Second)
		wantKey(t, set, "1", "")
		if err := set.Ready(); err != nil {
			t.Error(err)
		}
	})
}

func TestWhoWaitsForKeysIsReleased(t *testing.T) {
	inKeySet(t, parsed(t, jwk(t, signers().rsa, "1")), nil, func(t *testing.T, set *KeySet, source *scriptedSource) {
		source.slow = time.Hour
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		if _, err := set.Key(ctx, KeyName{"2", "RS256"}); cloudtag.CodeOf(err) != cloudtag.CodeUnavailable || time.Since(start) != time.Second {
			t.Errorf("%v after %s", err, time.Since(start))
		}
		go func() { wantKey(t, set, "2", cloudtag.CodeUnavailable) }() // released by the end, which inKeySet waits for
		synctest.Wait()
	})
}
