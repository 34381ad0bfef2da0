package auth

import (
	"encoding/json"
	"fmt"
	"time"

	"cloudtag/internal/cloudtag"
)

// revokedSet is the set of revoked tokens, built from log entries. It keeps an identifier, or a subject and a time, per
// revocation in memory. It is not safe for concurrent use.
type revokedSet struct {
	tokens   map[string]struct{}
	subjects map[string]time.Time
}

// newRevokedSet returns an empty set.
func newRevokedSet() *revokedSet {
	return &revokedSet{tokens: make(map[string]struct{}), subjects: make(map[string]time.Time)}
}

// apply adds an entry about [revokedTokens] and returns which sessions it revokes. Entries may come in any order and
// repeatedly. With an error, for an entry that can't be decoded, nothing has changed.
func (r *revokedSet) apply(entry cloudtag.Entry) (covers func(Session) bool, err error) {
	var revocation TokenRevocation
	if err := json.Unmarshal(entry.After, &revocation); err != nil {
		return nil, fmt.Errorf("entry %d: %w", entry.Seq, err)
	}
	switch {
	case revocation.TokenID != "":
		r.tokens[revocation.TokenID] = struct{}{}
	case revocation.NotBefore.After(r.subjects[revocation.Subject]):
		r.subjects[revocation.Subject] = revocation.NotBefore
	}
	return revocation.covers, nil
}

// has reports whether the token of a session is revoked.
func (r *revokedSet) has(session Session) bool {
	if _, revoked := r.tokens[session.TokenID]; revoked && session.TokenID != "" {
		return true
	}
	return session.IssuedAt.Before(r.subjects[session.Caller.Subject])
}
