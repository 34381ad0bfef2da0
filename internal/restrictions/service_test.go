package restrictions_test

import (
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/restrictions"
)

func TestRestrictions(t *testing.T) {
	o, ctx := NewOffice(t), t.Context()
	order := o.PlaceOrder("A", "b-1")
	reviewer, shop := Person("rev", RoleReviewer), ShopCaller("A")
	modes := []restrictions.Mode{restrictions.ModeNoOrdering, restrictions.ModeNoOrdering}
	if _, err := o.Restrictions.Restrict(ctx, shop, order, nil, "why"); CodeOf(err) != CodeBadInput {
		t.Errorf("no modes: %v", err)
	}
	if _, err := o.Restrictions.Restrict(ctx, shop, order, modes, ""); CodeOf(err) != CodeReasonRequired {
		t.Errorf("no description: %v", err)
	}
	if _, err := o.Restrictions.Restrict(ctx, ShopCaller("B"), order, modes, "why"); CodeOf(err) != CodeOrderNotFound {
		t.Errorf("another shop's order: %v", err)
	}
	restriction, err := o.Restrictions.Restrict(ctx, shop, order, modes, "空包裹")
	if err != nil || restriction.State != restrictions.Pending || len(restriction.Modes) != 1 || !restriction.DecideBy.Equal(Start.Add(24*time.Hour)) {
		t.Fatalf("%+v, %v", restriction, err)
	}
	if _, err := o.Restrictions.Restrict(ctx, shop, order, modes, "again"); CodeOf(err) != CodeInvalidState {
		t.Errorf("a second one by the same order: %v", err)
	}
	// Two orders of one account get the same answers as two of different accounts.
	for _, other := range []OrderNo{o.PlaceOrder("A", "b-1"), o.PlaceOrder("A", "b-2")} {
		second, err := o.Restrictions.Restrict(ctx, shop, other, modes, "another order")
		if err != nil || second.State != restrictions.Pending {
			t.Errorf("by another order: %+v, %v", second, err)
		}
	}
	if _, err := o.Restrictions.Decide(ctx, shop, restriction.ID, true, "r"); CodeOf(err) != CodeForbidden {
		t.Errorf("the shop decides itself: %v", err)
	}
	if got, err := o.Restrictions.Decide(ctx, reviewer, restriction.ID, true, "justified"); err != nil || got.State != restrictions.Active {
		t.Errorf("approved: %+v, %v", got, err)
	}
	if _, err := o.Restrictions.Decide(ctx, reviewer, restriction.ID, false, "no"); CodeOf(err) != CodeInvalidState {
		t.Errorf("decided twice: %v", err)
	}
	if _, err := o.Restrictions.Lift(ctx, ShopCaller("B"), restriction.ID); CodeOf(err) != CodeNotFound {
		t.Errorf("lifted by another shop: %v", err)
	}
	if got, err := o.Restrictions.Lift(ctx, shop, restriction.ID); err != nil || got.State != restrictions.Lifted {
		t.Errorf("lifted: %+v, %v", got, err)
	}
	if _, err := o.Restrictions.Lift(ctx, shop, restriction.ID); CodeOf(err) != CodeInvalidState {
		t.Errorf("lifted twice: %v", err)
	}
	if own, err := o.Restrictions.List(ctx, shop, restrictions.Query{}); err != nil || len(own) != 3 {
		t.Errorf("own list: %d, %v", len(own), err)
	}
	if foreign, err := o.Restrictions.List(ctx, ShopCaller("B"), restrictions.Query{}); err != nil || len(foreign) != 0 {
		t.Errorf("another shop's list: %d, %v", len(foreign), err)
	}
	for caller, want := range map[*Caller]Code{
		{Subject: "s", Roles: []Role{RoleMerchant}, MerchantID: "A"}: "", {Subject: "s", Roles: []Role{RoleMerchant}, MerchantID: "B"}: CodeNotFound,
		{Subject: "a", Roles: []Role{RoleAuditor}}: "", {Subject: "p", Roles: []Role{RolePlatform}}: "", {}: CodeNotFound,
	} {
		if got, err := o.Restrictions.Find(ctx, *caller, restriction.ID); CodeOf(err) != want || want == "" && got.ID != restriction.ID {
			t.Errorf("%v finds %+v, %v", caller, got, err)
		}
	}
	if _, err := o.Restrictions.List(ctx, shop, restrictions.Query{BuyerID: "b-1"}); CodeOf(err) != CodeForbidden {
		t.Errorf("a shop asks by account: %v", err)
	}
}

func TestSuccessNeverRestricts(t *testing.T) {
	o := NewOffice(t)
	o.Confirmed("b-1")
	if got, err := o.Restrictions.List(t.Context(), Person("aud", RoleAuditor), restrictions.Query{}); err != nil || len(got) != 0 {
		t.Errorf("%d restrictions, %v", len(got), err)
	}
}

func TestRestrictionsOfManyAccountsAreReadAtOnce(t *testing.T) {
	o, ctx := NewOffice(t), t.Context()
	buyers := []BuyerID{"b-1", "b-2", "b-3"}
	for _, buyer := range buyers[:2] {
		if _, err := o.Restrictions.Restrict(ctx, ShopCaller("A"), o.PlaceOrder("A", buyer), restrictions.Modes(), "why"); err != nil {
			t.Fatal(err)
		}
	}
	found, err := o.Restrictions.Of(ctx, Platform(), buyers)
	if err != nil || len(found) != 2 || len(found["b-1"]) != 1 || len(found["b-2"]) != 1 || found["b-2"][0].BuyerID != "b-2" {
		t.Errorf("%+v, %v", found, err)
	}
	if _, err := o.Restrictions.Of(ctx, ShopCaller("A"), buyers); CodeOf(err) != CodeForbidden {
		t.Errorf("for a shop: %v", err)
	}
}

func TestMayDecide(t *testing.T) {
	reviewer := Person("rev", RoleReviewer)
	pending := restrictions.Restriction{State: restrictions.Pending}
	for name, test := range map[string]struct{ may, want bool }{
		"a reviewer":         {pending.MayDecide(reviewer), true},
		"an auditor":         {pending.MayDecide(Person("aud", RoleAuditor)), false},
		"once it is decided": {restrictions.Restriction{State: restrictions.Active}.MayDecide(reviewer), false},
	} {
		if test.may != test.want {
			t.Errorf("%s: %t", name, test.may)
		}
	}
}

func TestRestrictionsRejectBadInput(t *testing.T) {
	o, ctx := NewOffice(t), t.Context()
	order, logged := o.PlaceOrder("A", "b-1"), len(o.Store.Entries())
	for _, mode := range []restrictions.Mode{"", "no_ordering", "\x00"} {
		if _, err := o.Restrictions.Restrict(ctx, ShopCaller("A"), order, []restrictions.Mode{mode}, "d"); CodeOf(err) != CodeBadInput {
			t.Errorf("an unknown mode %q: %v", mode, err)
		}
	}
	for _, unknown := range []OrderNo{"", "not an order", "404"} {
		if _, err := o.Restrictions.Restrict(ctx, ShopCaller("A"), unknown, restrictions.Modes(), "d"); CodeOf(err) != CodeOrderNotFound {
			t.Errorf("order %q: %v", unknown, err)
		}
	}
	if _, err := o.Restrictions.Restrict(ctx, ShopCaller("A"), order, restrictions.Modes(), " \n\u200b\u3000"); CodeOf(err) != CodeReasonRequired {
		t.Errorf("a blank description: %v", err)
	}
	if _, err := o.Restrictions.List(ctx, Person("rev", RoleReviewer), restrictions.Query{State: "active"}); CodeOf(err) != CodeBadInput {
		t.Errorf("an unknown state: %v", err)
	}
	if after := len(o.Store.Entries()); after != logged {
		t.Errorf("%d entries were logged", after-logged)
	}
}
