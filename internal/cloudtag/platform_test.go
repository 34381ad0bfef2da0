package cloudtag_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

// office is a market with the platform's services.
type office struct {
	*market
	restrictions *Restrictions
	reviews      *Reviews
}

func newOffice(t *testing.T) *office {
	m := newMarket(t)
	ids := IDFunc(func() string { m.ids++; return fmt.Sprintf("doc-%d", m.ids) })
	return &office{
		market: m, restrictions: NewRestrictions(m.store, m.clock, ids),
		reviews: NewReviews(m.store, m.clock, ids),
	}
}

// confirmed creates a confirmed case of freight insurance arbitrage and returns its orders.
func (o *office) confirmed(buyer BuyerID) []OrderNo {
	o.t.Helper()
	var orders []OrderNo
	for _, shop := range []MerchantID{"A", "B", "C"} {
		order := o.order(shop, buyer)
		_, err := o.tagging.Submit(o.t.Context(), shopCaller(shop), SubmitInput{
			OrderNos: []OrderNo{order}, Scenario: FreightInsuranceScenario, IdempotencyKey: "k" + string(order),
		})
		if err != nil {
			o.t.Fatal(err)
		}
		orders = append(orders, order)
	}
	return orders
}

func TestRestrictions(t *testing.T) {
	o, ctx := newOffice(t), context.Background()
	order := o.order("A", "b-1")
	reviewer, shop := person("rev", RoleReviewer), shopCaller("A")
	modes := []RestrictionMode{ModeNoOrdering, ModeNoOrdering}
	if _, err := o.restrictions.Restrict(ctx, shop, order, nil, "why"); CodeOf(err) != CodeBadInput {
		t.Errorf("no modes: %v", err)
	}
	if _, err := o.restrictions.Restrict(ctx, shop, order, modes, ""); CodeOf(err) != CodeReasonRequired {
		t.Errorf("no description: %v", err)
	}
	if _, err := o.restrictions.Restrict(ctx, shopCaller("B"), order, modes, "why"); CodeOf(err) != CodeOrderNotFound {
		t.Errorf("another shop's order: %v", err)
	}
	restriction, err := o.restrictions.Restrict(ctx, shop, order, modes, "空包裹")
	if err != nil || restriction.State != RestrictionPending || len(restriction.Modes) != 1 || !restriction.DecideBy.Equal(start.Add(24*time.Hour)) {
		t.Fatalf("%+v, %v", restriction, err)
	}
	if _, err := o.restrictions.Restrict(ctx, shop, order, modes, "again"); CodeOf(err) != CodeInvalidState {
		t.Errorf("a second one by the same order: %v", err)
	}
	// Two orders of one account get the same answers as two of different accounts.
	for _, other := range []OrderNo{o.order("A", "b-1"), o.order("A", "b-2")} {
		second, err := o.restrictions.Restrict(ctx, shop, other, modes, "another order")
		if err != nil || second.State != RestrictionPending {
			t.Errorf("by another order: %+v, %v", second, err)
		}
	}
	if _, err := o.restrictions.Decide(ctx, shop, restriction.ID, true, "r"); CodeOf(err) != CodeForbidden {
		t.Errorf("the shop decides itself: %v", err)
	}
	if got, err := o.restrictions.Decide(ctx, reviewer, restriction.ID, true, "justified"); err != nil || got.State != RestrictionActive {
		t.Errorf("approved: %+v, %v", got, err)
	}
	if _, err := o.restrictions.Decide(ctx, reviewer, restriction.ID, false, "no"); CodeOf(err) != CodeInvalidState {
		t.Errorf("decided twice: %v", err)
	}
	if _, err := o.restrictions.Lift(ctx, shopCaller("B"), restriction.ID); CodeOf(err) != CodeNotFound {
		t.Errorf("lifted by another shop: %v", err)
	}
	if got, err := o.restrictions.Lift(ctx, shop, restriction.ID); err != nil || got.State != RestrictionLifted {
		t.Errorf("lifted: %+v, %v", got, err)
	}
	if _, err := o.restrictions.Lift(ctx, shop, restriction.ID); CodeOf(err) != CodeInvalidState {
		t.Errorf("lifted twice: %v", err)
	}
	if own, err := o.restrictions.List(ctx, shop, RestrictionQuery{}); err != nil || len(own) != 3 {
		t.Errorf("own list: %d, %v", len(own), err)
	}
	if foreign, err := o.restrictions.List(ctx, shopCaller("B"), RestrictionQuery{}); err != nil || len(foreign) != 0 {
		t.Errorf("another shop's list: %d, %v", len(foreign), err)
	}
	for caller, want := range map[*Caller]Code{
		{Subject: "s", Roles: []Role{RoleMerchant}, MerchantID: "A"}: "", {Subject: "s", Roles: []Role{RoleMerchant}, MerchantID: "B"}: CodeNotFound,
		{Subject: "a", Roles: []Role{RoleAuditor}}: "", {Subject: "p", Roles: []Role{RolePlatform}}: "", {}: CodeNotFound,
	} {
		if got, err := o.restrictions.Find(ctx, *caller, restriction.ID); CodeOf(err) != want || want == "" && got.ID != restriction.ID {
			t.Errorf("%v finds %+v, %v", caller, got, err)
		}
	}
	if _, err := o.restrictions.List(ctx, shop, RestrictionQuery{BuyerID: "b-1"}); CodeOf(err) != CodeForbidden {
		t.Errorf("a shop asks by account: %v", err)
	}
}

func TestSuccessNeverRestricts(t *testing.T) {
	o := newOffice(t)
	o.confirmed("b-1")
	if got, err := o.restrictions.List(t.Context(), person("aud", RoleAuditor), RestrictionQuery{}); err != nil || len(got) != 0 {
		t.Errorf("%d restrictions, %v", len(got), err)
	}
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
