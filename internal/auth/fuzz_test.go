package auth

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"strings"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"

	"github.com/golang-jwt/jwt/v5"
)

// FuzzVerify changes tokens in every way: nobody gets in with anything but a token as it was signed.
func FuzzVerify(f *testing.F) {
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	verifier := at(now)
	signed, err := verifier.Sign(cloudtag.Caller{Subject: "li", Roles: []cloudtag.Role{cloudtag.RoleReviewer}}, time.Hour)
	if err != nil {
		f.Fatal(err)
	}
	parts := strings.Split(signed, ".")
	for _, seed := range []string{
		signed, "", "..", signed + ".", "eyJhbGciOiJub25lIn0." + parts[1] + ".", parts[0] + "." + parts[1] + ".",
		"eyJhbGciOiJIUzUxMiJ9." + parts[1] + "." + parts[2], "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ." + parts[1] + "." + parts[2],
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		session, err := verifier.Verify(t.Context(), token)
		switch {
		case err == nil && token != signed:
			t.Errorf("%q signs in %+v", token, session.Caller)
		case err != nil && cloudtag.CodeOf(err) != cloudtag.CodeUnauthenticated:
			t.Errorf("%q: %v", token, err)
		}
	})
}

// FuzzProviderVerify changes tokens of an identity provider in every way: nobody gets in with anything but a token as it
// was signed.
func FuzzProviderVerify(f *testing.F) {
	s := signers()
	provider := ByAlgorithm{Provider: testProvider(f, now, testMapping())}
	good := map[string]bool{}
	for kid, key := range map[string]struct {
		method jwt.SigningMethod
		key    any
	}{"r1": {jwt.SigningMethodRS256, s.rsa}, "e1": {jwt.SigningMethodES256, s.p256}, "d1": {jwt.SigningMethodEdDSA, s.ed}} {
		signed := issued(f, key.method, key.key, map[string]any{"kid": kid}, nil)
		parts := strings.Split(signed, ".")
		good[signed] = true
		for _, seed := range []string{signed, signed + ".", parts[0] + "." + parts[1] + ".", "eyJhbGciOiJub25lIn0." + parts[1] + ".", "eyJhbGciOiJIUzI1NiIsImtpZCI6InIxIn0." + parts[1] + "." + parts[2]} {
			f.Add(seed)
		}
	}
	f.Fuzz(func(t *testing.T, token string) {
		session, err := provider.Verify(t.Context(), token)
		switch {
		case err == nil && !good[token]:
			t.Errorf("%q signs in %+v", token, session.Caller)
		case err != nil && cloudtag.CodeOf(err) != cloudtag.CodeUnauthenticated:
			t.Errorf("%q: %v", token, err)
		}
	})
}

// FuzzParseKeys reads JWK Sets of any content: what is taken can verify, is public and is not weak.
func FuzzParseKeys(f *testing.F) {
	s := signers()
	all := []map[string]any{jwk(f, s.rsa, "r"), jwk(f, s.p256, "e"), jwk(f, s.ed, "d"), jwk(f, s.short, "s"), jwk(f, s.p384, "p")}
	f.Add(keySet(f, all...))
	for _, key := range all {
		f.Add(keySet(f, key))
		key["d"], key["x5c"], key["key_ops"] = "AQAB", []string{"AQAB"}, []string{"verify"}
		f.Add(keySet(f, key))
	}
	f.Add([]byte(`{"keys":[{"kty":"oct","k":"AQAB","kid":"r"},{"kty":"RSA","n":"","e":""},null,[]]}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		keys, err := ParseKeys(document)
		if err != nil {
			return
		}
		if len(keys.Usable) == 0 || len(keys.Usable) > maxKeys {
			t.Fatalf("%d usable keys and no error", len(keys.Usable))
		}
		for _, name := range keys.Usable {
			key, known := keys.find(name)
			switch public := key.(type) {
			case *rsa.PublicKey:
				known = known && name.Algorithm == "RS256" && public.N.BitLen() >= leastRSABits && public.E%2 == 1
			case *ecdsa.PublicKey:
				_, offCurve := public.ECDH()
				known = known && name.Algorithm == "ES256" && offCurve == nil && public.Curve == elliptic.P256()
			case ed25519.PublicKey:
				known = known && name.Algorithm == "EdDSA" && len(public) == ed25519.PublicKeySize
			default:
				t.Fatalf("%v is a %T", name, key)
			}
			if !known && name.ID != "" {
				t.Errorf("%v: %v", name, key)
			}
			_ = jwt.GetSigningMethod(name.Algorithm).Verify("a.b", make([]byte, 64), key) // no panic, whatever the key
		}
	})
}
