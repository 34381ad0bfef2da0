package auth

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestParseKeysTakesWhatMayBeUsedAndNothingElse(t *testing.T) {
	s := signers()
	change := func(name string, value any) map[string]any { return map[string]any{name: value} }
	tests := []struct {
		name   string
		key    map[string]any
		usable string // its algorithm
		says   string // why it is ignored
	}{
		{"RSA", jwk(t, s.rsa, "k"), "RS256", ""},
		{"RSA of its algorithm", jwk(t, s.rsa, "k", change("alg", "RS256")), "RS256", ""},
		{"P-256", jwk(t, s.p256, "k"), "ES256", ""},
		{"Ed25519", jwk(t, s.ed, "k", change("alg", "EdDSA")), "EdDSA", ""},
		{"without use", jwk(t, s.rsa, "k", change("use", nil)), "RS256", ""},
		{"for verifying", jwk(t, s.rsa, "k", change("key_ops", []string{"verify"})), "RS256", ""},
		{"without an identifier", jwk(t, s.rsa, "", change("kid", nil)), "RS256", ""},
		{"for encryption", jwk(t, s.rsa, "k", change("use", "enc")), "", "use"},
		{"of no use", jwk(t, s.rsa, "k", change("use", "")), "", "use"},
		{"for encrypting", jwk(t, s.rsa, "k", change("key_ops", []string{"encrypt"})), "", "key_ops"},
		{"another algorithm of RSA", jwk(t, s.rsa, "k", change("alg", "RS512")), "", "RS256"},
		{"an algorithm for encryption", jwk(t, s.rsa, "k", change("alg", "RSA-OAEP")), "", "RS256"},
		{"a secret's algorithm", jwk(t, s.rsa, "k", change("alg", "HS256")), "", "RS256"},
		{"RSA of 2040 bits", jwk(t, s.short, "k"), "", "2040"},
		{"RSA with the exponent 1", jwk(t, s.rsa, "k", change("e", "AQ")), "", ""},
		{"RSA with an even exponent", jwk(t, s.rsa, "k", change("e", "Ag")), "", "e:"},
		{"RSA without a number", jwk(t, s.rsa, "k", change("n", nil)), "", "parameters"},
		{"P-384", jwk(t, s.p384, "k"), "", "P-256"},
		{"P-256 off its curve", jwk(t, s.p256, "k", change("x", strings.Repeat("A", 43))), "", "parameters"},
		{"X25519", jwk(t, s.ed, "k", change("crv", "X25519")), "", "curve"},
		{"a secret", map[string]any{"kty": "oct", "kid": "k", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA"}, "", "kty"},
		{"a private key", jwk(t, s.rsa, "k", change("d", "AQAB")), "", "private"},
		{"a type that claims another", jwk(t, s.p256, "k", change("kty", "RSA")), "", "parameters"},
		{"an identifier that is no text", jwk(t, s.rsa, "k", change("kid", 7)), "", "not a JSON Web Key"},
		{"a long identifier", jwk(t, s.rsa, strings.Repeat("k", 257)), "", "256"},
	}
	good := jwk(t, s.otherRSA, "other")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			keys, err := ParseKeys(keySet(t, good, test.key))
			if err != nil {
				t.Fatal(err)
			}
			if _, known := keys.find(KeyName{"other", "RS256"}); !known {
				t.Error("the key beside it is lost")
			}
			id, _ := test.key["kid"].(string)
			for _, algorithm := range keyAlgorithms() {
				if id == "" && algorithm == "RS256" {
					continue // without an identifier it is one of two of its algorithm
				}
				if _, known := keys.find(KeyName{id, algorithm}); known != (algorithm == test.usable) {
					t.Errorf("usable for %s: %t", algorithm, known)
				}
			}
			if test.usable != "" {
				if len(keys.Usable) != 2 || len(keys.Ignored) != 0 {
					t.Errorf("%+v, ignored %+v", keys.Usable, keys.Ignored)
				}
				return
			}
			if len(keys.Ignored) != 1 || !strings.Contains(keys.Ignored[0].Reason, test.says) {
				t.Errorf("ignored %+v, want %q", keys.Ignored, test.says)
			}
			if alone, err := ParseKeys(keySet(t, test.key)); err == nil {
				t.Errorf("alone: %+v", alone.Usable)
			}
		})
	}
}

func TestParseKeysRefuses(t *testing.T) {
	many := strings.TrimSuffix(strings.Repeat(`{},`, maxKeys+1), ",")
	for name, test := range map[string]struct{ document, says string }{
		"nothing": {"", "JWK Set"}, "text": {"<html>", "JWK Set"}, "a list": {"[]", "JWK Set"}, "a key alone": {`{"kty":"RSA"}`, "none of the 0"},
		"no keys": {`{"keys":[]}`, "none of the 0"}, "keys of another form": {`{"keys":{}}`, "JWK Set"}, "null": {"null", "none of the 0"},
		"101 keys": {`{"keys":[` + many + `]}`, "at most 100"}, "what is no key": {`{"keys":[null,1,"x",[]]}`, "none of the 4"},
	} {
		if keys, err := ParseKeys([]byte(test.document)); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %+v, %v; want %q", name, keys, err, test.says)
		}
	}
}

func TestKeysOfOneIdentifier(t *testing.T) {
	s := signers()
	same := parsed(t, jwk(t, s.rsa, "k"), jwk(t, s.rsa, "k"))
	if want := []KeyName{{"k", "RS256"}}; !reflect.DeepEqual(same.Usable, want) || len(same.Ignored) != 0 {
		t.Errorf("the same key twice: %+v, ignored %+v", same.Usable, same.Ignored)
	}
	kinds := parsed(t, jwk(t, s.rsa, "k"), jwk(t, s.p256, "k"))
	if want := []KeyName{{"k", "ES256"}, {"k", "RS256"}}; !reflect.DeepEqual(kinds.Usable, want) {
		t.Errorf("of two kinds: %+v", kinds.Usable)
	}
	several := parsed(t, jwk(t, s.rsa, "k"), jwk(t, s.otherRSA, "k"), jwk(t, s.rsa, "k"), jwk(t, s.ed, "e"))
	if want := []KeyName{{"e", "EdDSA"}}; !reflect.DeepEqual(several.Usable, want) || len(several.Ignored) != 1 || !strings.Contains(several.Ignored[0].Reason, "several keys") {
		t.Errorf("two different ones: %+v, ignored %+v", several.Usable, several.Ignored)
	}
}

func TestKeysWithoutIdentifier(t *testing.T) {
	s := signers()
	keys := parsed(t, jwk(t, s.rsa, "a"), jwk(t, s.otherRSA, "b"), jwk(t, s.p256, "c"))
	for algorithm, want := range map[string]bool{"RS256": false, "ES256": true, "EdDSA": false} {
		if _, known := keys.find(KeyName{Algorithm: algorithm}); known != want {
			t.Errorf("%s: found %t", algorithm, known)
		}
	}
}

func TestIgnoredKeysAreNotQuoted(t *testing.T) {
	_, err := ParseKeys(fmt.Appendf(nil, `{"keys":[{"kty":"RSA","kid":"k","n":%q,"e":"AQAB"}]}`, "not base64 !! hunter2"))
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("%v", err)
	}
}
