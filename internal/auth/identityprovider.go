package auth

import (
	"context"
	"errors"
	"slices"

	"cloudtag/internal/cloudtag"

	"github.com/go-json-experiment/json"
	"github.com/golang-jwt/jwt/v5"
)

// KeyFinder finds the key that a token names, see [KeySet.Key].
type KeyFinder interface {
	Key(ctx context.Context, name KeyName) (any, error)
}

// IdentityProvider verifies tokens of an external identity provider by its public keys (RS256, ES256, EdDSA).
type IdentityProvider struct {
	keys    KeyFinder
	mapping ClaimMapping
	parser  *jwt.Parser
}

var _ Verifier = (*IdentityProvider)(nil)

// NewIdentityProvider returns a verifier. The names must not be empty: a provider signs tokens for other applications too.
func NewIdentityProvider(keys KeyFinder, names Names, mapping ClaimMapping, clock cloudtag.Clock) *IdentityProvider {
	return &IdentityProvider{keys: keys, mapping: mapping, parser: newParser(keyAlgorithms(), names, clock)}
}

// providerClaims are a token's claims: the registered ones, and all of them by name for the mapping.
type providerClaims struct {
	jwt.RegisteredClaims
	all map[string]any
}

// UnmarshalJSON reads both.
func (c *providerClaims) UnmarshalJSON(content []byte) error {
	if err := json.Unmarshal(content, &c.RegisteredClaims); err != nil {
		return err
	}
	return json.Unmarshal(content, &c.all)
}

// Verify returns the session of a token that is signed with the key it names by the algorithm of that key, not expired, of
// the issuer and for the audience, and has a subject and at least one mapped role. UNAVAILABLE when the keys can't be read;
// ctx ends the wait for them.
func (p *IdentityProvider) Verify(ctx context.Context, bearerToken string) (Session, error) {
	var claims providerClaims
	_, err := p.parser.ParseWithClaims(bearerToken, &claims, func(token *jwt.Token) (any, error) {
		if err := checkHeader(token); err != nil {
			return nil, err
		}
		id, err := keyID(token)
		if err != nil {
			return nil, err
		}
		return p.keys.Key(ctx, KeyName{ID: id, Algorithm: token.Method.Alg()})
	})
	if err != nil {
		return Session{}, refusalOf(err)
	}
	caller, err := p.mapping.caller(claims.all)
	if err == nil {
		err = checkCaller(caller)
	}
	if err != nil {
		return Session{}, errInvalidToken(err)
	}
	return newSession(caller, claims.RegisteredClaims), nil
}

// keyID returns the identifier of the key that a token names; empty when it names none.
func keyID(token *jwt.Token) (string, error) {
	given, present := token.Header["kid"]
	if !present {
		return "", nil
	}
	id, ok := given.(string)
	if !ok || id == "" || len(id) > maxKeyIDLength {
		return "", errors.New("kid: expected a string of up to 256 bytes")
	}
	return id, nil
}

// ByAlgorithm chooses the verifier by the token's algorithm: HS256 is for the shared secret, the others for the provider's
// keys. Each accepts its own algorithms only, so that a public key is never used as a shared secret. Either may be nil.
type ByAlgorithm struct {
	Secret   Verifier
	Provider Verifier
}

var _ Verifier = ByAlgorithm{}

// Verify verifies the token by the verifier of its algorithm; a token of any other algorithm is rejected.
func (b ByAlgorithm) Verify(ctx context.Context, bearerToken string) (Session, error) {
	token, _, err := jwt.NewParser().ParseUnverified(bearerToken, jwt.MapClaims{})
	if err != nil {
		return Session{}, errInvalidToken(err)
	}
	switch algorithm, _ := token.Header["alg"].(string); {
	case algorithm == jwt.SigningMethodHS256.Alg() && b.Secret != nil:
		return b.Secret.Verify(ctx, bearerToken)
	case slices.Contains(keyAlgorithms(), algorithm) && b.Provider != nil:
		return b.Provider.Verify(ctx, bearerToken)
	default:
		return Session{}, errInvalidToken(errors.New("alg: expected a configured algorithm"))
	}
}
