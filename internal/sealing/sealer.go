package sealing

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

const (
	// BlockLength is what texts are filled up to a multiple of, in bytes, the byte that ends them included.
	BlockLength = 80

	keyLength   = 32
	nonceLength = 12
	tagLength   = 16
	// maxSealedLength bounds what is looked at: as much as the longest identifiers need.
	maxSealedLength = 1024
)

// Sealer seals texts under a secret, and opens what was sealed under it or under one of those before it. It may be used
// by many goroutines at once.
type Sealer struct {
	keys []key // the newest first
}

type key struct {
	aead  cipher.AEAD
	nonce []byte // the key of nonces
}

// New returns a sealer that seals under the first secret and opens what was sealed under any.
func New(secrets ...[]byte) (*Sealer, error) {
	if len(secrets) == 0 {
		return nil, errors.New("sealing: there is no secret")
	}
	s := &Sealer{}
	for _, secret := range secrets {
		made, err := newKey(secret)
		if err != nil {
			return nil, fmt.Errorf("sealing: %w", err)
		}
		s.keys = append(s.keys, made)
	}
	return s, nil
}

func newKey(secret []byte) (key, error) {
	sealing, err := hkdf.Key(sha256.New, secret, nil, "cloudtag cursors: seal", keyLength)
	if err != nil {
		return key{}, err
	}
	nonce, err := hkdf.Key(sha256.New, secret, nil, "cloudtag cursors: nonce", keyLength)
	if err != nil {
		return key{}, err
	}
	block, err := aes.NewCipher(sealing)
	if err != nil {
		return key{}, err
	}
	aead, err := cipher.NewGCM(block)
	return key{aead, nonce}, err
}

// Seal returns a text, which holds no byte 0 but before filler of the caller's own, sealed for an audience. Equal texts
// for one audience give equal results: the nonce is made of both (RFC 5297 calls it synthetic), so that nothing but
// equality shows, and clients can tell repeats. The result is letters, digits, hyphens and underscores.
func (s *Sealer) Seal(text, audience string) string {
	k := s.keys[0]
	length := (len(text) + BlockLength) / BlockLength * BlockLength
	buffer := make([]byte, nonceLength+length, nonceLength+length+tagLength)
	filled := buffer[nonceLength:]
	copy(filled, text)

	mac := hmac.New(sha256.New, k.nonce)
	_, _ = mac.Write(filled)
	_, _ = mac.Write([]byte(audience)) // the part before it has a length that shows in the result
	var sum [sha256.Size]byte
	copy(buffer[:nonceLength], mac.Sum(sum[:0]))

	sealed := k.aead.Seal(filled[:0], buffer[:nonceLength], filled, []byte(audience))
	return base64.RawURLEncoding.EncodeToString(buffer[:nonceLength+len(sealed)])
}

// Open returns the text up to its first byte 0; ok is false for anything that was not sealed for the audience under one
// of the secrets.
func (s *Sealer) Open(sealed, audience string) (text string, ok bool) {
	if len(sealed) > maxSealedLength {
		return "", false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(sealed)
	if err != nil || len(raw) < nonceLength+tagLength {
		return "", false
	}
	for _, k := range s.keys {
		filled, err := k.aead.Open(nil, raw[:nonceLength], raw[nonceLength:], []byte(audience))
		if err == nil {
			text, _, _ = strings.Cut(string(filled), "\x00")
			return text, true
		}
	}
	return "", false
}
