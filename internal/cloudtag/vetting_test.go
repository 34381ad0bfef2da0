package cloudtag_test

import (
	"fmt"
	"testing"

	. "cloudtag/internal/cloudtag"
)

func TestVettingNeedsTwoPeople(t *testing.T) {
	o := newOffice(t)
	vettings := NewVettings(o.store, o.clock, IDFunc(func() string { o.ids++; return fmt.Sprint("v", o.ids) }))
	reviewer, admin := person("rev", RoleReviewer), Caller{Subject: "adm", Roles: []Role{RoleAdmin}}
	ctx := t.Context()
	expect := func(what string, err error, code Code) {
		t.Helper()
		if CodeOf(err) != code {
			t.Errorf("%s: %v, want %q", what, err, code)
		}
	}
	propose := func(caller Caller, shop MerchantID, vetted bool, reason string) (Vetting, error) {
		return vettings.Propose(ctx, caller, shop, vetted, reason)
	}
	_, err := propose(shopCaller("A"), "A", true, "r")
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
	_, err = vettings.Decide(ctx, admin, proposal.ID, true, "r")
	expect("the same person", err, CodeSamePerson)
	_, err = vettings.Decide(ctx, reviewer, proposal.ID, true, "r")
	expect("a reviewer decides", err, CodeForbidden)
	other := person("other", RoleAdmin)
	decided, err := vettings.Decide(ctx, other, proposal.ID, true, "r")
	expect("another administrator", err, "")
	if decided.State != VettingApproved || decided.DecidedBy != "other" {
		t.Errorf("%+v", decided)
	}
	_, err = vettings.Decide(ctx, other, proposal.ID, true, "r")
	expect("decided", err, CodeInvalidState)
	_, err = propose(reviewer, "A", true, "r")
	expect("it is vouched for", err, CodeInvalidState)
	listed, err := vettings.List(ctx, reviewer, VettingQuery{MerchantID: "A", State: VettingApproved})
	if err != nil || len(listed) != 1 {
		t.Errorf("%+v, %v", listed, err)
	}
	proposal, err = propose(reviewer, "A", false, "r")
	expect("propose to stop", err, "")
	_, err = vettings.Decide(ctx, other, proposal.ID, true, "r")
	expect("stop", err, "")
}
