package auth

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/cloudtagtest"
)

func TestRevokedTokens(t *testing.T) {
	store, clock, ids := cloudtagtest.NewStore(t), &cloudtagtest.TestClock{Time: now}, 0
	revoker := NewRevoker(store, clock, cloudtag.IDFunc(func() string { ids++; return fmt.Sprintf("r-%d", ids) }))
	admin, ctx := cloudtagtest.Person("ann", cloudtag.RoleAdmin), t.Context()
	revoke := func(in RevokeInput) TokenRevocation {
		t.Helper()
		revocation, err := revoker.Revoke(ctx, admin, in)
		if err != nil {
			t.Fatal(err)
		}
		return revocation
	}
	clock.Time = now.Add(-time.Millisecond)
	one := revoke(RevokeInput{TokenID: "t-1", Reason: "lost phone"})
	clock.Time = now
	all := revoke(RevokeInput{Subject: "li", Reason: "left"})
	if one.RevokedBy != "ann" || !one.RevokedAt.Equal(now.Add(-time.Millisecond)) || !one.NotBefore.IsZero() || !all.NotBefore.Equal(now.Add(30*time.Second)) {
		t.Errorf("%+v, %+v", one, all)
	}
	listed, err := revoker.List(ctx, cloudtagtest.Person("aud", cloudtag.RoleAuditor))
	if err != nil || len(listed) != 2 || listed[0] != all || listed[1] != one {
		t.Errorf("%+v, %v", listed, err)
	}

	revoked := newRevokedSet()
	if revoked.has(sessionOf("li", "", time.Time{})) {
		t.Error("revoked before the log was read")
	}
	entries, _, err := store.LogPage(ctx, cloudtag.LogFilter{Subject: revokedTokens}, cloudtag.Slice{Limit: 10})
	if err != nil || len(entries) != 2 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	if entries[0].Actor != "ann" || entries[0].Action != cloudtag.ActionTokensRevoked || entries[0].Reason != "lost phone" ||
		entries[0].Subject("token") != "t-1" || entries[1].Subject("subject") != "li" {
		t.Errorf("%+v", entries)
	}
	for range 2 { // idempotent
		for _, entry := range []cloudtag.Entry{entries[1], entries[0]} {
			if _, err := revoked.apply(entry); err != nil {
				t.Fatal(err)
			}
		}
	}
	covers, err := revoked.apply(entries[0])
	if err != nil || !covers(sessionOf("x", "t-1", time.Time{})) || covers(sessionOf("li", "t-2", time.Time{})) || covers(sessionOf("", "", time.Time{})) {
		t.Errorf("covers other tokens than it should: %v", err)
	}
	for name, test := range map[string]struct {
		session Session
		revoked bool
	}{
		"the token":                       {sessionOf("x", "t-1", now.Add(time.Hour)), true},
		"another token":                   {sessionOf("x", "t-2", now), false},
		"a token without identifier":      {sessionOf("x", "", now), false},
		"the subject's, of before":        {sessionOf("li", "t-3", now.Add(-time.Hour)), true},
		"the subject's, by a clock ahead": {sessionOf("li", "t-3", now.Add(30*time.Second-1)), true},
		"the subject's, of after":         {sessionOf("li", "t-4", now.Add(30*time.Second)), false},
		"the subject's, without a time":   {sessionOf("li", "t-5", time.Time{}), true},
		"a subject that begins alike":     {sessionOf("li2", "t-6", now.Add(-time.Hour)), false},
		"nobody's, without a time":        {sessionOf("", "", time.Time{}), false},
		"an identifier that is a subject": {sessionOf("x", "li", now), false},
		"a subject that is an identifier": {sessionOf("t-1", "x", now), false},
	} {
		if got := revoked.has(test.session); got != test.revoked {
			t.Errorf("%s: revoked %t", name, got)
		}
	}
	clock.Time = now.Add(-time.Hour) // an earlier revocation of the same subject that is read later
	revoke(RevokeInput{Subject: "li", Reason: "clock"})
	entries, _, _ = store.LogPage(ctx, cloudtag.LogFilter{Subject: revokedTokens}, cloudtag.Slice{Limit: 10})
	if _, err := revoked.apply(entries[2]); err != nil || !revoked.has(sessionOf("li", "", now)) || len(revoked.subjects) != 1 {
		t.Errorf("the later revocation is forgotten: %v, %d subjects", err, len(revoked.subjects))
	}
	for _, broken := range []string{"", "null x", `{"tokenId":7}`} {
		if _, err := revoked.apply(cloudtag.Entry{After: []byte(broken)}); err == nil {
			t.Errorf("%q is no error", broken)
		}
	}
}

func TestRevokeTokensRejectsInvalidInput(t *testing.T) {
	store := cloudtagtest.NewStore(t)
	revoker := NewRevoker(store, &cloudtagtest.TestClock{Time: now}, cloudtag.IDFunc(func() string { return "r" }))
	good := RevokeInput{Subject: "li", Reason: "left"}
	for _, other := range []cloudtag.Caller{cloudtagtest.Person("r", cloudtag.RoleReviewer), cloudtagtest.Person("a", cloudtag.RoleAuditor), cloudtagtest.Platform(), cloudtagtest.ShopCaller("A"), {}} {
		if _, err := revoker.Revoke(t.Context(), other, good); cloudtag.CodeOf(err) != cloudtag.CodeForbidden {
			t.Errorf("%v revokes: %v", other, err)
		}
		if _, err := revoker.List(t.Context(), other); (cloudtag.CodeOf(err) != cloudtag.CodeForbidden) != other.Has(cloudtag.RoleAuditor) {
			t.Errorf("%v lists: %v", other, err)
		}
	}
	for name, test := range map[string]struct {
		in   RevokeInput
		code cloudtag.Code
	}{
		"neither":            {RevokeInput{Reason: "r"}, cloudtag.CodeBadInput},
		"both":               {RevokeInput{Subject: "li", TokenID: "t", Reason: "r"}, cloudtag.CodeBadInput},
		"a long subject":     {RevokeInput{Subject: strings.Repeat("王", 43), Reason: "r"}, cloudtag.CodeBadInput},
		"control characters": {RevokeInput{TokenID: "a\x00", Reason: "r"}, cloudtag.CodeBadInput},
		"no reason":          {RevokeInput{TokenID: "a"}, cloudtag.CodeReasonRequired},
		"a long reason":      {RevokeInput{TokenID: "a", Reason: strings.Repeat("r", 1001)}, cloudtag.CodeReasonRequired},
	} {
		if _, err := revoker.Revoke(t.Context(), cloudtagtest.Person("ann", cloudtag.RoleAdmin), test.in); cloudtag.CodeOf(err) != test.code {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
	}
	if last, _ := store.LastSeq(t.Context()); last != 0 {
		t.Errorf("%d entries of refused calls", last)
	}
}

// Lists end at 1,000 records; pages have all of them, in the same order.
func TestPagesOfTokenRevocations(t *testing.T) {
	const more = 1205 // than the limit of lists without pages
	store, clock, ids := cloudtagtest.NewStore(t), &cloudtagtest.TestClock{Time: now}, 0
	revoker := NewRevoker(store, clock, cloudtag.IDFunc(func() string { ids++; return fmt.Sprintf("r-%04d", ids) }))
	auditor := cloudtagtest.Person("aude", cloudtag.RoleAuditor)
	for n := range more {
		clock.Time = clock.Time.Add(time.Millisecond)
		if _, err := revoker.Revoke(t.Context(), cloudtagtest.Person("ann", cloudtag.RoleAdmin), RevokeInput{TokenID: fmt.Sprint(n), Reason: "r"}); err != nil {
			t.Fatal(err)
		}
	}
	var all []TokenRevocation
	hundred := 100
	for request, next := (cloudtag.PageRequest{First: &hundred}), true; next; {
		page, err := revoker.Page(t.Context(), auditor, request)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page.Items...)
		request.After, next = page.Cursors[len(page.Cursors)-1], page.HasNextPage
	}
	listed, err := revoker.List(t.Context(), auditor)
	count, countErr := revoker.Count(t.Context(), auditor)
	if err != nil || countErr != nil || len(all) != more || count != more || !slices.Equal(listed, all[:1000]) {
		t.Errorf("%d in pages of %d, %d listed (%v, %v)", len(all), count, len(listed), err, countErr)
	}
	if all[0].TokenID != fmt.Sprint(more-1) || all[more-1].TokenID != "0" {
		t.Errorf("from %s to %s", all[0].TokenID, all[more-1].TokenID)
	}
	if _, err := revoker.Page(t.Context(), cloudtagtest.Person("rita", cloudtag.RoleReviewer), cloudtag.PageRequest{}); cloudtag.CodeOf(err) != cloudtag.CodeForbidden {
		t.Errorf("a reviewer: %v", err)
	}
	if _, err := revoker.Count(t.Context(), cloudtagtest.Person("rita", cloudtag.RoleReviewer)); cloudtag.CodeOf(err) != cloudtag.CodeForbidden {
		t.Errorf("a reviewer: %v", err)
	}
}
