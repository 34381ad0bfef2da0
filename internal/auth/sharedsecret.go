package auth

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudtag/internal/cloudtag"

	"github.com/golang-jwt/jwt/v5"
)

// DevelopmentSecret signs the tokens of a server that only its own machine can reach. It is no secret.
const DevelopmentSecret = "cloudtag development secret: never use it where others can reach you"

// leeway is how far the clocks of who signs and who verifies may differ.
const leeway = 30 * time.Second

// reservedSubject begins the names by which the log calls the product's own acts.
const reservedSubject = "system:"

// SharedSecret signs and verifies bearer tokens with one secret (HS256).
type SharedSecret struct {
	secret []byte
	names  Names
	clock  cloudtag.Clock
	parser *jwt.Parser
}

// Names are the issuer and the audience that tokens carry and must carry; empty ones are neither set nor asked for.
type Names struct {
	Issuer   string
	Audience string
}

// claims are what a token says.
type claims struct {
	jwt.RegisteredClaims
	Roles      []cloudtag.Role     `json:"roles"`
	MerchantID cloudtag.MerchantID `json:"merchant_id,omitempty"`
}

var _ Verifier = (*SharedSecret)(nil)

// NewSharedSecret returns a signer and verifier. The secret should have at least 32 bytes.
func NewSharedSecret(secret []byte, names Names, clock cloudtag.Clock) *SharedSecret {
	options := []jwt.ParserOption{
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(),
		jwt.WithLeeway(leeway),
		jwt.WithTimeFunc(clock.Now),
	}
	if names.Issuer != "" {
		options = append(options, jwt.WithIssuer(names.Issuer))
	}
	if names.Audience != "" {
		options = append(options, jwt.WithAudience(names.Audience))
	}
	return &SharedSecret{secret: slices.Clone(secret), names: names, clock: clock, parser: jwt.NewParser(options...)}
}

// Sign returns a token that names the caller and is good for a time (whole seconds). It refuses callers that Verify
// would refuse.
func (s *SharedSecret) Sign(caller cloudtag.Caller, ttl time.Duration) (string, error) {
	now := s.clock.Now()
	c := claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Subject: caller.Subject, Issuer: s.names.Issuer,
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(ttl)),
		},
		Roles: caller.Roles, MerchantID: caller.MerchantID,
	}
	if s.names.Audience != "" {
		c.Audience = jwt.ClaimStrings{s.names.Audience}
	}
	if err := c.check(); err != nil {
		return "", err
	}
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString(s.secret)
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return token, nil
}

// Verify returns the session of a token: signed with the secret by HS256 and nothing else, not expired, of the issuer
// and for the audience that are asked for, with a subject and known roles. The session lasts as long as Verify would
// accept the token.
func (s *SharedSecret) Verify(_ context.Context, bearerToken string) (Session, error) {
	var c claims
	_, err := s.parser.ParseWithClaims(bearerToken, &c, func(*jwt.Token) (any, error) { return s.secret, nil })
	switch {
	case errors.Is(err, jwt.ErrTokenExpired) && errors.Is(err, jwt.ErrTokenInvalidClaims):
		return Session{}, errExpiredToken(err)
	case err != nil:
		return Session{}, errInvalidToken(err)
	}
	if err := c.check(); err != nil {
		return Session{}, errInvalidToken(err)
	}
	return Session{Caller: c.caller(), ExpiresAt: c.ExpiresAt.Add(leeway).UTC()}, nil
}

// check says what about the caller is not acceptable.
func (c claims) check() error {
	switch {
	case c.Subject == "" || len(c.Subject) > cloudtag.MaxIDLength:
		return fmt.Errorf("sub: expected 1 to %d bytes", cloudtag.MaxIDLength)
	case strings.HasPrefix(c.Subject, reservedSubject):
		return fmt.Errorf("sub: %s… is reserved for the product itself", reservedSubject)
	case len(c.Roles) == 0:
		return errors.New("roles: expected at least one")
	}
	for _, role := range c.Roles {
		if !slices.Contains(cloudtag.Roles(), role) {
			return fmt.Errorf("roles: expected some of %v, but got %q", cloudtag.Roles(), role)
		}
	}
	merchant := slices.Contains(c.Roles, cloudtag.RoleMerchant)
	switch {
	case merchant && c.MerchantID == "":
		return errors.New("merchant_id: expected with the role MERCHANT")
	case !merchant && c.MerchantID != "":
		return errors.New("merchant_id: expected only with the role MERCHANT")
	case len(c.MerchantID) > cloudtag.MaxIDLength:
		return fmt.Errorf("merchant_id: expected at most %d bytes", cloudtag.MaxIDLength)
	}
	return nil
}

func (c claims) caller() cloudtag.Caller {
	return cloudtag.Caller{Subject: c.Subject, Roles: c.Roles, MerchantID: c.MerchantID}
}
