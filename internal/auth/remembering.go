package auth

import (
	"context"
	"crypto/sha256"
	"time"

	"cloudtag/internal/cloudtag"

	lru "github.com/hashicorp/golang-lru/v2"
)

const (
	// rememberedFor is how long a verified token is accepted without being verified again, and so how late a key that the
	// provider has withdrawn is noticed. It is short beside the interval at which keys are read.
	rememberedFor = 30 * time.Second
	// mostRemembered bounds the cache, at some 500 bytes a token.
	mostRemembered = 10_000
)

// Remembering caches the sessions of tokens that another verifier has accepted, for rememberedFor. It stores digests, not
// tokens. Revocation is checked outside of the cache, by [Unrevoked].
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

// NewRemembering returns a cache over a verifier.
func NewRemembering(verifier Verifier, clock cloudtag.Clock) *Remembering {
	known, err := lru.New[[sha256.Size]byte, remembered](mostRemembered)
	if err != nil {
		panic(err) // the size is positive
	}
	return &Remembering{verifier: verifier, clock: clock, known: known}
}

// Verify returns the session of a valid token. Invalid tokens are verified each time: caching them would let anybody fill
// the cache.
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
