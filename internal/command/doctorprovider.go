package command

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cloudtag/internal/auth"
)

// checkProvider looks at the identity provider, where there is one: its settings, its keys, and whether it is the one
// that the issuer names.
func (d *doctor) checkProvider(ctx context.Context) {
	if d.settings.JWKSURL == "" {
		return
	}
	if err := d.settings.CheckProvider(); err != nil {
		d.tell("provider", checkFail, strings.ReplaceAll(err.Error(), "\n", "; "), "set what is missing: serve does not start without")
		return
	}
	d.checkKeys(ctx)
	d.checkIssuer(ctx)
}

const keysAdvice = "open --jwks-url from this machine: it must answer 200 with a JWK Set, without a redirect, within 5 seconds"

func (d *doctor) checkKeys(ctx context.Context) {
	answer, err := d.parts.ReadKeys(ctx, string(d.settings.JWKSURL))
	if err != nil {
		d.tell("keys", checkFail, err.Error(), keysAdvice)
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
