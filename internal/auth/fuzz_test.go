package auth

import (
	"strings"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
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
