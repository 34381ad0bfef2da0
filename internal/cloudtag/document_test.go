package cloudtag_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

// manyRestrictions stores 1,203 restrictions of three shops in every state, in random order, and returns them
// in the order of lists: those under review by due time, then the latest requested.
func manyRestrictions(t *testing.T, o *office) []Restriction {
	t.Helper()
	states := []RestrictionState{RestrictionLifted, RestrictionPending, RestrictionDeclined, RestrictionPending, RestrictionActive}
	var all []Restriction
	for n := range 1203 {
		at := start.Add(time.Duration(n*7919%1203) * time.Minute)
		restriction := Restriction{
			ID: fmt.Sprintf("r-%04d", n), Version: 1, MerchantID: MerchantID("ABC"[n%3]), BuyerID: BuyerID(fmt.Sprintf("b-%d", n)),
			State: states[n%5], RequestedAt: at, DecideBy: at.Add(RestrictionReviewWithin),
		}
		if err := SaveRestriction(t.Context(), o.store, restriction); err != nil {
			t.Fatal(err)
		}
		all = append(all, restriction)
	}
	slices.SortFunc(all, func(a, b Restriction) int {
		pendingA, pendingB := a.State == RestrictionPending, b.State == RestrictionPending
		switch {
		case pendingA && pendingB:
			return a.DecideBy.Compare(b.DecideBy)
		case pendingA:
			return -1
		case pendingB:
			return 1
		}
		return b.RequestedAt.Compare(a.RequestedAt)
	})
	return all
}

// Pages continue beyond the first 1,000 of a list; each caller gets the matching records that it may see.
func TestPagesOfRestrictions(t *testing.T) {
	o := newOffice(t)
	all := manyRestrictions(t, o)
	reviewer := person("rita", RoleReviewer)
	for name, test := range map[string]struct {
		caller Caller
		query  RestrictionQuery
		want   func(Restriction) bool
	}{
		"all":                {reviewer, RestrictionQuery{}, func(Restriction) bool { return true }},
		"an auditor's":       {person("aud", RoleAuditor), RestrictionQuery{State: RestrictionPending}, func(r Restriction) bool { return r.State == RestrictionPending }},
		"a shop's own":       {shopCaller("B"), RestrictionQuery{}, func(r Restriction) bool { return r.MerchantID == "B" }},
		"a shop's in effect": {shopCaller("B"), RestrictionQuery{State: RestrictionActive}, func(r Restriction) bool { return r.MerchantID == "B" && r.State == RestrictionActive }},
		"of an account":      {platform(), RestrictionQuery{BuyerID: "b-8"}, func(r Restriction) bool { return r.BuyerID == "b-8" }},
		"of an account by another shop": {reviewer, RestrictionQuery{BuyerID: "b-8", MerchantID: "A"}, func(r Restriction) bool {
			return r.BuyerID == "b-8" && r.MerchantID == "A"
		}},
	} {
		want := slices.DeleteFunc(slices.Clone(all), func(r Restriction) bool { return !test.want(r) })
		for _, backward := range []bool{false, true} {
			got := readRestrictions(t, o, test.caller, test.query, backward)
			if !slices.Equal(identifiers(got), identifiers(want)) {
				t.Errorf("%s, backward %t: %d, want %d: %v", name, backward, len(got), len(want), identifiers(got))
			}
		}
		if count, err := o.restrictions.Count(t.Context(), test.caller, test.query); err != nil || count != len(want) {
			t.Errorf("%s: counted %d, %v, want %d", name, count, err, len(want))
		}
		list, err := o.restrictions.List(t.Context(), test.caller, test.query)
		if err != nil || !slices.Equal(identifiers(list), identifiers(want[:min(1000, len(want))])) {
			t.Errorf("%s: a list of %d, %v", name, len(list), err)
		}
	}
	for name, test := range map[string]struct {
		caller Caller
		query  RestrictionQuery
	}{
		"a shop by account":   {shopCaller("A"), RestrictionQuery{BuyerID: "b-1"}},
		"a shop of another's": {shopCaller("A"), RestrictionQuery{MerchantID: "B"}},
		"nobody":              {Caller{}, RestrictionQuery{}},
	} {
		_, err := o.restrictions.Page(t.Context(), test.caller, test.query, PageRequest{})
		_, failure := o.restrictions.Count(t.Context(), test.caller, test.query)
		if CodeOf(err) != CodeForbidden || CodeOf(failure) != CodeForbidden {
			t.Errorf("%s: %v, %v", name, err, failure)
		}
	}
}

// A cursor is valid for its own list only, and stays valid when its record has changed its rank.
func TestDocumentCursorsStayValid(t *testing.T) {
	o := newOffice(t)
	all := manyRestrictions(t, o)
	reviewer, two := person("rita", RoleReviewer), 2
	page, err := o.restrictions.Page(t.Context(), reviewer, RestrictionQuery{}, PageRequest{First: &two})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (PageRequest{After: page.Cursors[1]}).LogSlice(t.Context(), o.store); CodeOf(err) != CodeBadInput {
		t.Errorf("a cursor of restrictions for the log: %v", err)
	}
	if _, err := o.restrictions.Decide(t.Context(), reviewer, page.Items[1].ID, false, "no"); err != nil {
		t.Fatal(err)
	}
	next, err := o.restrictions.Page(t.Context(), reviewer, RestrictionQuery{}, PageRequest{First: &two, After: page.Cursors[1]})
	if err != nil || !slices.Equal(identifiers(next.Items), identifiers(all[2:4])) {
		t.Errorf("behind one that was decided: %v, %v", identifiers(next.Items), err)
	}
}

// Documents that wait come before all others, whatever their times.
func TestRanksPutWaitingDocumentsFirst(t *testing.T) {
	first, last := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	if ranks := []int64{DueFirst(first), DueFirst(last), LatestFirst(last), LatestFirst(time.Time{})}; !slices.IsSorted(ranks) {
		t.Errorf("out of order: %v", ranks)
	}
}

// readRestrictions reads a list page by page, in the list's order.
func readRestrictions(t *testing.T, o *office, caller Caller, query RestrictionQuery, backward bool) (read []Restriction) {
	t.Helper()
	size := MaxPageSize
	request := PageRequest{First: &size}
	if backward {
		request = PageRequest{Last: &size}
	}
	for {
		page, err := o.restrictions.Page(t.Context(), caller, query, request)
		if err != nil {
			t.Fatal(err)
		}
		if backward {
			read = append(page.Items, read...)
		} else {
			read = append(read, page.Items...)
		}
		switch {
		case backward && page.HasPreviousPage:
			request.Before = page.Cursors[0]
		case !backward && page.HasNextPage:
			request.After = page.Cursors[len(page.Cursors)-1]
		default:
			return read
		}
	}
}

func identifiers(restrictions []Restriction) []string {
	ids := make([]string, len(restrictions))
	for i, restriction := range restrictions {
		ids[i] = restriction.ID
	}
	return ids
}
