package cloudtag_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

func TestRevokedTokens(t *testing.T) {
	store, clock, ids := newShelf(t), &stillClock{now: start}, 0
	service := NewTokenRevocations(store, clock, IDFunc(func() string { ids++; return fmt.Sprintf("r-%d", ids) }))
	admin, ctx := person("ann", RoleAdmin), t.Context()
	revoke := func(in RevokeTokensInput) TokenRevocation {
		t.Helper()
		revocation, err := service.Revoke(ctx, admin, in)
		if err != nil {
			t.Fatal(err)
		}
		return revocation
	}
	clock.now = start.Add(-time.Millisecond)
	one := revoke(RevokeTokensInput{TokenID: "t-1", Reason: "lost phone"})
	clock.now = start
	all := revoke(RevokeTokensInput{Subject: "li", Reason: "left"})
	if one.RevokedBy != "ann" || !one.RevokedAt.Equal(start.Add(-time.Millisecond)) || !one.NotBefore.IsZero() || !all.NotBefore.Equal(start.Add(30*time.Second)) {
		t.Errorf("%+v, %+v", one, all)
	}
	listed, err := service.List(ctx, person("aud", RoleAuditor))
	if err != nil || len(listed) != 2 || listed[0] != all || listed[1] != one {
		t.Errorf("%+v, %v", listed, err)
	}

	revoked := NewRevokedTokens()
	if revoked.Has(Token{Subject: "li"}) {
		t.Error("revoked before the log was read")
	}
	entries, _, err := store.LogPage(ctx, LogFilter{Subject: TokenTopic()}, Slice{Limit: 10})
	if err != nil || len(entries) != 2 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	if entries[0].Actor != "ann" || entries[0].Action != ActionTokensRevoked || entries[0].Reason != "lost phone" ||
		entries[0].Subject("token") != "t-1" || entries[1].Subject("subject") != "li" {
		t.Errorf("%+v", entries)
	}
	for range 2 { // idempotent
		for _, entry := range []Entry{entries[1], entries[0]} {
			if _, err := revoked.Apply(entry); err != nil {
				t.Fatal(err)
			}
		}
	}
	covers, err := revoked.Apply(entries[0])
	if err != nil || !covers(Token{ID: "t-1", Subject: "x"}) || covers(Token{ID: "t-2", Subject: "li"}) || covers(Token{Subject: ""}) {
		t.Errorf("covers other tokens than it should: %v", err)
	}
	for name, test := range map[string]struct {
		token   Token
		revoked bool
	}{
		"the token":                       {Token{ID: "t-1", Subject: "x", IssuedAt: start.Add(time.Hour)}, true},
		"another token":                   {Token{ID: "t-2", Subject: "x", IssuedAt: start}, false},
		"a token without identifier":      {Token{Subject: "x", IssuedAt: start}, false},
		"the subject's, of before":        {Token{ID: "t-3", Subject: "li", IssuedAt: start.Add(-time.Hour)}, true},
		"the subject's, by a clock ahead": {Token{ID: "t-3", Subject: "li", IssuedAt: start.Add(30*time.Second - 1)}, true},
		"the subject's, of after":         {Token{ID: "t-4", Subject: "li", IssuedAt: start.Add(30 * time.Second)}, false},
		"the subject's, without a time":   {Token{ID: "t-5", Subject: "li"}, true},
		"a subject that begins alike":     {Token{ID: "t-6", Subject: "li2", IssuedAt: start.Add(-time.Hour)}, false},
		"nobody's, without a time":        {Token{}, false},
		"an identifier that is a subject": {Token{ID: "li", Subject: "x", IssuedAt: start}, false},
		"a subject that is an identifier": {Token{ID: "x", Subject: "t-1", IssuedAt: start}, false},
	} {
		if got := revoked.Has(test.token); got != test.revoked {
			t.Errorf("%s: revoked %t", name, got)
		}
	}
	clock.now = start.Add(-time.Hour) // an earlier revocation of the same subject that is read later
	revoke(RevokeTokensInput{Subject: "li", Reason: "clock"})
	entries, _, _ = store.LogPage(ctx, LogFilter{Subject: TokenTopic()}, Slice{Limit: 10})
	if _, err := revoked.Apply(entries[2]); err != nil || !revoked.Has(Token{Subject: "li", IssuedAt: start}) || revoked.Len() != 2 {
		t.Errorf("the later revocation is forgotten: %v, %d", err, revoked.Len())
	}
	for _, broken := range []string{"", "null x", `{"tokenId":7}`} {
		if _, err := revoked.Apply(Entry{After: []byte(broken)}); err == nil {
			t.Errorf("%q is no error", broken)
		}
	}
}

func TestRevokeTokensRejectsInvalidInput(t *testing.T) {
	store := newShelf(t)
	service := NewTokenRevocations(store, &stillClock{now: start}, IDFunc(func() string { return "r" }))
	good := RevokeTokensInput{Subject: "li", Reason: "left"}
	for _, other := range []Caller{person("r", RoleReviewer), person("a", RoleAuditor), platform(), shopCaller("A"), {}} {
		if _, err := service.Revoke(t.Context(), other, good); CodeOf(err) != CodeForbidden {
			t.Errorf("%v revokes: %v", other, err)
		}
		if _, err := service.List(t.Context(), other); (CodeOf(err) != CodeForbidden) != other.Has(RoleAuditor) {
			t.Errorf("%v lists: %v", other, err)
		}
	}
	for name, test := range map[string]struct {
		in   RevokeTokensInput
		code Code
	}{
		"neither":            {RevokeTokensInput{Reason: "r"}, CodeBadInput},
		"both":               {RevokeTokensInput{Subject: "li", TokenID: "t", Reason: "r"}, CodeBadInput},
		"a long subject":     {RevokeTokensInput{Subject: strings.Repeat("王", 43), Reason: "r"}, CodeBadInput},
		"control characters": {RevokeTokensInput{TokenID: "a\x00", Reason: "r"}, CodeBadInput},
		"no reason":          {RevokeTokensInput{TokenID: "a"}, CodeReasonRequired},
		"a long reason":      {RevokeTokensInput{TokenID: "a", Reason: strings.Repeat("r", 1001)}, CodeReasonRequired},
	} {
		if _, err := service.Revoke(t.Context(), person("ann", RoleAdmin), test.in); CodeOf(err) != test.code {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
	}
	if last, _ := store.LastSeq(t.Context()); last != 0 {
		t.Errorf("%d entries of refused calls", last)
	}
}
