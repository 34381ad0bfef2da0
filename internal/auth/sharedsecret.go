package auth

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"

	"github.com/go-json-experiment/json"
	"github.com/golang-jwt/jwt/v5"
)

// DevelopmentSecret signs the tokens of a server that only its own machine can reach. It is no secret.
const DevelopmentSecret = "cloudtag development secret: never use it where others can reach you"

// SharedSecret signs bearer tokens with a secret (HS256) and verifies those signed with it, or with an earlier one.
type SharedSecret struct {
	secret   []byte
	accepted jwt.VerificationKeySet
	names    Names
	clock    cloudtag.Clock
	ids      cloudtag.IDSource
	parser   *jwt.Parser
}

// claims are what our own tokens say.
type claims struct {
	jwt.RegisteredClaims
	Roles      []cloudtag.Role     `json:"roles"`
	MerchantID cloudtag.MerchantID `json:"merchant_id,omitempty"`
}

// UnmarshalJSON reads the claims by their exact names.
func (c *claims) UnmarshalJSON(content []byte) error {
	type plain claims
	return json.Unmarshal(content, (*plain)(c))
}

var _ Verifier = (*SharedSecret)(nil)

// NewSharedSecret returns a signer and verifier. The secret should have at least 32 bytes; ids name the tokens it signs.
func NewSharedSecret(secret []byte, names Names, clock cloudtag.Clock, ids cloudtag.IDSource) *SharedSecret {
	own := slices.Clone(secret)
	return &SharedSecret{
		secret: own, accepted: jwt.VerificationKeySet{Keys: []jwt.VerificationKey{own}}, names: names, clock: clock, ids: ids,
		parser: newParser([]string{jwt.SigningMethodHS256.Alg()}, names, clock),
	}
}

// Accepting returns a copy that also verifies tokens signed with an earlier secret, so that a secret can be replaced
// while tokens signed with it are still in use. It signs with the present one only.
func (s *SharedSecret) Accepting(earlier []byte) *SharedSecret {
	both := *s
	both.accepted.Keys = append(slices.Clip(s.accepted.Keys), slices.Clone(earlier))
	return &both
}

// Sign returns a token that names the caller and is good for a time (whole seconds). It has an identifier, by which it
// can be revoked. Sign refuses callers that Verify would refuse.
func (s *SharedSecret) Sign(caller cloudtag.Caller, ttl time.Duration) (string, error) {
	if err := checkCaller(caller); err != nil {
		return "", err
	}
	now := s.clock.Now()
	c := claims{
		RegisteredClaims: jwt.RegisteredClaims{
			ID: s.ids.NewID(), Subject: caller.Subject, Issuer: s.names.Issuer,
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(ttl)),
		},
		Roles: caller.Roles, MerchantID: caller.MerchantID,
	}
	if s.names.Audience != "" {
		c.Audience = jwt.ClaimStrings{s.names.Audience}
	}
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString(s.secret)
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return token, nil
}

// Verify returns the session of a token: signed with an accepted secret by HS256 and nothing else, not expired, of the issuer
// and for the audience that are asked for, with a subject and known roles. The session lasts as long as Verify would
// accept the token.
func (s *SharedSecret) Verify(_ context.Context, bearerToken string) (Session, error) {
	var c claims
	_, err := s.parser.ParseWithClaims(bearerToken, &c, func(token *jwt.Token) (any, error) {
		return s.accepted, checkHeader(token)
	})
	if err != nil {
		return Session{}, refusalOf(err)
	}
	caller := cloudtag.Caller{Subject: c.Subject, Roles: c.Roles, MerchantID: c.MerchantID}
	if err := checkCaller(caller); err != nil {
		return Session{}, errInvalidToken(err)
	}
	return newSession(caller, c.RegisteredClaims), nil
}
