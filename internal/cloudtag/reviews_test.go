package cloudtag_test

import (
	"context"
	"fmt"
	"testing"

	. "cloudtag/internal/cloudtag"
)

// office is a market with the reviewers' service.
type office struct {
	*market
	reviews *Reviews
}

func newOffice(t *testing.T) *office {
	m := newMarket(t)
	ids := IDFunc(func() string { m.ids++; return fmt.Sprintf("doc-%d", m.ids) })
	return &office{market: m, reviews: NewReviews(m.store, m.clock, ids)}
}

func TestAStaleDecisionReturnsTheCurrentCase(t *testing.T) {
	o, ctx := newOffice(t), context.Background()
	o.submitOne("A", "b-1")
	o.submitOne("B", "b-1")
	id := NewCaseID(testScenario, "b-1")
	version := o.store.cases()[id].Version
	o.submitOne("B", "b-1")
	got, err := o.reviews.Decide(ctx, person("rev", RoleReviewer), id, Ruling{Decision: DecisionReject, Reason: "r", ExpectedVersion: version})
	if CodeOf(err) != CodeConflict || got.Version != version+1 {
		t.Errorf("version %d, %v", got.Version, err)
	}
	if _, err := o.reviews.Decide(ctx, person("aud", RoleAuditor), id, Ruling{Reason: "r"}); CodeOf(err) != CodeForbidden {
		t.Errorf("an auditor decides: %v", err)
	}
	if _, err := o.reviews.Decide(ctx, person("rev", RoleReviewer), id, Ruling{}); CodeOf(err) != CodeReasonRequired {
		t.Errorf("no reason: %v", err)
	}
}

func TestVoidTag(t *testing.T) {
	o, ctx := newOffice(t), context.Background()
	order := o.submitOne("A", "b-1")
	reviewer := person("rev", RoleReviewer)
	if got, err := o.reviews.VoidTag(ctx, reviewer, order, "entered by mistake"); err != nil || got.Status != TagVoided {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := o.reviews.VoidTag(ctx, reviewer, order, "again"); CodeOf(err) != CodeInvalidState {
		t.Errorf("twice: %v", err)
	}
	if _, err := o.reviews.VoidTag(ctx, reviewer, "404", "r"); CodeOf(err) != CodeNotFound {
		t.Errorf("unknown: %v", err)
	}
}

// The service knows the shop by the caller.
func TestReviewsPassTheReviewersShop(t *testing.T) {
	o := newOffice(t)
	o.submitOne("A", "b-2")
	o.submitOne("B", "b-2")
	id := NewCaseID(testScenario, "b-2")
	c := o.store.cases()[id]
	both := Caller{Subject: "ann", Roles: []Role{RoleReviewer, RoleMerchant}, MerchantID: "A"}
	if _, err := o.reviews.Decide(t.Context(), both, id, Ruling{Decision: DecisionReject, Reason: "r", ExpectedVersion: c.Version}); CodeOf(err) != CodeSamePerson {
		t.Errorf("a case with tags of the own shop: %v", err)
	}
	both.MerchantID = "D"
	if _, err := o.reviews.Decide(t.Context(), both, id, Ruling{Decision: DecisionReject, Reason: "r", ExpectedVersion: c.Version}); err != nil {
		t.Errorf("a case without: %v", err)
	}
}

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
