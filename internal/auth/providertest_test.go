package auth

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"maps"
	"sync"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"

	"github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"
)

// signers are keys of every kind, made once: RSA keys take long.
var signers = sync.OnceValue(func() (all struct {
	rsa, otherRSA, short *rsa.PrivateKey
	p256, p384           *ecdsa.PrivateKey
	ed                   ed25519.PrivateKey
},
) {
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	var err error
	all.rsa, err = rsa.GenerateKey(rand.Reader, 2048)
	must(err)
	all.otherRSA, err = rsa.GenerateKey(rand.Reader, 2048)
	must(err)
	all.short, err = rsa.GenerateKey(rand.Reader, 2040)
	must(err)
	all.p256, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	all.p384, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	must(err)
	_, all.ed, err = ed25519.GenerateKey(rand.Reader)
	must(err)
	return all
})

// jwk is a key as a provider publishes it, with members changed; nil leaves one out.
func jwk(t testing.TB, key any, id string, changes ...map[string]any) map[string]any {
	t.Helper()
	if signer, private := key.(crypto.Signer); private {
		key = signer.Public()
	}
	encoded, err := json.Marshal(jose.JSONWebKey{Key: key, KeyID: id, Use: "sig"})
	if err != nil {
		t.Fatal(err)
	}
	members := map[string]any{}
	if err := json.Unmarshal(encoded, &members); err != nil {
		t.Fatal(err)
	}
	for _, change := range changes {
		maps.Copy(members, change)
	}
	maps.DeleteFunc(members, func(_ string, value any) bool { return value == nil })
	return members
}

func keySet(t testing.TB, keys ...map[string]any) []byte {
	t.Helper()
	document, err := json.Marshal(map[string]any{"keys": keys})
	if err != nil {
		t.Fatal(err)
	}
	return document
}

func parsed(t testing.TB, keys ...map[string]any) *Keys {
	t.Helper()
	set, err := ParseKeys(keySet(t, keys...))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// fixedKeys are keys that never change.
type fixedKeys struct{ *Keys }

// Key implements [KeyFinder].
func (k fixedKeys) Key(_ context.Context, name KeyName) (any, error) {
	if key, known := k.find(name); known {
		return key, nil
	}
	return nil, errUnknownKey(name)
}

// issued is a token of a provider's: claims and header members are changed; nil leaves one out.
func issued(t testing.TB, method jwt.SigningMethod, key any, header, changes map[string]any) string {
	t.Helper()
	content := jwt.MapClaims{
		"iss": "https://id.example.com", "aud": []string{"account", "cloudtag"}, "sub": "li", "roles": []string{"risk-team"},
		"jti": "token-7", "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}
	token := jwt.NewWithClaims(method, content)
	for members, changed := range map[*map[string]any]map[string]any{&token.Header: header, (*map[string]any)(&content): changes} {
		maps.Copy(*members, changed)
		maps.DeleteFunc(*members, func(_ string, value any) bool { return value == nil })
	}
	signed, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

var providerNames = Names{Issuer: "https://id.example.com", Audience: "cloudtag"}

func testMapping() ClaimMapping {
	return ClaimMapping{RolesClaim: "roles", MerchantClaim: "merchant_id", Roles: map[string][]cloudtag.Role{
		"risk-team": {cloudtag.RoleReviewer}, "leads": {cloudtag.RoleAdmin, cloudtag.RoleReviewer}, "shops": {cloudtag.RoleMerchant},
	}}
}
