package auth

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cloudtag/internal/cloudtag"

	"github.com/go-json-experiment/json"
	"github.com/golang-jwt/jwt/v5"
)

// leeway is how far the clocks of who signs and who verifies may differ.
const leeway = cloudtag.TokenClockSkew

// reservedSubject begins the names by which the log calls the product's own acts.
const reservedSubject = "system:"

// Names are the issuer and the audience that tokens carry and must carry; empty ones are neither set nor asked for.
type Names struct {
	Issuer   string
	Audience string
}

// newParser returns a parser of tokens that are signed by one of the algorithms and nothing else, not expired, not from
// the future, of the issuer and for the audience that are asked for.
func newParser(algorithms []string, names Names, clock cloudtag.Clock) *jwt.Parser {
	options := []jwt.ParserOption{
		jwt.WithValidMethods(algorithms),
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
	return jwt.NewParser(options...)
}

// checkHeader refuses a header in which a name occurs twice (RFC 7515, section 4), what it asks for that is not
// understood here (section 4.1.11), and tokens that are made for something else, such as a logout or a proof of
// possession (RFC 8725, section 3.11).
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

// refusalOf is what a caller is told of a token that the parser did not accept. A failure to find out is passed on.
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

// newSession is the session of a caller whose token was verified, for as long as it would be accepted.
func newSession(caller cloudtag.Caller, registered jwt.RegisteredClaims) Session {
	session := Session{
		Caller: caller, TokenID: registered.ID, ExpiresAt: registered.ExpiresAt.Add(leeway).UTC(),
	}
	if registered.IssuedAt != nil {
		session.IssuedAt = registered.IssuedAt.UTC()
	}
	return session
}

// checkCaller says what about a caller is not acceptable.
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
