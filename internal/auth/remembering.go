package auth

import (
	"context"
	"crypto/sha256"
	"time"

	"cloudtag/internal/cloudtag"

	lru "github.com/hashicorp/golang-lru/v2"
)

const (
	// rememberedFor is how long a token that was found good is taken for good: after it a key that the identity provider
	// has withdrawn is noticed. It is short beside the time after which keys are read again.
	rememberedFor = 30 * time.Second
	// mostRemembered bounds how many tokens are remembered: some 500 bytes each.
	mostRemembered = 10_000
)

// Remembering verifies tokens as another verifier does, but a good one only once in rememberedFor. It keeps no tokens, only
// their digests. Whether a token was called back is not its business: it belongs inside of [Unrevoked].
type Remembering struct {
	verifier Verifier
	clock    cloudtag.Clock
	known    *lru.Cache[[sha256.Size]byte, remembered]
}

type remembered struct {
	session Session
	until   time.Time
}

var _ Verifier = (*Remembering)(nil)

// NewRemembering returns what remembers the verdicts of a verifier.
func NewRemembering(verifier Verifier, clock cloudtag.Clock) *Remembering {
	known, err := lru.New[[sha256.Size]byte, remembered](mostRemembered)
	if err != nil {
		panic(err) // the size is positive
	}
	return &Remembering{verifier: verifier, clock: clock, known: known}
}

// Verify returns the session of a good token. Bad tokens are verified each time: they are not worth memory.
func (r *Remembering) Verify(ctx context.Context, bearerToken string) (Session, error) {
	digest, now := sha256.Sum256([]byte(bearerToken)), r.clock.Now()
	if found, known := r.known.Get(digest); known && now.Before(found.until) {
		return found.session, nil
	}
	session, err := r.verifier.Verify(ctx, bearerToken)
	if err != nil {
		r.known.Remove(digest)
		return session, err
	}
	until := now.Add(rememberedFor)
	if session.ExpiresAt.Before(until) {
		until = session.ExpiresAt
	}
	r.known.Add(digest, remembered{session: session, until: until})
	return session, nil
}
