package auth

import "fmt"

// MinSecretLength is the least length of a shared secret, in bytes: as many as the hash that HS256 signs with has.
const MinSecretLength = 32

// leastDistinct is how many different bytes a secret has at least: 32 random ones in base64 have more than twice as many.
const leastDistinct = 10

// SecretWeakness says why a shared secret should not sign tokens, without showing any of it; empty when nothing speaks
// against it.
func SecretWeakness(secret string) string {
	distinct := make(map[byte]struct{})
	for _, b := range []byte(secret) {
		distinct[b] = struct{}{}
	}
	switch {
	case secret == DevelopmentSecret:
		return "it is the development secret, which everybody knows"
	case len(secret) < MinSecretLength:
		return fmt.Sprintf("it has %d bytes, and at least %d are needed", len(secret), MinSecretLength)
	case len(distinct) < leastDistinct:
		return fmt.Sprintf("it has only %d different characters and can be guessed", len(distinct))
	default:
		return ""
	}
}
