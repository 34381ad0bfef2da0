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
	// BlockLength is what texts are padded to a multiple of, in bytes, the terminating byte included.
	BlockLength = 80

	keyLength   = 32
	nonceLength = 12
	tagLength   = 16
	// maxSealedLength bounds what is decoded: as much as the longest identifiers need.
	maxSealedLength = 1024
)

// Sealer seals texts under the current secret, and opens those sealed under it or a previous one. It is safe for concurrent
// use.
type Sealer struct {
	keys []key // the current one first
}

type key struct {
	aead  cipher.AEAD
	nonce []byte // key of the MAC that makes nonces
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

// Seal returns a text sealed for an audience; the text must hold no byte 0 but as padding of the caller's own. Sealing is
// deterministic: the nonce is synthetic (RFC 5297), so equal texts for one audience give equal results, by which clients can
// detect repeats, and nothing but equality is revealed. The result is letters, digits, hyphens and underscores.
func (s *Sealer) Seal(text, audience string) string {
	k := s.keys[0]
	length := (len(text) + BlockLength) / BlockLength * BlockLength
	buffer := make([]byte, nonceLength+length, nonceLength+length+tagLength)
	filled := buffer[nonceLength:]
	copy(filled, text)

	mac := hmac.New(sha256.New, k.nonce)
	_, _ = mac.Write(filled)
	_, _ = mac.Write([]byte(audience)) // the part before it has a length that the result reveals
	var sum [sha256.Size]byte
	copy(buffer[:nonceLength], mac.Sum(sum[:0]))

	sealed := k.aead.Seal(filled[:0], buffer[:nonceLength], filled, []byte(audience))
	return base64.RawURLEncoding.EncodeToString(buffer[:nonceLength+len(sealed)])
}

// Open returns the text up to its first byte 0; ok is false for anything that was not sealed for the audience under one of
// the secrets.
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
