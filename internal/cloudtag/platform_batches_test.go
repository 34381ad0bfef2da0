package cloudtag_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

func TestDecideAllDecidesCasesIndependently(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	var rulings []CaseRuling
	for i := range 40 {
		buyer := BuyerID(fmt.Sprintf("b-%02d", i))
		o.submitOne("A", buyer)
		o.submitOne("B", buyer)
		id := NewCaseID(testScenario, buyer)
		rulings = append(rulings, CaseRuling{id, Ruling{Decision: DecisionReject, Reason: "r", ExpectedVersion: o.store.cases()[id].Version}})
	}
	rulings = append(rulings, rulings[7]) // again: the case has changed
	rulings[3].Reason = ""
	rulings[5].CaseID = "RETURN_SWAPPED:nobody"
	rulings[9].ExpectedVersion--
	want := map[int]Code{3: CodeReasonRequired, 5: CodeNotFound, 9: CodeConflict, 40: CodeConflict}

	reviewer := person("rev", RoleReviewer)
	results, err := o.reviews.DecideAll(ctx, reviewer, rulings)
	if err != nil || len(results) != len(rulings) {
		t.Fatalf("%d results, %v", len(results), err)
	}
	for i, result := range results {
		if CodeOf(result.Err) != want[i] {
			t.Errorf("ruling %d: %v, want %q", i, result.Err, want[i])
		}
		if want[i] == "" && (result.Case.ID != rulings[i].CaseID || result.Case.State != CaseRejected) {
			t.Errorf("ruling %d: %+v", i, result.Case)
		}
	}
	if _, err := o.reviews.DecideAll(ctx, reviewer, make([]CaseRuling, MaxRulings+1)); CodeOf(err) != CodeBadInput {
		t.Errorf("too many: %v", err)
	}
	if _, err := o.reviews.DecideAll(ctx, person("aud", RoleAuditor), nil); CodeOf(err) != CodeForbidden {
		t.Errorf("an auditor: %v", err)
	}
}

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

func TestAbilities(t *testing.T) {
	o := newOffice(t)
	records := NewRecords(o.store, o.clock)
	revoked := o.store.merchants()["B"]
	revoked.Permission = PermissionRevoked
	o.store.put(o.store.kinds.Merchants, revoked)
	tests := map[string]struct {
		caller Caller
		want   Abilities
	}{
		"a shop":         {shopCaller("A"), Abilities{SubmitTags: true, RestrictBuyers: true, SeeWebhooks: true, ManageWebhooks: true}},
		"a revoked shop": {shopCaller("B"), Abilities{RestrictBuyers: true, SeeWebhooks: true, ManageWebhooks: true}},
		"a reviewer":     {person("r", RoleReviewer), Abilities{SeeCases: true, Decide: true, SeeBuyers: true, ReadLog: true, ShareViews: true}},
		"an administrator": {person("a", RoleAdmin), Abilities{
			SeeCases: true, Decide: true, Administrate: true, Lead: true, SeeBuyers: true, ReadLog: true, ShareViews: true, SeeWebhooks: true, ManageWebhooks: true,
		}},
		"an auditor": {person("u", RoleAuditor), Abilities{SeeCases: true, SeeBuyers: true, ReadLog: true, SeeWebhooks: true}},
		"a service":  {platform(), Abilities{SeeBuyers: true, ImportData: true, ServeClaims: true, SeeWebhooks: true, ManageWebhooks: true}},
		"nobody":     {Caller{}, Abilities{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got, err := records.Abilities(t.Context(), test.caller); err != nil || got != test.want {
				t.Errorf("%+v, want %+v: %v", got, test.want, err)
			}
		})
	}
}

func TestMayDecide(t *testing.T) {
	reviewer, auditor := person("rev", RoleReviewer), person("aud", RoleAuditor)
	waiting := Case{Handling: HandlingPending}
	held := Case{Handling: HandlingPending, Claim: &Claim{By: "ann", Until: start.Add(time.Minute)}}
	tests := []struct {
		name string
		may  bool
		want bool
	}{
		{"a reviewer, a waiting case", waiting.MayDecide(reviewer, start), true},
		{"an auditor, a waiting case", waiting.MayDecide(auditor, start), false},
		{"a reviewer, a handled case", Case{Handling: HandlingHandled}.MayDecide(reviewer, start), false},
		{"the holder", held.MayDecide(person("ann", RoleReviewer), start), true},
		{"somebody else", held.MayDecide(reviewer, start), false},
		{"somebody else once the claim has ended", held.MayDecide(reviewer, start.Add(time.Minute)), true},
	}
	for _, test := range tests {
		if test.may != test.want {
			t.Errorf("%s: %t", test.name, test.may)
		}
	}
	undo := Case{Version: 4, Undo: &Undo{By: "rev", Until: start.Add(time.Second), Version: 4}}
	if until, ok := undo.UndoableUntil("rev", start); !ok || !until.Equal(start.Add(time.Second)) {
		t.Errorf("the author: %v %t", until, ok)
	}
	if _, ok := undo.UndoableUntil("ann", start); ok {
		t.Error("somebody else takes a decision back")
	}
	if _, ok := undo.UndoableUntil("rev", start.Add(2*time.Second)); ok {
		t.Error("the window has no end")
	}
	undo.Version++
	if _, ok := undo.UndoableUntil("rev", start); ok {
		t.Error("a change since does not end the window")
	}
}
