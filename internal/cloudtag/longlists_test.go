package cloudtag_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

// more is how many records these tests create: more than the limit of lists without pages.
const more = 1205

// walk reads all pages of a list, 100 at a time.
func walk[T any](t *testing.T, read func(PageRequest) (Page[T], error)) []T {
	t.Helper()
	var all []T
	hundred := 100
	for request := (PageRequest{First: &hundred}); ; {
		page, err := read(request)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page.Items...)
		if !page.HasNextPage {
			return all
		}
		request.After = page.Cursors[len(page.Cursors)-1]
	}
}

// Lists end at 1,000 records; pages have all of them, in the same order.
func TestPagesContinueBeyondListLimits(t *testing.T) {
	store, clock := newShelf(t), &stillClock{now: start}
	t.Run("linked pairs", func(t *testing.T) {
		collusion, reviewer := NewCollusion(store, clock), person("rita", RoleReviewer)
		for n := range more { // those with most in common are stored last, by their names
			pair := PairCounts{A: MerchantID(fmt.Sprintf("a-%04d", n)), B: "b", Common: 5 + n/3, BuyersOfA: 9, BuyersOfB: 9, Buyers: 10_000}
			if err := SaveLinkedPair(t.Context(), store, LinkedPair{PairCounts: pair, At: start}); err != nil {
				t.Fatal(err)
			}
		}
		var total int
		all := walk(t, func(request PageRequest) (page Page[LinkedPair], err error) {
			page, total, err = collusion.Page(t.Context(), reviewer, request)
			return page, err
		})
		listed, err := collusion.List(t.Context(), reviewer)
		if err != nil || len(all) != more || total != more || len(listed) != 1000 || !slices.Equal(listed, all[:1000]) {
			t.Fatalf("%d in pages of %d, %d listed (%v)", len(all), total, len(listed), err)
		}
		if !slices.IsSortedFunc(all, func(a, b LinkedPair) int { return b.Common - a.Common }) || all[0].A != "a-1204" {
			t.Error("the pairs with most in common don't come first")
		}
		if _, _, err := collusion.Page(t.Context(), person("shop", RoleMerchant), PageRequest{}); CodeOf(err) != CodeForbidden {
			t.Errorf("a shop: %v", err)
		}
	})
	t.Run("revocations of tokens", func(t *testing.T) {
		ids := 0
		service := NewTokenRevocations(store, clock, IDFunc(func() string { ids++; return fmt.Sprintf("r-%04d", ids) }))
		auditor := person("aude", RoleAuditor)
		for n := range more {
			clock.now = clock.now.Add(time.Millisecond)
			if _, err := service.Revoke(t.Context(), person("ann", RoleAdmin), RevokeTokensInput{TokenID: fmt.Sprint(n), Reason: "r"}); err != nil {
				t.Fatal(err)
			}
		}
		all := walk(t, func(request PageRequest) (Page[TokenRevocation], error) {
			return service.Page(t.Context(), auditor, request)
		})
		listed, err := service.List(t.Context(), auditor)
		count, countErr := service.Count(t.Context(), auditor)
		if err != nil || countErr != nil || len(all) != more || count != more || !slices.Equal(listed, all[:1000]) {
			t.Errorf("%d in pages of %d, %d listed (%v, %v)", len(all), count, len(listed), err, countErr)
		}
		if all[0].TokenID != fmt.Sprint(more-1) || all[more-1].TokenID != "0" {
			t.Errorf("from %s to %s", all[0].TokenID, all[more-1].TokenID)
		}
		if _, err := service.Page(t.Context(), person("rita", RoleReviewer), PageRequest{}); CodeOf(err) != CodeForbidden {
			t.Errorf("a reviewer: %v", err)
		}
		if _, err := service.Count(t.Context(), person("rita", RoleReviewer)); CodeOf(err) != CodeForbidden {
			t.Errorf("a reviewer: %v", err)
		}
	})
}
