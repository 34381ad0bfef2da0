package command

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudtag/internal/auth"
)

// checkProvider checks the identity provider, if one is configured: the settings, its keys, its issuer, and whether users
// can sign in there.
func (d *doctor) checkProvider(ctx context.Context) {
	if !d.settings.Given() {
		return
	}
	if err := d.settings.CheckProvider(); err != nil {
		d.report("provider", checkFail, strings.ReplaceAll(err.Error(), "\n", "; "), "add the missing settings: serve does not start without them")
		return
	}
	if d.settings.OIDC.Issuer != "" {
		d.checkOpenID(ctx)
		return
	}
	d.checkKeys(ctx, string(d.settings.JWKSURL), "open --jwks-url from this machine: it must answer 200 with a JWK Set, without a redirect, within 5 seconds")
	d.checkIssuer(ctx)
}

func (d *doctor) checkKeys(ctx context.Context, url, advice string) {
	answer, err := d.parts.ReadKeys(ctx, url)
	if err != nil {
		d.report("keys", checkFail, err.Error(), advice)
		return
	}
	found := fmt.Sprintf("%d can be used, read in %s", len(answer.Keys.Usable), answer.Took.Round(time.Millisecond))
	if !answer.LastModified.IsZero() {
		found += ", last changed " + answer.LastModified.UTC().Format(time.RFC3339)
	}
	if !answer.Date.IsZero() {
		// The Date header has whole seconds, so that a skew of up to two is not significant.
		if skew := answer.Date.Sub(d.parts.Clock.Now()).Abs(); skew > 2*time.Second {
			d.reportClock("key clock", skew, fmt.Sprintf("the identity provider's clock differs by %s from this machine's", skew.Round(time.Second)))
		}
	}
	if len(answer.Keys.Ignored) == 0 {
		d.report("keys", checkOK, found, "")
		return
	}
	reasons := make([]string, len(answer.Keys.Ignored))
	for i, ignored := range answer.Keys.Ignored {
		reasons[i] = fmt.Sprintf("%.64q: %s", ignored.ID, ignored.Reason)
	}
	d.report("keys", checkWarn, fmt.Sprintf("%s; %d ignored: %s", found, len(reasons), strings.Join(reasons, "; ")),
		"nothing, unless tokens are signed with an ignored key: RS256 from 2048 bits, ES256 and EdDSA are accepted")
}

// checkIssuer compares --jwt-issuer with the provider's OpenID configuration.
func (d *doctor) checkIssuer(ctx context.Context) {
	discovery, err := d.parts.Discover(ctx, d.settings.Issuer)
	const check = "issuer"
	switch {
	case err != nil:
		d.report(check, checkWarn, "it can't be compared with the identity provider's OpenID configuration: "+err.Error(),
			"compare --jwt-issuer with `iss` in a token: the two must be the same, to the last slash")
	case discovery.Issuer != d.settings.Issuer:
		d.report(check, checkFail, fmt.Sprintf("the identity provider's issuer is %.200q, --jwt-issuer is %q", discovery.Issuer, d.settings.Issuer),
			"set --jwt-issuer to the provider's issuer: tokens of any other issuer are rejected")
	case discovery.KeysURL != string(d.settings.JWKSURL):
		d.report(check, checkWarn, "the identity provider publishes its keys at another address than --jwks-url",
			"set --jwks-url to the jwks_uri of "+auth.DiscoveryPath)
	default:
		d.report(check, checkOK, discovery.Issuer, "")
	}
}

// checkOpenID reads the OpenID configuration of --oidc-issuer, and checks the keys and the sign-in that it describes.
func (d *doctor) checkOpenID(ctx context.Context) {
	issuer := string(d.settings.OIDC.Issuer)
	discovery, err := d.parts.Discover(ctx, issuer)
	const check = "issuer"
	switch {
	case err != nil:
		d.report(check, checkFail, err.Error(), "open "+auth.DiscoveryPath+" below --oidc-issuer from this machine: it must answer 200 with an OpenID configuration, without a redirect, within 5 seconds")
		return
	case discovery.Issuer != issuer:
		d.report(check, checkFail, fmt.Sprintf("the identity provider's issuer is %.200q, --oidc-issuer is %q", discovery.Issuer, issuer),
			"set --oidc-issuer to the provider's issuer, to the last slash")
		return
	}
	d.report(check, checkOK, discovery.Issuer, "")
	d.checkKeys(ctx, discovery.KeysURL, "open the jwks_uri of "+auth.DiscoveryPath+" from this machine: it must answer 200 with a JWK Set, without a redirect, within 5 seconds")
	if d.settings.OIDC.ClientID != "" {
		d.checkSignIn(discovery)
	}
}

// checkSignIn checks whether users can sign in and out at the provider.
func (d *doctor) checkSignIn(discovery auth.Discovery) {
	const check = "sign-in"
	switch {
	case discovery.AuthorizationEndpoint == "" || discovery.TokenEndpoint == "":
		d.report(check, checkFail, "the identity provider has no authorization_endpoint or no token_endpoint",
			"omit --oidc-client-id: users can't sign in at a provider without the authorization code flow")
	case discovery.CodeChallengeMethods != nil && !slices.Contains(discovery.CodeChallengeMethods, "S256"):
		d.report(check, checkFail, "the identity provider does not support PKCE with S256", "enable it at the provider")
	case discovery.EndSessionEndpoint == "":
		d.report(check, checkWarn, "the identity provider has no end_session_endpoint", "nothing: users who sign out here stay signed in at the provider")
	default:
		d.report(check, checkOK, "by authorization code with PKCE, as client "+d.settings.OIDC.ClientID, "")
	}
}
