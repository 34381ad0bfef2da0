package cloudtag_test

import (
	"slices"
	"testing"

	. "cloudtag/internal/cloudtag"
)

func TestCasesAmongPagesThroughGivenCases(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	records := NewRecords(o.store, o.clock)
	var ids []CaseID
	for _, buyer := range []BuyerID{"a", "b", "c", "d", "e"} {
		o.submitOne("A", buyer)
		ids = append(ids, NewCaseID(testScenario, buyer))
	}
	reviewer, two := person("rev", RoleReviewer), 2
	read := func(request PageRequest) ([]CaseID, Page[Case]) {
		t.Helper()
		page, err := records.CasesAmong(ctx, reviewer, ids, request)
		if err != nil {
			t.Fatal(err)
		}
		var got []CaseID
		for _, c := range page.Items {
			got = append(got, c.ID)
		}
		return got, page
	}
	first, page := read(PageRequest{First: &two})
	if !slices.Equal(first, ids[:2]) || !page.HasNextPage || page.HasPreviousPage {
		t.Errorf("first page %v, %+v", first, page)
	}
	second, page := read(PageRequest{First: &two, After: page.Cursors[1]})
	if !slices.Equal(second, ids[2:4]) || !page.HasNextPage || !page.HasPreviousPage {
		t.Errorf("second page %v, %+v", second, page)
	}
	back, before := read(PageRequest{Last: &two, Before: page.Cursors[0]})
	if !slices.Equal(back, ids[:2]) || before.HasPreviousPage || !before.HasNextPage {
		t.Errorf("back %v, %+v", back, before)
	}
	last, page := read(PageRequest{First: &two, After: page.Cursors[1]})
	if !slices.Equal(last, ids[4:]) || page.HasNextPage {
		t.Errorf("last page %v, %+v", last, page)
	}
	if _, err := records.CasesAmong(ctx, reviewer, ids, PageRequest{After: LogPlace{Seq: 1}.Cursor()}); CodeOf(err) != CodeBadInput {
		t.Errorf("a foreign cursor: %v", err)
	}
	if _, err := records.CasesAmong(ctx, shopCaller("A"), ids, PageRequest{}); CodeOf(err) != CodeForbidden {
		t.Errorf("a merchant: %v", err)
	}
}
