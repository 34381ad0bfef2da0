package config

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
)

// IdentityProvider are the settings of an external identity provider and of its claims.
type IdentityProvider struct {
	JWKSURL     ProviderURL   `name:"jwks-url" placeholder:"URL" help:"JWK Set of an identity provider whose tokens are accepted (RS256, ES256, EdDSA), over https. Needs --jwt-issuer, --jwt-audience and --role-map. An OpenID Connect provider announces it: see --oidc-issuer."`
	JWKSRefresh time.Duration `name:"jwks-refresh" default:"10m" help:"How often the keys are read again (default ${default}); a token with an unknown key has them read at once, every 10s at most."`
	JWKSMaxAge  time.Duration `name:"jwks-max-age" default:"24h" help:"How long the keys are good for while the provider does not answer (default ${default})."`

	RolesClaim    string  `default:"roles" placeholder:"CLAIM" help:"Claim, or path such as realm_access.roles, with the provider's names of roles or groups (default ${default})."`
	MerchantClaim string  `default:"merchant_id" placeholder:"CLAIM" help:"Claim, or path, with the shop that somebody with the role MERCHANT acts for (default ${default})."`
	RoleMap       RoleMap `placeholder:"NAME=ROLE,…" help:"Role that each of the provider's names gives, such as risk-team=REVIEWER,shops=MERCHANT. What is not named gives none."`

	OIDC OIDC `embed:"" prefix:"oidc-"`
}

// OIDC are the settings of the sign-in at an OpenID Connect provider.
type OIDC struct {
	Issuer     ProviderURL       `placeholder:"URL" help:"Issuer of an OpenID Connect provider whose tokens are accepted; its endpoints and keys are found by discovery. Needs --jwt-audience and --role-map."`
	ClientID   string            `placeholder:"ID" help:"Client that the pages sign people in as at the provider of --oidc-issuer: a public one, with the authorization code flow and PKCE, whose redirect address is /signin of this server."`
	Scopes     string            `default:"openid" placeholder:"SCOPES" help:"Scopes that the pages ask for, with spaces in between (default ${default}); many providers let them renew a session for offline_access only."`
	Parameters map[string]string `mapsep:"," placeholder:"NAME=VALUE,…" help:"Additional parameters that some providers need, such as audience=cloudtag or resource=https://tags.example.com."`
}

// Given reports whether an identity provider is configured.
func (p IdentityProvider) Given() bool { return p.JWKSURL != "" || p.OIDC.Issuer != "" }

// TokenIssuer is the required issuer (iss) of the provider's tokens: --jwt-issuer, or that of an OpenID Connect provider.
func (p IdentityProvider) TokenIssuer(signing Signing) string {
	return cmp.Or(signing.Issuer, string(p.OIDC.Issuer))
}

// check returns what is missing. Issuer and audience are required because a provider signs tokens for other applications
// too, and the mapping because without one nobody has a role.
func (p IdentityProvider) check(signing Signing) error {
	if err := p.OIDC.check(); err != nil {
		return err
	}
	switch {
	case p.JWKSURL != "" && p.OIDC.Issuer != "":
		return errors.New("--jwks-url: expected only without --oidc-issuer, whose provider announces its keys")
	case !p.Given() && len(p.RoleMap) > 0:
		return errors.New("--role-map: expected only with --oidc-issuer or --jwks-url: the names of roles in our own tokens are fixed")
	case !p.Given():
		return nil
	}
	by := "--jwks-url"
	if p.OIDC.Issuer != "" {
		by = "--oidc-issuer"
	}
	var missing []error
	for _, needed := range []struct {
		flag, what string
		given      bool
	}{
		{"--jwt-issuer", "the name the identity provider gives itself", p.TokenIssuer(signing) != ""},
		{"--jwt-audience", "the name the identity provider gives this service", signing.Audience != ""},
		{"--role-map", "at least one name, such as risk-team=REVIEWER", len(p.RoleMap) > 0},
		{"--roles-claim", "a claim", p.RolesClaim != ""},
		{"--merchant-claim", "a claim", p.MerchantClaim != ""},
	} {
		if !needed.given {
			missing = append(missing, fmt.Errorf("%s: expected %s with %s", needed.flag, needed.what, by))
		}
	}
	return errors.Join(append(missing,
		within("--jwks-refresh", p.JWKSRefresh, time.Second, 24*time.Hour),
		within("--jwks-max-age", p.JWKSMaxAge, p.JWKSRefresh, 7*24*time.Hour),
	)...)
}

// fixedParameters are the parameters of an authorization request that the pages set themselves.
var fixedParameters = []string{
	"client_id", "code_challenge", "code_challenge_method", "nonce", "redirect_uri", "response_mode", "response_type", "scope", "state",
}

// check returns which settings contradict each other.
func (o OIDC) check() error {
	switch {
	case o.ClientID != "" && o.Issuer == "":
		return errors.New("--oidc-client-id: expected only with --oidc-issuer, where it is a client")
	case o.ClientID == "" && len(o.Parameters) > 0:
		return errors.New("--oidc-parameters: expected only with --oidc-client-id")
	case o.ClientID != "" && !slices.Contains(strings.Fields(o.Scopes), "openid"):
		return fmt.Errorf("--oidc-scopes: expected openid among them, but got %q", o.Scopes)
	}
	for _, name := range fixedParameters {
		if _, given := o.Parameters[name]; given {
			return fmt.Errorf("--oidc-parameters: expected no %s, which the sign-in sets itself", name)
		}
	}
	return nil
}

// ProviderURL is a URL of an identity provider.
type ProviderURL string

// UnmarshalText checks the form, see [auth.CheckProviderURL].
func (u *ProviderURL) UnmarshalText(text []byte) error {
	if err := auth.CheckProviderURL(string(text)); err != nil {
		return err
	}
	*u = ProviderURL(text)
	return nil
}

// RoleMap maps names of an identity provider to roles.
type RoleMap map[string][]cloudtag.Role

// UnmarshalText reads comma-separated NAME=ROLE pairs. A name may occur several times, and may contain "=".
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
