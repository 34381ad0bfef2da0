package vetting_test

import (
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/vetting"
)

func TestVettingNeedsTwoPeople(t *testing.T) {
	o := NewOffice(t)
	reviewer, admin := Person("rev", RoleReviewer), Person("adm", RoleAdmin)
	ctx := t.Context()
	expect := func(what string, err error, code Code) {
		t.Helper()
		if CodeOf(err) != code {
			t.Errorf("%s: %v, want %q", what, err, code)
		}
	}
	propose := func(caller Caller, shop MerchantID, vetted bool, reason string) (vetting.Proposal, error) {
		return o.Vettings.Propose(ctx, caller, shop, vetted, reason)
	}
	_, err := propose(ShopCaller("A"), "A", true, "r")
	expect("a shop", err, CodeForbidden)
	_, err = propose(reviewer, "A", true, "")
	expect("no reason", err, CodeReasonRequired)
	_, err = propose(reviewer, "nobody", true, "r")
	expect("no such shop", err, CodeNotFound)
	_, err = propose(reviewer, "A", false, "r")
	expect("it is not vouched for", err, CodeInvalidState)
	proposal, err := propose(admin, "A", true, "r")
	expect("propose", err, "")
	_, err = propose(reviewer, "A", true, "r")
	expect("one is open", err, CodeInvalidState)
	_, err = o.Vettings.Decide(ctx, admin, proposal.ID, true, "r")
	expect("the same person", err, CodeSamePerson)
	_, err = o.Vettings.Decide(ctx, reviewer, proposal.ID, true, "r")
	expect("a reviewer decides", err, CodeForbidden)
	other := Person("other", RoleAdmin)
	decided, err := o.Vettings.Decide(ctx, other, proposal.ID, true, "r")
	expect("another administrator", err, "")
	if decided.State != vetting.Approved || decided.DecidedBy != "other" {
		t.Errorf("%+v", decided)
	}
	_, err = o.Vettings.Decide(ctx, other, proposal.ID, true, "r")
	expect("decided", err, CodeInvalidState)
	_, err = propose(reviewer, "A", true, "r")
	expect("it is vouched for", err, CodeInvalidState)
	listed, err := o.Vettings.List(ctx, reviewer, vetting.Query{MerchantID: "A", State: vetting.Approved})
	if err != nil || len(listed) != 1 {
		t.Errorf("%+v, %v", listed, err)
	}
	proposal, err = propose(reviewer, "A", false, "r")
	expect("propose to stop", err, "")
	_, err = o.Vettings.Decide(ctx, other, proposal.ID, true, "r")
	expect("stop", err, "")
}

// The latest decision about a shop counts; proposals that are open or declined do not.
func TestShopsThatThePlatformVouchesFor(t *testing.T) {
	o, ctx := NewOffice(t), t.Context()
	reviewer, admin := Person("rev", RoleReviewer), Person("boss", RoleAdmin)
	for hour, step := range []struct {
		shop            MerchantID
		vetted, approve bool
	}{{"A", true, true}, {"B", true, true}, {"C", true, false}, {"A", false, true}} {
		o.Clock.Time = Start.Add(time.Duration(hour) * time.Hour)
		proposal, err := o.Vettings.Propose(ctx, reviewer, step.shop, step.vetted, "r")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.Vettings.Decide(ctx, admin, proposal.ID, step.approve, "r"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := o.Vettings.Propose(ctx, reviewer, "D", true, "r"); err != nil {
		t.Fatal(err)
	}
	if shops, err := vetting.Shops(ctx, o.Store); err != nil || !slices.Equal(shops, []MerchantID{"B"}) {
		t.Errorf("%v, %v", shops, err)
	}
	listed, err := o.Vettings.List(ctx, reviewer, vetting.Query{})
	if err != nil {
		t.Fatal(err)
	}
	var shops []MerchantID
	for _, proposal := range listed {
		shops = append(shops, proposal.MerchantID)
	}
	if want := []MerchantID{"D", "A", "C", "B", "A"}; !slices.Equal(shops, want) {
		t.Errorf("listed %v, want the open one and then the latest decided: %v", shops, want)
	}
	if _, err := o.Vettings.List(ctx, reviewer, vetting.Query{State: "approved"}); CodeOf(err) != CodeBadInput {
		t.Errorf("an unknown state: %v", err)
	}
}
