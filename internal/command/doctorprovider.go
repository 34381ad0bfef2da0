package command

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudtag/internal/auth"
)

// checkProvider looks at the identity provider, where there is one: its settings, its keys, whether it is the one that the
// issuer names, and whether people can sign in there.
func (d *doctor) checkProvider(ctx context.Context) {
	if !d.settings.Given() {
		return
	}
	if err := d.settings.CheckProvider(); err != nil {
		d.tell("provider", checkFail, strings.ReplaceAll(err.Error(), "\n", "; "), "set what is missing: serve does not start without")
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
		d.tell("keys", checkFail, err.Error(), advice)
		return
	}
	found := fmt.Sprintf("%d can be used, read in %s", len(answer.Keys.Usable), answer.Took.Round(time.Millisecond))
	if !answer.LastModified.IsZero() {
		found += ", last changed " + answer.LastModified.UTC().Format(time.RFC3339)
	}
	if !answer.Date.IsZero() {
		// HTTP tells whole seconds, so that up to two are no difference.
		if apart := answer.Date.Sub(d.parts.Clock.Now()).Abs(); apart > 2*time.Second {
			d.tellClock("key clock", apart, fmt.Sprintf("the identity provider's clock is %s away from this machine's", apart.Round(time.Second)))
		}
	}
	if len(answer.Keys.Ignored) == 0 {
		d.tell("keys", checkOK, found, "")
		return
	}
	reasons := make([]string, len(answer.Keys.Ignored))
	for i, ignored := range answer.Keys.Ignored {
		reasons[i] = fmt.Sprintf("%.64q: %s", ignored.ID, ignored.Reason)
	}
	d.tell("keys", checkWarn, fmt.Sprintf("%s; %d ignored: %s", found, len(reasons), strings.Join(reasons, "; ")),
		"nothing, unless tokens are signed with one of those that are ignored: RS256 from 2048 bits, ES256 and EdDSA are accepted")
}

// checkIssuer compares --jwt-issuer with what the provider says of itself.
func (d *doctor) checkIssuer(ctx context.Context) {
	said, err := d.parts.Discover(ctx, d.settings.Issuer)
	const check = "issuer"
	switch {
	case err != nil:
		d.tell(check, checkWarn, "it can't be compared with what the identity provider says of itself: "+err.Error(),
			"compare --jwt-issuer with `iss` in a token: the two must be the same, to the last slash")
	case said.Issuer != d.settings.Issuer:
		d.tell(check, checkFail, fmt.Sprintf("the identity provider calls itself %.200q, --jwt-issuer is %q", said.Issuer, d.settings.Issuer),
			"set --jwt-issuer to what it calls itself: tokens of another issuer are refused")
	case said.KeysURL != string(d.settings.JWKSURL):
		d.tell(check, checkWarn, "the identity provider publishes its keys at another address than --jwks-url",
			"set --jwks-url to the jwks_uri of "+auth.DiscoveryPath)
	default:
		d.tell(check, checkOK, said.Issuer, "")
	}
}

// checkOpenID asks the provider of --oidc-issuer what it says of itself, and goes on from there.
func (d *doctor) checkOpenID(ctx context.Context) {
	issuer := string(d.settings.OIDC.Issuer)
	said, err := d.parts.Discover(ctx, issuer)
	const check = "issuer"
	switch {
	case err != nil:
		d.tell(check, checkFail, err.Error(), "open "+auth.DiscoveryPath+" below --oidc-issuer from this machine: it must answer 200 with an OpenID configuration, without a redirect, within 5 seconds")
		return
	case said.Issuer != issuer:
		d.tell(check, checkFail, fmt.Sprintf("the identity provider calls itself %.200q, --oidc-issuer is %q", said.Issuer, issuer),
			"set --oidc-issuer to what it calls itself, to the last slash")
		return
	}
	d.tell(check, checkOK, said.Issuer, "")
	d.checkKeys(ctx, said.KeysURL, "open the jwks_uri of "+auth.DiscoveryPath+" from this machine: it must answer 200 with a JWK Set, without a redirect, within 5 seconds")
	if d.settings.OIDC.ClientID != "" {
		d.checkSignIn(said)
	}
}

// checkSignIn says whether people can sign in at the provider, and out.
func (d *doctor) checkSignIn(said auth.Discovery) {
	const check = "sign-in"
	switch {
	case said.AuthorizationEndpoint == "" || said.TokenEndpoint == "":
		d.tell(check, checkFail, "the identity provider names no authorization_endpoint or no token_endpoint",
			"leave --oidc-client-id out: people can't sign in at a provider without the authorization code flow")
	case said.CodeChallengeMethods != nil && !slices.Contains(said.CodeChallengeMethods, "S256"):
		d.tell(check, checkFail, "the identity provider does not support PKCE with S256", "switch it on at the provider")
	case said.EndSessionEndpoint == "":
		d.tell(check, checkWarn, "the identity provider names no end_session_endpoint", "nothing: who signs out here stays signed in at the provider")
	default:
		d.tell(check, checkOK, "by authorization code with PKCE, as client "+d.settings.OIDC.ClientID, "")
	}
}
