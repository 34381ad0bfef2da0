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

// DevelopmentSecret signs the tokens of a development server, which only its own machine can reach. It is public.
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

// claims are those of the tokens that the product signs.
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

// NewSharedSecret returns a signer and verifier. The secret should have at least [MinSecretLength] bytes; ids makes the
// tokens' identifiers (jti).
func NewSharedSecret(secret []byte, names Names, clock cloudtag.Clock, ids cloudtag.IDSource) *SharedSecret {
	own := slices.Clone(secret)
	return &SharedSecret{
		secret: own, accepted: jwt.VerificationKeySet{Keys: []jwt.VerificationKey{own}}, names: names, clock: clock, ids: ids,
		parser: newParser([]string{jwt.SigningMethodHS256.Alg()}, names, clock),
	}
}

// Accepting returns a copy that also verifies tokens signed with a previous secret, so that the secret can be rotated while
// such tokens are still in use. It signs with the current secret only.
func (s *SharedSecret) Accepting(earlier []byte) *SharedSecret {
	both := *s
	both.accepted.Keys = append(slices.Clip(s.accepted.Keys), slices.Clone(earlier))
	return &both
}

// Sign returns a token for the caller that expires after ttl (whole seconds). Its identifier (jti) allows it to be revoked.
// Sign rejects callers that Verify would reject.
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

// Verify returns the session of a token that is signed with an accepted secret by HS256, not expired, of the required issuer
// and audience, and has a subject and known roles. The session lasts as long as Verify would accept the token.
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
