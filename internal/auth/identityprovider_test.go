package auth

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"reflect"
	"strings"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"

	"github.com/golang-jwt/jwt/v5"
)

func testProvider(t testing.TB, at time.Time, mapping ClaimMapping) *IdentityProvider {
	s := signers()
	keys := fixedKeys{parsed(t, jwk(t, s.rsa, "r1"), jwk(t, s.otherRSA, "r2"), jwk(t, s.p256, "e1"), jwk(t, s.ed, "d1"))}
	return NewIdentityProvider(keys, providerNames, mapping, fixedClock(at))
}

func TestProviderTokens(t *testing.T) {
	s := signers()
	provider := testProvider(t, now, testMapping())
	for name, test := range map[string]struct {
		method jwt.SigningMethod
		key    any
		header map[string]any
	}{
		"RS256":                         {jwt.SigningMethodRS256, s.rsa, map[string]any{"kid": "r1"}},
		"ES256":                         {jwt.SigningMethodES256, s.p256, map[string]any{"kid": "e1"}},
		"EdDSA":                         {jwt.SigningMethodEdDSA, s.ed, map[string]any{"kid": "d1"}},
		"the only key of its algorithm": {jwt.SigningMethodEdDSA, s.ed, nil},
		"an access token by its type":   {jwt.SigningMethodES256, s.p256, map[string]any{"kid": "e1", "typ": "at+jwt"}},
		"an access token, in full":      {jwt.SigningMethodES256, s.p256, map[string]any{"kid": "e1", "typ": "application/at+JWT"}},
		"without a type":                {jwt.SigningMethodES256, s.p256, map[string]any{"kid": "e1", "typ": nil}},
	} {
		session, err := provider.Verify(t.Context(), issued(t, test.method, test.key, test.header, nil))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := Session{
			Caller:  cloudtag.Caller{Subject: "li", Roles: []cloudtag.Role{cloudtag.RoleReviewer}},
			TokenID: "token-7", IssuedAt: now, ExpiresAt: now.Add(time.Hour + 30*time.Second),
		}
		if !reflect.DeepEqual(session, want) {
			t.Errorf("%s: %+v, want %+v", name, session, want)
		}
	}
}

func TestProviderRefuses(t *testing.T) {
	s := signers()
	der, err := x509.MarshalPKIXPublicKey(&s.rsa.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	kid := map[string]any{"kid": "r1"}
	rs256 := func(header, changes map[string]any) string {
		return issued(t, jwt.SigningMethodRS256, s.rsa, header, changes)
	}
	claim := func(name string, value any) string { return rs256(kid, map[string]any{name: value}) }
	hs256 := func(secret []byte) string { return issued(t, jwt.SigningMethodHS256, secret, kid, nil) }
	for name, token := range map[string]string{
		"none":                             issued(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, kid, nil),
		"HS256 by the key as PEM":          hs256(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})),
		"HS256 by the key as DER":          hs256(der),
		"HS256 by the key's number":        hs256(s.rsa.N.Bytes()),
		"HS256 by the number as published": hs256([]byte(base64.RawURLEncoding.EncodeToString(s.rsa.N.Bytes()))),
		"RS512":                            issued(t, jwt.SigningMethodRS512, s.rsa, kid, nil),
		"PS256":                            issued(t, jwt.SigningMethodPS256, s.rsa, kid, nil),
		"RS256 said, PS256 done":           issued(t, jwt.SigningMethodPS256, s.rsa, map[string]any{"kid": "r1", "alg": "RS256"}, nil),
		"another key of the set":           issued(t, jwt.SigningMethodRS256, s.otherRSA, kid, nil),
		"a key of another algorithm":       issued(t, jwt.SigningMethodRS256, s.rsa, map[string]any{"kid": "e1"}, nil),
		"an unknown key":                   issued(t, jwt.SigningMethodRS256, s.rsa, map[string]any{"kid": "r3"}, nil),
		"no kid, several keys":             rs256(nil, nil),
		"a kid that is no text":            rs256(map[string]any{"kid": 1}, nil),
		"an empty kid":                     issued(t, jwt.SigningMethodEdDSA, s.ed, map[string]any{"kid": ""}, nil),
		"a key in the token":               issued(t, jwt.SigningMethodRS256, s.short, map[string]any{"kid": "r3", "jwk": jwk(t, s.short, "r3")}, nil),
		"an extension that is critical":    rs256(map[string]any{"kid": "r1", "crit": []string{"b64"}, "b64": true}, nil),
		"a logout":                         rs256(map[string]any{"kid": "r1", "typ": "logout+jwt"}, nil),
		"a type that is no text":           rs256(map[string]any{"kid": "r1", "typ": 1}, nil),
		"no expiry":                        claim("exp", nil),
		"expired":                          claim("exp", now.Add(-31*time.Second).Unix()),
		"issued in the future":             claim("iat", now.Add(31*time.Second).Unix()),
		"not good yet":                     claim("nbf", now.Add(31*time.Second).Unix()),
		"another issuer":                   claim("iss", "https://id.example.com/"),
		"no issuer":                        claim("iss", nil),
		"another audience":                 claim("aud", "account"),
		"no audience":                      claim("aud", nil),
		"no subject":                       claim("sub", nil),
		"the product's own name":           claim("sub", "system:engine"),
		"a subject that is no text":        claim("sub", 7),
		"no roles":                         claim("roles", nil),
		"roles that nobody mapped":         claim("roles", []string{"ADMIN", "REVIEWER", "risk-Team", "risk-team "}),
		"roles of another form":            claim("roles", map[string]any{"risk-team": true}),
		"a merchant without a shop":        claim("roles", []string{"shops"}),
		"a merchant whose shop is no text": rs256(kid, map[string]any{"roles": []string{"shops"}, "merchant_id": 7}),
		"a merchant with a shop too long":  rs256(kid, map[string]any{"roles": []string{"shops"}, "merchant_id": strings.Repeat("m", 129)}),
		"a role that another claim has":    rs256(kid, map[string]any{"roles": nil, "role": "risk-team", "groups": []string{"risk-team"}}),
	} {
		session, err := testProvider(t, now, testMapping()).Verify(t.Context(), token)
		if cloudtag.CodeOf(err) != cloudtag.CodeUnauthenticated {
			t.Errorf("%s: %+v, %v", name, session, err)
		}
	}
}

func TestProviderClocksMayDiffer(t *testing.T) {
	token := issued(t, jwt.SigningMethodES256, signers().p256, map[string]any{"kid": "e1"}, map[string]any{"exp": now.Add(time.Minute).Unix(), "nbf": now.Unix()})
	for _, test := range []struct {
		after time.Duration
		good  bool
	}{{-31 * time.Second, false}, {-30 * time.Second, true}, {89 * time.Second, true}, {91 * time.Second, false}} {
		if _, err := testProvider(t, now.Add(test.after), testMapping()).Verify(t.Context(), token); (err == nil) != test.good {
			t.Errorf("%s after issue: %v, want good %t", test.after, err, test.good)
		}
	}
}

func TestClaimMapping(t *testing.T) {
	const byURL = "https://shop.example.com/roles"
	mapped := func(roles, merchant string) ClaimMapping {
		m := testMapping()
		m.RolesClaim, m.MerchantClaim = roles, merchant
		return m
	}
	reviewer, admin, merchant := cloudtag.RoleReviewer, cloudtag.RoleAdmin, cloudtag.RoleMerchant
	for name, test := range map[string]struct {
		mapping  ClaimMapping
		claims   map[string]any
		roles    []cloudtag.Role // nil: refused
		merchant cloudtag.MerchantID
	}{
		"a list":                           {mapped("roles", "merchant_id"), map[string]any{"roles": []any{"risk-team", "unknown"}}, []cloudtag.Role{reviewer}, ""},
		"a text":                           {mapped("roles", "merchant_id"), map[string]any{"roles": "risk-team"}, []cloudtag.Role{reviewer}, ""},
		"a text of several":                {mapped("roles", "merchant_id"), map[string]any{"roles": "risk-team leads"}, nil, ""},
		"several roles":                    {mapped("roles", "merchant_id"), map[string]any{"roles": []any{"leads", "risk-team", "leads"}}, []cloudtag.Role{reviewer, admin}, ""},
		"a path":                           {mapped("realm_access.roles", "merchant_id"), map[string]any{"realm_access": map[string]any{"roles": []any{"risk-team"}}}, []cloudtag.Role{reviewer}, ""},
		"a claim named by URL":             {mapped(byURL, "merchant_id"), map[string]any{byURL: []any{"risk-team"}}, []cloudtag.Role{reviewer}, ""},
		"a path through what is no object": {mapped("roles.x", "merchant_id"), map[string]any{"roles": []any{"risk-team"}}, nil, ""},
		"what is no text":                  {mapped("roles", "merchant_id"), map[string]any{"roles": []any{1, nil, "risk-team", map[string]any{}}}, []cloudtag.Role{reviewer}, ""},
		"a shop":                           {mapped("roles", "ext.shop"), map[string]any{"roles": []any{"shops"}, "ext": map[string]any{"shop": "m-1"}}, []cloudtag.Role{merchant}, "m-1"},
		"a shop of no merchant":            {mapped("roles", "shop"), map[string]any{"roles": []any{"risk-team"}, "shop": "m-1"}, []cloudtag.Role{reviewer}, ""},
		"a shop by another claim":          {mapped("roles", "shop"), map[string]any{"roles": []any{"shops"}, "merchant_id": "m-1"}, nil, ""},
		"nothing":                          {mapped("roles", "shop"), map[string]any{}, nil, ""},
	} {
		caller, err := test.mapping.caller(test.claims)
		if (err == nil) != (test.roles != nil) {
			t.Errorf("%s: %+v, %v", name, caller, err)
			continue
		}
		if err == nil && (!reflect.DeepEqual(caller.Roles, test.roles) || caller.MerchantID != test.merchant) {
			t.Errorf("%s: %+v", name, caller)
		}
	}
}

// A token is checked by what its algorithm is for, and by nothing else.
func TestByAlgorithm(t *testing.T) {
	s := signers()
	secretOnly := NewSharedSecret([]byte(secret), Names{}, fixedClock(now), tokenIDs())
	provider := testProvider(t, now, testMapping())
	own, err := secretOnly.Sign(cloudtag.Caller{Subject: "ann", Roles: []cloudtag.Role{cloudtag.RoleAuditor}}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	theirs := issued(t, jwt.SigningMethodRS256, s.rsa, map[string]any{"kid": "r1"}, nil)
	none := issued(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil, nil)
	for name, test := range map[string]struct {
		verifier    Verifier
		own, theirs bool
	}{
		"both":     {ByAlgorithm{Secret: secretOnly, Provider: provider}, true, true},
		"secret":   {ByAlgorithm{Secret: secretOnly}, true, false},
		"provider": {ByAlgorithm{Provider: provider}, false, true},
		"nobody":   {ByAlgorithm{}, false, false},
	} {
		for token, good := range map[string]bool{own: test.own, theirs: test.theirs, none: false, "": false, "a.b.c": false} {
			_, err := test.verifier.Verify(t.Context(), token)
			if good && err != nil || !good && cloudtag.CodeOf(err) != cloudtag.CodeUnauthenticated {
				t.Errorf("%s: %.20s: %v, want good %t", name, token, err, good)
			}
		}
	}
}
