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
