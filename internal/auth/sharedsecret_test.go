package auth

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"

	"github.com/golang-jwt/jwt/v5"
)

// fixedClock stands still.
type fixedClock time.Time

func (c fixedClock) Now() time.Time { return time.Time(c) }

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// tokenIDs names tokens t-1, t-2, …
func tokenIDs() cloudtag.IDSource {
	last := 0
	return cloudtag.IDFunc(func() string { last++; return fmt.Sprintf("t-%d", last) })
}

const secret = "0123456789abcdef0123456789abcdef"

func at(t time.Time) *SharedSecret {
	return NewSharedSecret([]byte(secret), Names{}, fixedClock(t), tokenIDs())
}

func TestTokenRoundTrip(t *testing.T) {
	names := Names{Issuer: "https://id.example.com", Audience: "cloudtag"}
	callers := map[string]cloudtag.Caller{
		"merchant":  {Subject: "li", Roles: []cloudtag.Role{cloudtag.RoleMerchant}, MerchantID: "m-1"},
		"two roles": {Subject: "王", Roles: []cloudtag.Role{cloudtag.RoleReviewer, cloudtag.RoleAdmin}},
		"service":   {Subject: "claims", Roles: []cloudtag.Role{cloudtag.RolePlatform}},
	}
	for name, caller := range callers {
		t.Run(name, func(t *testing.T) {
			signer := NewSharedSecret([]byte(secret), names, fixedClock(now), tokenIDs())
			token, err := signer.Sign(caller, time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			session, err := signer.Verify(context.Background(), token)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(session.Caller, caller) {
				t.Errorf("caller %+v, want %+v", session.Caller, caller)
			}
			if want := now.Add(time.Hour + 30*time.Second); !session.ExpiresAt.Equal(want) {
				t.Errorf("expires at %s, want %s", session.ExpiresAt, want)
			}
		})
	}
}

// Names in tokens are exact: those that differ in case are others, and none may occur twice.
func TestNamesInTokensAreExact(t *testing.T) {
	const header = `{"alg":"HS256","typ":"JWT"}`
	past, coming := now.Add(-time.Hour).Unix(), now.Add(time.Hour).Unix()
	for claims, valid := range map[string]bool{
		fmt.Sprintf(`{"sub":"li","roles":["ADMIN"],"exp":%d}`, coming):                                                true,
		fmt.Sprintf(`{"sub":"li","roles":["ADMIN"],"exp":%d,"EXP":%d}`, coming, past):                                 true,
		fmt.Sprintf(`{"sub":"li","roles":["ADMIN"],"exp":%d,"EXP":%d}`, past, coming):                                 false,
		fmt.Sprintf(`{"sub":"li","roles":["ADMIN"],"EXP":%d}`, coming):                                                false,
		fmt.Sprintf(`{"sub":"li","roles":["ADMIN"],"exp":%d,"exp":%d}`, coming, coming):                               false,
		fmt.Sprintf(`{"sub":"li","Roles":["ADMIN"],"exp":%d}`, coming):                                                false,
		fmt.Sprintf(`{"Sub":"li","roles":["ADMIN"],"exp":%d}`, coming):                                                false,
		fmt.Sprintf(`{"sub":"li","roles":["MERCHANT"],"merchant_id":"m","MERCHANT_ID":"n","exp":%d}`, coming):         true,
		fmt.Sprintf(`{"sub":"li","roles":["MERCHANT"],"merchant_id":"m","merchant_id":"n","exp":%d}`, coming):         false,
		fmt.Sprintf(`{"sub":"li","roles":["ADMIN"],"exp":%d,"nbf":%d,"NBF":%d,"iat":%d}`, coming, past, coming, past): true,
	} {
		session, err := at(now).Verify(t.Context(), signText(t, header, claims))
		if (err == nil) != valid {
			t.Errorf("%s: %+v, %v", claims, session, err)
		}
		if shop := session.Caller.MerchantID; shop != "" && shop != "m" {
			t.Errorf("%s: of the shop %s", claims, shop)
		}
	}
	good := fmt.Sprintf(`{"sub":"li","roles":["ADMIN"],"exp":%d}`, coming)
	for _, header := range []string{`{"alg":"HS256","alg":"HS256"}`, `{"alg":"HS256","typ":"JWT","typ":"logout+jwt"}`, `{"ALG":"HS256"}`} {
		if session, err := at(now).Verify(t.Context(), signText(t, header, good)); err == nil {
			t.Errorf("%s: %+v", header, session)
		}
	}
}

// signText signs a header and claims as they are written.
func signText(t *testing.T, header, claims string) string {
	t.Helper()
	encode := base64.RawURLEncoding.EncodeToString
	signed := encode([]byte(header)) + "." + encode([]byte(claims))
	signature, err := jwt.SigningMethodHS256.Sign(signed, []byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	return signed + "." + encode(signature)
}

func TestSignRefusesWhatVerifyWould(t *testing.T) {
	for name, caller := range map[string]cloudtag.Caller{
		"no subject":       {Roles: []cloudtag.Role{cloudtag.RoleAdmin}},
		"reserved subject": {Subject: "system:engine", Roles: []cloudtag.Role{cloudtag.RoleAdmin}},
		"no role":          {Subject: "li"},
		"unknown role":     {Subject: "li", Roles: []cloudtag.Role{"OWNER"}},
		"no merchant":      {Subject: "li", Roles: []cloudtag.Role{cloudtag.RoleMerchant}},
	} {
		t.Run(name, func(t *testing.T) {
			if token, err := at(now).Sign(caller, time.Hour); err == nil {
				t.Errorf("signed %s", token)
			}
		})
	}
}

// sign makes a token of any claims, as somebody else's software might.
func sign(t *testing.T, method jwt.SigningMethod, key any, content map[string]any) string {
	t.Helper()
	token, err := jwt.NewWithClaims(method, jwt.MapClaims(content)).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestVerifyRefuses(t *testing.T) {
	good := func(changes map[string]any) map[string]any {
		content := map[string]any{
			"sub": "li", "roles": []string{"REVIEWER"},
			"iat": now.Unix(), "exp": now.Add(time.Hour).Unix(), "iss": "us", "aud": "here",
		}
		for key, value := range changes {
			if value == nil {
				delete(content, key)
				continue
			}
			content[key] = value
		}
		return content
	}
	hs256 := func(changes map[string]any) string {
		return sign(t, jwt.SigningMethodHS256, []byte(secret), good(changes))
	}
	whole := hs256(nil)
	tests := []struct{ name, token, says string }{
		{"nothing", "", "not valid"},
		{"no token", "abc", "not valid"},
		{"expired", hs256(map[string]any{"exp": now.Add(-31 * time.Second).Unix()}), "expired"},
		{"no expiry", hs256(map[string]any{"exp": nil}), "not valid"},
		{"issued in the future", hs256(map[string]any{"iat": now.Add(time.Minute).Unix()}), "not valid"},
		{"not yet", hs256(map[string]any{"nbf": now.Add(time.Minute).Unix()}), "not valid"},
		{"alg none", sign(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, good(nil)), "not valid"},
		{"alg HS512", sign(t, jwt.SigningMethodHS512, []byte(secret), good(nil)), "not valid"},
		{"another secret", sign(t, jwt.SigningMethodHS256, []byte(secret+"x"), good(nil)), "not valid"},
		{"expired with another secret", sign(t, jwt.SigningMethodHS256, []byte("x"), good(map[string]any{"exp": 1})), "not valid"},
		{"another issuer", hs256(map[string]any{"iss": "them"}), "not valid"},
		{"no audience", hs256(map[string]any{"aud": nil}), "not valid"},
		{"unknown role", hs256(map[string]any{"roles": []string{"REVIEWER", "ROOT"}}), "not valid"},
		{"no roles", hs256(map[string]any{"roles": nil}), "not valid"},
		{"roles of another form", hs256(map[string]any{"roles": "REVIEWER"}), "not valid"},
		{"no subject", hs256(map[string]any{"sub": nil}), "not valid"},
		{"the product's name", hs256(map[string]any{"sub": "system:engine"}), "not valid"},
		{"merchant without shop", hs256(map[string]any{"roles": []string{"MERCHANT"}}), "not valid"},
		{"shop without merchant", hs256(map[string]any{"merchant_id": "m-1"}), "not valid"},
		{"cut short", whole[:len(whole)-2], "not valid"},
		{"claims swapped", swapClaims(t, whole), "not valid"},
	}
	verifier := NewSharedSecret([]byte(secret), Names{Issuer: "us", Audience: "here"}, fixedClock(now), tokenIDs())
	if _, err := verifier.Verify(context.Background(), whole); err != nil {
		t.Fatalf("the unchanged token is refused: %v", err)
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			session, err := verifier.Verify(context.Background(), test.token)
			var refusal *cloudtag.Error
			if !errors.As(err, &refusal) {
				t.Fatalf("got %+v, %v", session, err)
			}
			if refusal.Code != cloudtag.CodeUnauthenticated || !strings.Contains(refusal.Message.EN, test.says) {
				t.Errorf("refused with %s %q, want %q", refusal.Code, refusal.Message.EN, test.says)
			}
			if refusal.Message.ZH == "" {
				t.Error("no Chinese message")
			}
		})
	}
}

// swapClaims gives a token's signature to other claims.
func swapClaims(t *testing.T, token string) string {
	t.Helper()
	parts := strings.Split(token, ".")
	content, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var c map[string]any
	if err := json.Unmarshal(content, &c); err != nil {
		t.Fatal(err)
	}
	c["roles"] = []string{"ADMIN"}
	if content, err = json.Marshal(c); err != nil {
		t.Fatal(err)
	}
	parts[1] = base64.RawURLEncoding.EncodeToString(content)
	return strings.Join(parts, ".")
}

func TestClocksMayDiffer(t *testing.T) {
	token, err := at(now).Sign(cloudtag.Caller{Subject: "li", Roles: []cloudtag.Role{cloudtag.RoleAuditor}}, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		after time.Duration
		good  bool
	}{{-31 * time.Second, false}, {-29 * time.Second, true}, {89 * time.Second, true}, {91 * time.Second, false}} {
		if _, err := at(now.Add(test.after)).Verify(context.Background(), token); (err == nil) != test.good {
			t.Errorf("%s after issue: %v, want good %t", test.after, err, test.good)
		}
	}
}

func TestBearerToken(t *testing.T) {
	tests := []struct {
		header, token string
	}{
		{"Bearer abc", "abc"},
		{"bearer  abc ", "abc"},
		{"Basic abc", ""},
		{"Bearer", ""},
		{"Bearer ", ""},
		{"abc", ""},
		{"", ""},
		{"Bearer " + strings.Repeat("x", 8<<10+1), ""},
	}
	for _, test := range tests {
		token, err := BearerToken(test.header)
		if token != test.token || (err == nil) != (test.token != "") {
			t.Errorf("%.20q: %.20q, %v", test.header, token, err)
		}
		if err != nil && cloudtag.CodeOf(err) != cloudtag.CodeUnauthenticated {
			t.Errorf("%.20q: code %s", test.header, cloudtag.CodeOf(err))
		}
	}
}

// While a secret is replaced, tokens signed with either are accepted; new ones are signed with the new secret alone.
func TestSecretsAreReplacedWithoutRefusals(t *testing.T) {
	caller := cloudtag.Caller{Subject: "li", Roles: []cloudtag.Role{cloudtag.RoleReviewer}}
	sign := func(signer *SharedSecret) string {
		token, err := signer.Sign(caller, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	old := at(now)
	replaced := NewSharedSecret([]byte("another secret, of thirty-two bytes"), Names{}, fixedClock(now), tokenIDs())
	both := replaced.Accepting([]byte(secret))
	foreign := NewSharedSecret([]byte("a third secret of at least 32 bytes"), Names{}, fixedClock(now), tokenIDs())
	for name, test := range map[string]struct {
		verifier *SharedSecret
		token    string
		accepted bool
	}{
		"old token during the change":    {both, sign(old), true},
		"new token during the change":    {both, sign(both), true},
		"new token, without the old one": {replaced, sign(both), true},
		"old token after the change":     {replaced, sign(old), false},
		"new token before the change":    {old, sign(both), false},
		"foreign token":                  {both, sign(foreign), false},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := test.verifier.Verify(t.Context(), test.token); (err == nil) != test.accepted {
				t.Errorf("%v, accepted should be %v", err, test.accepted)
			}
		})
	}
}
