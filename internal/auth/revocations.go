package auth

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/live"
)

// RevocationLog is the log as revocations are read from it at the start.
type RevocationLog interface {
	LogPage(ctx context.Context, filter cloudtag.LogFilter, slice cloudtag.Slice) (entries []cloudtag.Entry, more bool, err error)
	LastSeq(ctx context.Context) (int64, error)
}

// RevocationTail is the log as it grows, see [live.Tail].
type RevocationTail interface {
	Follow(ctx context.Context, subject cloudtag.Subject, after *int64) (*live.Reader, error)
}

const (
	revocationPage  = 256         // entries read at once
	revocationRetry = time.Second // between attempts to read a log that can't be read
)

// Revocations knows which tokens were called back, from the log. Asking it costs no look at the store. Call
// [Revocations.Load] before it is asked, and give it a goroutine with [Revocations.Run].
type Revocations struct {
	log   *slog.Logger
	place int64 // every entry up to here is known; Load sets it, Run goes on from it

	mu      sync.RWMutex
	revoked *cloudtag.RevokedTokens
	watches map[*watch]struct{}
}

// watch is somebody who wants to know when a token is called back.
type watch struct {
	token cloudtag.Token
	told  func()
}

// NewRevocations returns one that knows of no revocation yet.
func NewRevocations(log *slog.Logger) *Revocations {
	return &Revocations{log: log, revoked: cloudtag.NewRevokedTokens(), watches: make(map[*watch]struct{})}
}

// Load reads all revocations there are. Whoever serves before it has returned would let revoked tokens in.
func (r *Revocations) Load(ctx context.Context, log RevocationLog) error {
	last, err := log.LastSeq(ctx)
	if err != nil {
		return fmt.Errorf("find the log's end: %w", err)
	}
	for {
		entries, more, err := log.LogPage(ctx, cloudtag.LogFilter{Subject: cloudtag.TokenTopic()},
			cloudtag.Slice{Limit: revocationPage, After: &cloudtag.Position{Key: r.place}})
		if err != nil {
			return fmt.Errorf("read revoked tokens: %w", err)
		}
		for _, entry := range entries {
			if err := r.apply(entry); err != nil {
				return fmt.Errorf("read revoked tokens: %w", err)
			}
			r.place = entry.Seq
		}
		if !more {
			r.place = max(r.place, last) // all that was there before the last page was read is known
			return nil
		}
	}
}

// Run learns of revocations as the log grows, until ctx or the tail ends; it returns nil then. A log that can't be read
// is tried again: what is known stays in force meanwhile.
func (r *Revocations) Run(ctx context.Context, tail RevocationTail) error {
	for {
		err := r.follow(ctx, tail)
		if ctx.Err() != nil || err == nil {
			return nil //nolint:nilerr // the end of the context is no failure
		}
		r.log.ErrorContext(ctx, "cannot read which tokens were revoked; trying again", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(revocationRetry):
		}
	}
}

// follow applies entries until it can't; nil: the tail has ended.
func (r *Revocations) follow(ctx context.Context, tail RevocationTail) error {
	reader, err := tail.Follow(ctx, cloudtag.TokenTopic(), &r.place)
	if err != nil {
		return err
	}
	defer reader.Close()
	for {
		entries, err := reader.Next(ctx)
		switch {
		case cloudtag.CodeOf(err) == cloudtag.CodeUnavailable:
			return nil
		case err != nil:
			return err
		}
		for _, entry := range entries {
			if err := r.apply(entry); err != nil { // it would fail again and again: those behind it must not wait
				r.log.ErrorContext(ctx, "a revocation of tokens can't be read and has no effect", "error", err)
			}
			r.place = entry.Seq
		}
	}
}

// apply takes a revocation in, and cuts off those whom it concerns.
func (r *Revocations) apply(entry cloudtag.Entry) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	covers, err := r.revoked.Apply(entry)
	if err != nil {
		return err
	}
	for watch := range r.watches {
		if covers(watch.token) {
			watch.told()
		}
	}
	return nil
}

// Check returns UNAUTHENTICATED for a session whose token was called back.
func (r *Revocations) Check(session Session) error {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.revoked.Has(session.token()) {
		return errRevokedToken()
	}
	return nil
}

// OnRevoked has told called when the session's token is called back, before it returns if it is already. That may be
// while others wait for the revocation to be known: told must neither block nor ask the revocations. Stop it when it is
// no longer needed.
func (r *Revocations) OnRevoked(session Session, told func()) (stop func()) {
	w := &watch{token: session.token(), told: told}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.revoked.Has(w.token) {
		told()
		return func() {}
	}
	r.watches[w] = struct{}{}
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.watches, w)
	}
}

// Watch returns a context that ends when the session's token is called back, at once if it is already, with the error of
// [Revocations.Check] as its cause. Stop it when it is no longer needed.
func (r *Revocations) Watch(ctx context.Context, session Session) (watched context.Context, stop context.CancelFunc) {
	watched, cancel := context.WithCancelCause(ctx)
	unwatch := r.OnRevoked(session, func() { cancel(errRevokedToken()) })
	return watched, func() { unwatch(); cancel(nil) }
}

// Watches is how many watch now.
func (r *Revocations) Watches() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.watches)
}

// Unrevoked verifies tokens as another verifier does, and refuses those that were called back.
type Unrevoked struct {
	Verifier    Verifier
	Revocations *Revocations
}

var _ Verifier = Unrevoked{}

// Verify returns the session of a token that is good and was not called back.
func (u Unrevoked) Verify(ctx context.Context, bearerToken string) (Session, error) {
	session, err := u.Verifier.Verify(ctx, bearerToken)
	if err == nil {
		err = u.Revocations.Check(session)
	}
	if err != nil {
		return Session{}, err
	}
	return session, nil
}
