package command

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
)

func TestTokenIsWhatTheServerAccepts(t *testing.T) {
	tokens := auth.NewSharedSecret([]byte("0123456789abcdef0123456789abcdef"), auth.Names{}, fixedClock(now), cloudtag.IDFunc(func() string { return "t-1" }))
	tests := []struct {
		settings config.Token
		want     cloudtag.Caller
	}{
		{config.Token{Role: []string{"REVIEWER"}, Subject: "li", TTL: time.Hour}, cloudtag.Caller{Subject: "li", Roles: []cloudtag.Role{"REVIEWER"}}},
		{config.Token{Role: []string{"MERCHANT"}, Merchant: "m-1", TTL: time.Hour}, cloudtag.Caller{Subject: "merchant-m-1", Roles: []cloudtag.Role{"MERCHANT"}, MerchantID: "m-1"}},
		{config.Token{Role: []string{"ADMIN", "AUDITOR"}, TTL: time.Hour}, cloudtag.Caller{Subject: "admin-auditor", Roles: []cloudtag.Role{"ADMIN", "AUDITOR"}}},
	}
	for _, test := range tests {
		streams := capture("")
		if err := Token(&test.settings, tokens, streams.Streams); err != nil {
			t.Fatal(err)
		}
		session, err := tokens.Verify(context.Background(), strings.TrimSuffix(streams.out.String(), "\n"))
		if err != nil || !reflect.DeepEqual(session.Caller, test.want) || session.TokenID == "" {
			t.Errorf("%+v: %+v, %v", test.settings, session, err)
		}
	}
	if err := Token(&config.Token{Role: []string{"ADMIN"}, Subject: "system:engine", TTL: time.Hour}, tokens, capture("").Streams); err == nil {
		t.Error("a token was signed for a reserved subject")
	}
}
