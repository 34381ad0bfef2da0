package webhooks

import (
	"encoding/base64"
	"time"
)

// The limits of secrets.
const (
	// KeyLength is how many random bytes make a secret.
	KeyLength      = 32
	DefaultOverlap = 24 * time.Hour
	MaxOverlap     = 7 * 24 * time.Hour
	maxSecrets     = 3 // the current one and those that still overlap
)

// secretPrefix marks secrets in the form that receivers' libraries take, as the Standard Webhooks specification has it.
const secretPrefix = "whsec_"

// Secret is a key that messages are signed with. It is stored in clear, since signing needs it.
type Secret struct {
	Key       []byte    `json:"key"`
	CreatedAt time.Time `json:"createdAt"`
	ExpiresAt time.Time `json:"expiresAt,omitzero"` // zero for the current one
}

// Secret is the current secret in the form that receivers' libraries take.
func (e Endpoint) Secret() string {
	return secretPrefix + base64.StdEncoding.EncodeToString(e.Secrets[0].Key)
}

// OverlapUntil is until when messages are signed with an earlier secret too; zero: they are not.
func (e Endpoint) OverlapUntil(now time.Time) time.Time {
	var until time.Time
	for _, secret := range e.Secrets {
		if now.Before(secret.ExpiresAt) && until.Before(secret.ExpiresAt) {
			until = secret.ExpiresAt
		}
	}
	return until
}

// keys are the keys to sign with at a time, the current one first.
func (e Endpoint) keys(now time.Time) [][]byte {
	var keys [][]byte
	for _, secret := range e.Secrets {
		if secret.ExpiresAt.IsZero() || now.Before(secret.ExpiresAt) {
			keys = append(keys, secret.Key)
		}
	}
	return keys
}

// rotate makes a key the current one; the ones before are good for the overlap, and no longer than they were.
func (e *Endpoint) rotate(key []byte, now time.Time, overlap time.Duration) {
	kept := []Secret{{Key: key, CreatedAt: now}}
	for _, secret := range e.Secrets {
		if until := now.Add(overlap); secret.ExpiresAt.IsZero() || until.Before(secret.ExpiresAt) {
			secret.ExpiresAt = until
		}
		if now.Before(secret.ExpiresAt) && len(kept) < maxSecrets {
			kept = append(kept, secret)
		}
	}
	e.Secrets = kept
}
