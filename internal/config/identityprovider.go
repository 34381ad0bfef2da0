package config

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"cloudtag/internal/cloudtag"
)

// IdentityProvider is who else signs tokens, and what its claims mean here.
type IdentityProvider struct {
	JWKSURL     KeySetURL     `name:"jwks-url" placeholder:"URL" help:"JWK Set of an identity provider whose tokens are accepted (RS256, ES256, EdDSA), over https. Needs --jwt-issuer, --jwt-audience and --role-map."`
	JWKSRefresh time.Duration `name:"jwks-refresh" default:"10m" help:"How often the keys are read again (default ${default}); a token with an unknown key has them read at once, every 10s at most."`
	JWKSMaxAge  time.Duration `name:"jwks-max-age" default:"24h" help:"How long the keys are good for while the provider does not answer (default ${default})."`

	RolesClaim    string  `default:"roles" placeholder:"CLAIM" help:"Claim, or path such as realm_access.roles, with the provider's names of roles or groups (default ${default})."`
	MerchantClaim string  `default:"merchant_id" placeholder:"CLAIM" help:"Claim, or path, with the shop that somebody with the role MERCHANT acts for (default ${default})."`
	RoleMap       RoleMap `placeholder:"NAME=ROLE,…" help:"Role that each of the provider's names gives, such as risk-team=REVIEWER,shops=MERCHANT. What is not named gives none."`
}

// check says what is missing. Issuer and audience are needed because a provider signs tokens for others, too, and the
// mapping because without one nobody would have a role.
func (p IdentityProvider) check(signing Signing) error {
	if p.JWKSURL == "" {
		if len(p.RoleMap) > 0 {
			return errors.New("--role-map: expected only with --jwks-url: the names of roles in our own tokens are fixed")
		}
		return nil
	}
	var missing []error
	for _, needed := range []struct {
		flag, what string
		given      bool
	}{
		{"--jwt-issuer", "the name the identity provider gives itself", signing.Issuer != ""},
		{"--jwt-audience", "the name the identity provider gives this service", signing.Audience != ""},
		{"--role-map", "at least one name, such as risk-team=REVIEWER", len(p.RoleMap) > 0},
		{"--roles-claim", "a claim", p.RolesClaim != ""},
		{"--merchant-claim", "a claim", p.MerchantClaim != ""},
	} {
		if !needed.given {
			missing = append(missing, fmt.Errorf("%s: expected %s with --jwks-url", needed.flag, needed.what))
		}
	}
	return errors.Join(append(missing,
		within("--jwks-refresh", p.JWKSRefresh, time.Second, 24*time.Hour),
		within("--jwks-max-age", p.JWKSMaxAge, p.JWKSRefresh, 7*24*time.Hour),
	)...)
}

// KeySetURL is where an identity provider publishes its keys.
type KeySetURL string

// UnmarshalText checks the form without repeating what was given, which may hold a password. Whoever can change what
// is read there decides who gets in: it is https, or it does not leave this machine.
func (k *KeySetURL) UnmarshalText(text []byte) error {
	parsed, err := url.Parse(string(text))
	switch {
	case err != nil || parsed.Host == "" || parsed.Scheme != "https" && parsed.Scheme != "http":
		return errors.New("expected a URL such as https://id.example.com/jwks.json")
	case parsed.User != nil:
		return errors.New("expected a URL without a user or password")
	case parsed.Scheme == "http" && !loopbackHost(parsed.Hostname()):
		return errors.New("expected https; http is for 127.0.0.1, ::1 and localhost only")
	}
	*k = KeySetURL(text)
	return nil
}

// RoleMap are the roles that each of an identity provider's names gives.
type RoleMap map[string][]cloudtag.Role

// UnmarshalText reads NAME=ROLE pairs with commas in between. A name may be given several roles, and may have "=" in it.
func (m *RoleMap) UnmarshalText(text []byte) error {
	read := make(RoleMap)
	for pair := range strings.SplitSeq(string(text), ",") {
		place := strings.LastIndex(pair, "=")
		if place < 0 {
			return fmt.Errorf("expected NAME=ROLE,… such as risk-team=REVIEWER, but got %q", pair)
		}
		name, role := strings.TrimSpace(pair[:place]), cloudtag.Role(strings.TrimSpace(pair[place+1:]))
		switch {
		case name == "":
			return fmt.Errorf("expected a name in front of =%s", role)
		case !slices.Contains(cloudtag.Roles(), role):
			return fmt.Errorf("expected one of %v for %q, but got %q", cloudtag.Roles(), name, role)
		case !slices.Contains(read[name], role):
			read[name] = append(read[name], role)
		}
	}
	*m = read
	return nil
}
