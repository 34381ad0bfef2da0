package auth

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudtag/internal/cloudtag"

	"github.com/go-json-experiment/json"
	"github.com/golang-jwt/jwt/v5"
)

// ClockSkew is the maximum difference between the clock of a token's issuer and ours.
const ClockSkew = 30 * time.Second

// reservedSubject is the prefix of the subjects by which the log names actions of the product itself.
const reservedSubject = "system:"

// Names are the issuer and the audience of tokens: set when signing and required when verifying. Empty ones are neither.
type Names struct {
	Issuer   string
	Audience string
}

// newParser returns a parser that accepts only tokens signed by one of the algorithms, not expired, not issued in the
// future, and of the required issuer and audience.
func newParser(algorithms []string, names Names, clock cloudtag.Clock) *jwt.Parser {
	options := []jwt.ParserOption{
		jwt.WithValidMethods(algorithms),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(),
		jwt.WithLeeway(ClockSkew),
		jwt.WithTimeFunc(clock.Now),
	}
	if names.Issuer != "" {
		options = append(options, jwt.WithIssuer(names.Issuer))
	}
	if names.Audience != "" {
		options = append(options, jwt.WithAudience(names.Audience))
	}
	return jwt.NewParser(options...)
}

// checkHeader rejects headers with duplicate names (RFC 7515, section 4) or critical extensions, none of which is supported
// (section 4.1.11), and tokens of another type, such as logout tokens or proofs of possession (RFC 8725, section 3.11).
func checkHeader(token *jwt.Token) error {
	encoded, _, _ := strings.Cut(token.Raw, ".")
	header, err := base64.RawURLEncoding.DecodeString(encoded)
	if err == nil {
		err = json.Unmarshal(header, &map[string]any{})
	}
	if err != nil {
		return fmt.Errorf("header: %w", err)
	}
	if _, asks := token.Header["crit"]; asks {
		return errors.New("crit: extensions are not supported")
	}
	given, present := token.Header["typ"]
	if !present {
		return nil
	}
	kind, _ := given.(string)
	switch strings.TrimPrefix(strings.ToLower(kind), "application/") {
	case "jwt", "at+jwt":
		return nil
	default:
		return errors.New("typ: expected JWT or at+jwt")
	}
}

// refusalOf returns the error that the caller sees for a token that the parser rejected. One that is a [*cloudtag.Error]
// already, such as UNAVAILABLE, is returned as it is.
func refusalOf(err error) *cloudtag.Error {
	var known *cloudtag.Error
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, jwt.ErrTokenExpired) && errors.Is(err, jwt.ErrTokenInvalidClaims):
		return errExpiredToken(err)
	default:
		return errInvalidToken(err)
	}
}

// newSession returns the session of a caller whose token was verified; it lasts as long as the token would be accepted.
func newSession(caller cloudtag.Caller, registered jwt.RegisteredClaims) Session {
	session := Session{
		Caller: caller, TokenID: registered.ID, ExpiresAt: registered.ExpiresAt.Add(ClockSkew).UTC(),
	}
	if registered.IssuedAt != nil {
		session.IssuedAt = registered.IssuedAt.UTC()
	}
	return session
}

// checkCaller returns why the claims make no valid caller; nil when they do.
func checkCaller(caller cloudtag.Caller) error {
	switch {
	case caller.Subject == "" || len(caller.Subject) > cloudtag.MaxIDLength:
		return fmt.Errorf("sub: expected 1 to %d bytes", cloudtag.MaxIDLength)
	case strings.HasPrefix(caller.Subject, reservedSubject):
		return fmt.Errorf("sub: %s… is reserved for the product itself", reservedSubject)
	case len(caller.Roles) == 0:
		return errors.New("roles: expected at least one")
	}
	for _, role := range caller.Roles {
		if !slices.Contains(cloudtag.Roles(), role) {
			return fmt.Errorf("roles: expected some of %v, but got %q", cloudtag.Roles(), role)
		}
	}
	merchant := caller.Has(cloudtag.RoleMerchant)
	switch {
	case merchant && caller.MerchantID == "":
		return errors.New("merchant: expected with the role MERCHANT")
	case !merchant && caller.MerchantID != "":
		return errors.New("merchant: expected only with the role MERCHANT")
	case len(caller.MerchantID) > cloudtag.MaxIDLength:
		return fmt.Errorf("merchant: expected at most %d bytes", cloudtag.MaxIDLength)
	}
	return nil
}
