package auth

import "fmt"

// MinSecretLength is the least length of a shared secret, in bytes: the output size of HS256's hash (RFC 7518, section 3.2).
const MinSecretLength = 32

// leastDistinct is how many different bytes a secret must have: 32 random bytes in base64 have more than twice as many.
const leastDistinct = 10

// SecretWeakness returns why a shared secret is too weak to sign tokens, without revealing any of it; empty when it is not.
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
