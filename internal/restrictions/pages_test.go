package restrictions_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"cloudtag/internal/appeals"
	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/restrictions"
	"cloudtag/internal/revocations"
)

// manyRestrictions stores 1,203 restrictions of three shops in every state, in random order, and returns them
// in the order of lists: those under review by due time, then the latest requested.
func manyRestrictions(t *testing.T, o *Office) []restrictions.Restriction {
	t.Helper()
	states := []restrictions.State{restrictions.Lifted, restrictions.Pending, restrictions.Declined, restrictions.Pending, restrictions.Active}
	var all []restrictions.Restriction
	for n := range 1203 {
		at := Start.Add(time.Duration(n*7919%1203) * time.Minute)
		restriction := restrictions.Restriction{
			ID: fmt.Sprintf("r-%04d", n), Version: 1, MerchantID: MerchantID("ABC"[n%3]), BuyerID: BuyerID(fmt.Sprintf("b-%d", n)),
			State: states[n%5], RequestedAt: at, DecideBy: at.Add(restrictions.ReviewWithin),
		}
		if err := restrictions.Save(t.Context(), o.Store, restriction); err != nil {
			t.Fatal(err)
		}
		all = append(all, restriction)
	}
	slices.SortFunc(all, func(a, b restrictions.Restriction) int {
		pendingA, pendingB := a.State == restrictions.Pending, b.State == restrictions.Pending
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
	o := NewOffice(t)
	all := manyRestrictions(t, o)
	reviewer := Person("rita", RoleReviewer)
	for name, test := range map[string]struct {
		caller Caller
		query  restrictions.Query
		want   func(restrictions.Restriction) bool
	}{
		"all":                {reviewer, restrictions.Query{}, func(restrictions.Restriction) bool { return true }},
		"an auditor's":       {Person("aud", RoleAuditor), restrictions.Query{State: restrictions.Pending}, func(r restrictions.Restriction) bool { return r.State == restrictions.Pending }},
		"a shop's own":       {ShopCaller("B"), restrictions.Query{}, func(r restrictions.Restriction) bool { return r.MerchantID == "B" }},
		"a shop's in effect": {ShopCaller("B"), restrictions.Query{State: restrictions.Active}, func(r restrictions.Restriction) bool { return r.MerchantID == "B" && r.State == restrictions.Active }},
		"of an account":      {Platform(), restrictions.Query{BuyerID: "b-8"}, func(r restrictions.Restriction) bool { return r.BuyerID == "b-8" }},
		"of an account by another shop": {reviewer, restrictions.Query{BuyerID: "b-8", MerchantID: "A"}, func(r restrictions.Restriction) bool {
			return r.BuyerID == "b-8" && r.MerchantID == "A"
		}},
	} {
		want := slices.DeleteFunc(slices.Clone(all), func(r restrictions.Restriction) bool { return !test.want(r) })
		for _, backward := range []bool{false, true} {
			got := readRestrictions(t, o, test.caller, test.query, backward)
			if !slices.Equal(identifiers(got), identifiers(want)) {
				t.Errorf("%s, backward %t: %d, want %d: %v", name, backward, len(got), len(want), identifiers(got))
			}
		}
		if count, err := o.Restrictions.Count(t.Context(), test.caller, test.query); err != nil || count != len(want) {
			t.Errorf("%s: counted %d, %v, want %d", name, count, err, len(want))
		}
		list, err := o.Restrictions.List(t.Context(), test.caller, test.query)
		if err != nil || !slices.Equal(identifiers(list), identifiers(want[:min(1000, len(want))])) {
			t.Errorf("%s: a list of %d, %v", name, len(list), err)
		}
	}
	for name, test := range map[string]struct {
		caller Caller
		query  restrictions.Query
	}{
		"a shop by account":   {ShopCaller("A"), restrictions.Query{BuyerID: "b-1"}},
		"a shop of another's": {ShopCaller("A"), restrictions.Query{MerchantID: "B"}},
		"nobody":              {Caller{}, restrictions.Query{}},
	} {
		_, err := o.Restrictions.Page(t.Context(), test.caller, test.query, PageRequest{})
		_, failure := o.Restrictions.Count(t.Context(), test.caller, test.query)
		if CodeOf(err) != CodeForbidden || CodeOf(failure) != CodeForbidden {
			t.Errorf("%s: %v, %v", name, err, failure)
		}
	}
}

// A cursor is valid for its own list only, and stays valid when its record has changed its rank.
func TestDocumentCursorsStayValid(t *testing.T) {
	o := NewOffice(t)
	all := manyRestrictions(t, o)
	reviewer, two := Person("rita", RoleReviewer), 2
	page, err := o.Restrictions.Page(t.Context(), reviewer, restrictions.Query{}, PageRequest{First: &two})
	if err != nil {
		t.Fatal(err)
	}
	for name, list := range map[string]func(PageRequest) error{
		"appeals": func(r PageRequest) error {
			_, err := o.Appeals.Page(t.Context(), reviewer, appeals.Query{}, r)
			return err
		},
		"revocations": func(r PageRequest) error {
			_, err := o.Revocations.Page(t.Context(), reviewer, revocations.Query{}, r)
			return err
		},
		"shops": func(r PageRequest) error {
			_, err := NewRecords(o.Store, o.Clock).MerchantPage(t.Context(), reviewer, MerchantFilter{}, r)
			return err
		},
		"cases": func(r PageRequest) error {
			_, err := NewRecords(o.Store, o.Clock).CasePage(t.Context(), reviewer, CaseFilter{}, CasesByPriorityDesc, r)
			return err
		},
	} {
		if err := list(PageRequest{After: page.Cursors[1]}); CodeOf(err) != CodeBadInput {
			t.Errorf("a cursor of restrictions for %s: %v", name, err)
		}
	}
	if _, err := o.Restrictions.Decide(t.Context(), reviewer, page.Items[1].ID, false, "no"); err != nil {
		t.Fatal(err)
	}
	next, err := o.Restrictions.Page(t.Context(), reviewer, restrictions.Query{}, PageRequest{First: &two, After: page.Cursors[1]})
	if err != nil || !slices.Equal(identifiers(next.Items), identifiers(all[2:4])) {
		t.Errorf("behind one that was decided: %v, %v", identifiers(next.Items), err)
	}
}

// readRestrictions reads a list page by page, in the list's order.
func readRestrictions(t *testing.T, o *Office, caller Caller, query restrictions.Query, backward bool) (read []restrictions.Restriction) {
	t.Helper()
	size := MaxPageSize
	request := PageRequest{First: &size}
	if backward {
		request = PageRequest{Last: &size}
	}
	for {
		page, err := o.Restrictions.Page(t.Context(), caller, query, request)
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

func identifiers(restrictions []restrictions.Restriction) []string {
	ids := make([]string, len(restrictions))
	for i, restriction := range restrictions {
		ids[i] = restriction.ID
	}
	return ids
}
