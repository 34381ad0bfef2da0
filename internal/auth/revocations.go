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

// RevocationLog is the log from which [Revocations.Load] reads.
type RevocationLog interface {
	LogPage(ctx context.Context, filter cloudtag.LogFilter, slice cloudtag.Slice) (entries []cloudtag.Entry, more bool, err error)
	LastSeq(ctx context.Context) (int64, error)
}

// RevocationTail follows the log as it grows, see [live.Tail].
type RevocationTail interface {
	Follow(ctx context.Context, subject cloudtag.Subject, after *int64) (*live.Reader, error)
}

const (
	revocationPage  = 256         // entries read at once
	revocationRetry = time.Second // between attempts to read a log that can't be read
)

// Revocations keeps the revoked tokens of the log in memory, so that checking a token reads nothing from the store.
// [Revocations.Load] must have returned before the first check, and [Revocations.Run] must run from then on.
type Revocations struct {
	log   *slog.Logger
	place int64 // every entry up to here is applied; Load sets it, Run continues from it

	mu      sync.RWMutex
	revoked *revokedSet
	watches map[*watch]struct{}
}

// watch is one callback for the revocation of a token.
type watch struct {
	session Session
	revoked func()
}

// NewRevocations returns an empty set of revocations.
func NewRevocations(log *slog.Logger) *Revocations {
	return &Revocations{log: log, revoked: newRevokedSet(), watches: make(map[*watch]struct{})}
}

// Load reads all revocations. A server that serves before it has returned would accept revoked tokens.
func (r *Revocations) Load(ctx context.Context, log RevocationLog) error {
	last, err := log.LastSeq(ctx)
	if err != nil {
		return fmt.Errorf("find the log's end: %w", err)
	}
	for {
		entries, more, err := log.LogPage(ctx, cloudtag.LogFilter{Subject: revokedTokens},
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
			r.place = max(r.place, last) // the last page was read after that entry was durable
			return nil
		}
	}
}

// Run applies revocations as the log grows, until ctx or the tail ends, then returns nil. A failed read is retried; the
// revocations known so far stay in force meanwhile.
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

// follow applies entries until a read fails; nil when the tail has ended.
func (r *Revocations) follow(ctx context.Context, tail RevocationTail) error {
	reader, err := tail.Follow(ctx, revokedTokens, &r.place)
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
			if err := r.apply(entry); err != nil { // a retry would fail too, and block the entries behind it
				r.log.ErrorContext(ctx, "a revocation of tokens can't be read and has no effect", "error", err)
			}
			r.place = entry.Seq
		}
	}
}

// apply adds a revocation and notifies the watches of the tokens that it covers.
func (r *Revocations) apply(entry cloudtag.Entry) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	covers, err := r.revoked.apply(entry)
	if err != nil {
		return err
	}
	for watch := range r.watches {
		if covers(watch.session) {
			watch.revoked()
		}
	}
	return nil
}

// Check returns UNAUTHENTICATED for a session whose token was revoked.
func (r *Revocations) Check(session Session) error {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.revoked.has(session) {
		return errRevokedToken()
	}
	return nil
}

// OnRevoked calls revoked when the session's token is revoked; at once, before it returns, if it is already. The call holds
// up other checks of revocations: revoked must neither block nor call methods of r. Call stop when the watch is no longer
// needed.
func (r *Revocations) OnRevoked(session Session, revoked func()) (stop func()) {
	w := &watch{session: session, revoked: revoked}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.revoked.has(session) {
		revoked()
		return func() {}
	}
	r.watches[w] = struct{}{}
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.watches, w)
	}
}

// Watch returns a context that is cancelled when the session's token is revoked, at once if it is already, with the error of
// [Revocations.Check] as its cause. Call stop when it is no longer needed.
func (r *Revocations) Watch(ctx context.Context, session Session) (watched context.Context, stop context.CancelFunc) {
	watched, cancel := context.WithCancelCause(ctx)
	unwatch := r.OnRevoked(session, func() { cancel(errRevokedToken()) })
	return watched, func() { unwatch(); cancel(nil) }
}

// Watches returns the number of current watches.
func (r *Revocations) Watches() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.watches)
}

// Unrevoked verifies tokens by another verifier and rejects those that were revoked.
type Unrevoked struct {
	Verifier    Verifier
	Revocations *Revocations
}

var _ Verifier = Unrevoked{}

// Verify returns the session of a token that is valid and not revoked.
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
