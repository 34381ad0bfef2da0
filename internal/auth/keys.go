package auth

import (
	"cmp"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/golang-jwt/jwt/v5"
)

// Limits of a JWK Set.
const (
	maxKeys        = 100
	leastRSABits   = 2048 // RFC 7518, section 3.3
	mostRSABits    = 8192 // larger keys take milliseconds a signature
	maxKeyIDLength = 256
)

// keyAlgorithms are the algorithms by which an identity provider may sign. All are asymmetric, so that no public key can be
// used as a shared secret.
func keyAlgorithms() []string {
	return []string{jwt.SigningMethodRS256.Alg(), jwt.SigningMethodES256.Alg(), jwt.SigningMethodEdDSA.Alg()}
}

// Keys are the public keys of a JWK Set that tokens may be signed with.
type Keys struct {
	Usable  []KeyName
	Ignored []IgnoredKey
	byName  map[KeyName]any
}

// KeyName identifies a key. Keys of several algorithms may share a kid.
type KeyName struct {
	ID        string // kid; empty when the key has none
	Algorithm string
}

// IgnoredKey is a key of the set that verifies no token, and why.
type IgnoredKey struct {
	ID     string
	Reason string
}

// ParseKeys reads a JWK Set (RFC 7517). Unsupported and unsafe keys are ignored one by one; a set without any usable key is
// an error.
func ParseKeys(document []byte) (*Keys, error) {
	var set struct {
		Keys []jsontext.Value `json:"keys"`
	}
	if err := json.Unmarshal(document, &set); err != nil {
		return nil, errors.New("expected a JWK Set: a JSON object with keys")
	}
	if len(set.Keys) > maxKeys {
		return nil, fmt.Errorf("expected at most %d keys, but got %d", maxKeys, len(set.Keys))
	}
	keys := &Keys{byName: make(map[KeyName]any)}
	ambiguous := make(map[KeyName]bool)
	for _, raw := range set.Keys {
		name, key, err := parseKey(raw)
		if err != nil {
			keys.Ignored = append(keys.Ignored, IgnoredKey{ID: name.ID, Reason: err.Error()})
			continue
		}
		if before, taken := keys.byName[name]; taken && !reflect.DeepEqual(before, key) {
			ambiguous[name] = true
		}
		keys.byName[name] = key
	}
	for _, name := range slices.SortedFunc(maps.Keys(ambiguous), compareNames) {
		delete(keys.byName, name)
		keys.Ignored = append(keys.Ignored, IgnoredKey{ID: name.ID, Reason: "several keys have this kid and algorithm"})
	}
	keys.Usable = slices.SortedFunc(maps.Keys(keys.byName), compareNames)
	if len(keys.Usable) == 0 {
		return keys, fmt.Errorf("none of the %d keys can be used%s", len(set.Keys), keys.firstReason())
	}
	return keys, nil
}

func compareNames(a, b KeyName) int {
	return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Algorithm, b.Algorithm))
}

func (k *Keys) firstReason() string {
	if len(k.Ignored) == 0 {
		return ""
	}
	return fmt.Sprintf(": the first, %.64q: %s", k.Ignored[0].ID, k.Ignored[0].Reason)
}

// find returns the key of a name, or for an empty kid the only key of the algorithm.
func (k *Keys) find(name KeyName) (any, bool) {
	if key, known := k.byName[name]; known || name.ID != "" {
		return key, known
	}
	var only any
	for other, key := range k.byName {
		if other.Algorithm != name.Algorithm {
			continue
		}
		if only != nil {
			return nil, false
		}
		only = key
	}
	return only, only != nil
}

// parseKey reads one key, and derives the algorithm from its type.
func parseKey(raw jsontext.Value) (KeyName, any, error) {
	var header struct {
		ID         string          `json:"kid"`
		Type       string          `json:"kty"`
		Use        *string         `json:"use"`
		Algorithm  *string         `json:"alg"`
		Operations []string        `json:"key_ops"`
		Private    *jsontext.Value `json:"d"`
	}
	if err := json.Unmarshal(raw, &header); err != nil {
		return KeyName{}, nil, errors.New("it is not a JSON Web Key")
	}
	name := KeyName{ID: header.ID}
	switch {
	case len(header.ID) > maxKeyIDLength:
		return KeyName{ID: header.ID[:maxKeyIDLength]}, nil, fmt.Errorf("kid: expected at most %d bytes", maxKeyIDLength)
	case header.Use != nil && *header.Use != "sig":
		return name, nil, errors.New("use: it is not for signatures")
	case header.Operations != nil && !slices.Contains(header.Operations, "verify"):
		return name, nil, errors.New("key_ops: it is not for verifying")
	case header.Private != nil:
		return name, nil, errors.New("it is a private key, which must not be published: whoever has read it can sign")
	}
	key, algorithm, err := publicKey(raw, header.Type)
	if err != nil {
		return name, nil, err
	}
	if header.Algorithm != nil && *header.Algorithm != algorithm {
		return name, nil, fmt.Errorf("alg: expected %s for this type", algorithm)
	}
	name.Algorithm = algorithm
	return name, key, nil
}

// publicKey reads the key material. The library's errors are left out: they may quote the document.
func publicKey(raw jsontext.Value, kind string) (key any, algorithm string, err error) {
	if kind != "RSA" && kind != "EC" && kind != "OKP" {
		return nil, "", errors.New("kty: expected RSA, EC or OKP")
	}
	var parsed jose.JSONWebKey
	if parsed.UnmarshalJSON(raw) != nil || !parsed.Valid() {
		return nil, "", errors.New("its parameters make no valid key of its type, or one of a curve that is not supported")
	}
	switch public := parsed.Key.(type) {
	case *rsa.PublicKey:
		if bits := public.N.BitLen(); bits < leastRSABits || bits > mostRSABits {
			return nil, "", fmt.Errorf("n: expected %d to %d bits, but got %d", leastRSABits, mostRSABits, bits)
		}
		if public.E < 3 || public.E%2 == 0 {
			return nil, "", errors.New("e: expected an odd number from 3")
		}
		return public, jwt.SigningMethodRS256.Alg(), nil
	case *ecdsa.PublicKey:
		if public.Curve != elliptic.P256() {
			return nil, "", errors.New("crv: expected P-256")
		}
		return public, jwt.SigningMethodES256.Alg(), nil
	case ed25519.PublicKey:
		return public, jwt.SigningMethodEdDSA.Alg(), nil
	default:
		return nil, "", errors.New("it is not a public key")
	}
}

// same reports whether both sets have the same keys.
func (k *Keys) same(other *Keys) bool {
	return reflect.DeepEqual(k, other)
}
