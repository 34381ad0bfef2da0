package appeals_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"cloudtag/internal/appeals"
	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/freightinsurance"
)

func TestAppeals(t *testing.T) {
	o, ctx := NewOffice(t), t.Context()
	orders := o.Confirmed("b-1")
	id := NewCaseID(FreightInsuranceScenario, "b-1")
	service, reviewer := Platform(), Person("rev", RoleReviewer)
	if got, err := o.FreightInsurance.Decide(ctx, service, orders[0]); err != nil || got.Answer != freightinsurance.Refuse {
		t.Fatalf("%+v, %v", got, err)
	}
	if _, err := o.Appeals.File(ctx, service, id, ""); CodeOf(err) != CodeReasonRequired {
		t.Errorf("no statement: %v", err)
	}
	if _, err := o.Appeals.File(ctx, service, "RETURN_SWAPPED:none", "s"); CodeOf(err) != CodeNotFound {
		t.Errorf("no case: %v", err)
	}
	if _, err := o.Appeals.File(ctx, ShopCaller("A"), id, "s"); CodeOf(err) != CodeForbidden {
		t.Errorf("a merchant files: %v", err)
	}
	appeal, err := o.Appeals.File(ctx, service, id, "我没有套利")
	if err != nil || len(appeal.Facts) == 0 {
		t.Fatalf("%+v, %v", appeal, err)
	}
	if _, err := o.Appeals.File(ctx, service, id, "again"); CodeOf(err) != CodeInvalidState {
		t.Errorf("a second appeal: %v", err)
	}
	accepted, err := o.Appeals.Decide(ctx, reviewer, appeal.ID, true, "the parcels were full")
	if err != nil || accepted.State != appeals.Accepted || accepted.CompletedAt.IsZero() {
		t.Fatalf("%+v, %v", accepted, err)
	}
	for _, order := range orders {
		if got := o.Store.Tag(order).Status; got != TagOverturned {
			t.Errorf("%s: %s", order, got)
		}
	}
	if got := o.Store.Case(id).State; got != CaseOverturned {
		t.Errorf("case %s", got)
	}
	if got, err := o.FreightInsurance.Decide(ctx, service, orders[0]); err != nil || got.Answer != freightinsurance.Pay || got.Ground != freightinsurance.GroundOverturned {
		t.Errorf("the answer afterwards: %+v, %v", got, err)
	}
	if _, err := o.Appeals.Decide(ctx, reviewer, appeal.ID, false, "no"); CodeOf(err) != CodeInvalidState {
		t.Errorf("decided twice: %v", err)
	}
	if _, err := o.Appeals.File(ctx, service, id, "once more"); CodeOf(err) != CodeInvalidState {
		t.Errorf("an appeal without an effect: %v", err)
	}
}

func TestAppealsAreDecidedByAnotherPerson(t *testing.T) {
	o, ctx := NewOffice(t), t.Context()
	o.SubmitOne("A", "b-1")
	o.SubmitOne("B", "b-1")
	id := NewCaseID(TestScenario, "b-1")
	ann := Person("ann", RoleReviewer)
	decided, err := o.Reviews.Decide(ctx, ann, id, Ruling{Decision: DecisionConfirm, Reason: "r", ExpectedVersion: o.Store.Case(id).Version})
	if err != nil || decided.State != CaseConfirmed {
		t.Fatalf("%+v, %v", decided, err)
	}
	appeal, err := o.Appeals.File(ctx, Platform(), id, "s")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Appeals.Decide(ctx, ann, appeal.ID, true, "ok"); CodeOf(err) != CodeSamePerson {
		t.Errorf("who decided the case: %v", err)
	}
	if got, err := o.Appeals.Decide(ctx, Person("ben", RoleReviewer), appeal.ID, false, "the facts stand"); err != nil || got.State != appeals.Declined {
		t.Errorf("another: %+v, %v", got, err)
	}
	if got := o.Store.Case(id).State; got != CaseConfirmed {
		t.Errorf("declined: case %s", got)
	}
}

// dyingStore simulates a crash before a case is changed.
type dyingStore struct{ *Store }

func (dyingStore) Amend(context.Context, CaseID, func(*CaseFile) error) (Case, error) {
	return Case{}, ErrDied
}

func TestAnAcceptedAppealIsAppliedAfterACrash(t *testing.T) {
	o, ctx := NewOffice(t), t.Context()
	orders := o.Confirmed("b-1")
	appeal, err := o.Appeals.File(ctx, Platform(), NewCaseID(FreightInsuranceScenario, "b-1"), "s")
	if err != nil {
		t.Fatal(err)
	}
	dying := appeals.New(dyingStore{o.Store}, o.Clock, IDFunc(func() string { return "" }))
	if _, err := dying.Decide(ctx, Person("rev", RoleReviewer), appeal.ID, true, "yes"); !errors.Is(err, ErrDied) {
		t.Fatal(err)
	}
	if got := o.Store.Tag(orders[2]).Status; got != TagSucceeded {
		t.Fatalf("before the appeal is applied: tag %s", got)
	}
	for range 2 {
		if err := o.Appeals.Apply(ctx, o.Clock.Time); err != nil {
			t.Fatal(err)
		}
	}
	if got := o.Store.Tag(orders[2]).Status; got != TagOverturned {
		t.Errorf("tag %s", got)
	}
}

func TestAppealFactsContainNoClaimToken(t *testing.T) {
	o, ctx := NewOffice(t), t.Context()
	o.Confirmed("b-1")
	id := NewCaseID(FreightInsuranceScenario, "b-1")
	// The case lapses and is queued again; a reviewer claims it.
	if _, err := o.Upkeep.Discount(ctx, "A", "boss", "revoked"); err != nil {
		t.Fatal(err)
	}
	claimed, err := o.Reviews.Claim(ctx, Person("rev", RoleReviewer), id, "")
	if err != nil {
		t.Fatal(err)
	}
	appeal, err := o.Appeals.File(ctx, Platform(), id, "s")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range o.Store.Entries() {
		if bytes.Contains(entry.After, []byte(claimed.Claim.Token)) {
			t.Errorf("entry %d (%s) holds the token", entry.Seq, entry.Action)
		}
	}
	if facts, err := appeal.FactsFor(Person("aud", RoleAuditor)); err != nil || facts.Case.Claim != nil || facts.Case.ID != id || len(facts.Tags) != 2 {
		t.Errorf("%+v, %v", facts, err)
	}
	if _, err := appeal.FactsFor(Platform()); CodeOf(err) != CodeForbidden {
		t.Errorf("facts for a service: %v", err)
	}
}

// The service knows the shop by the caller.
func TestNobodyDecidesAnAppealAboutTagsOfTheirShop(t *testing.T) {
	o := NewOffice(t)
	o.Confirmed("b-1") // by A, B and C
	id := NewCaseID(FreightInsuranceScenario, "b-1")
	appeal, err := o.Appeals.File(t.Context(), Platform(), id, "not true")
	if err != nil {
		t.Fatal(err)
	}
	both := Caller{Subject: "ann", Roles: []Role{RoleReviewer, RoleMerchant}, MerchantID: "A"}
	if _, err := o.Appeals.Decide(t.Context(), both, appeal.ID, true, "reply"); CodeOf(err) != CodeSamePerson || appeal.MayDecide(both, o.Store.Case(id)) {
		t.Errorf("about tags of the own shop: %v, may decide %t", err, appeal.MayDecide(both, o.Store.Case(id)))
	}
	both.MerchantID = "D"
	if _, err := o.Appeals.Decide(t.Context(), both, appeal.ID, true, "reply"); err != nil {
		t.Errorf("about tags of others: %v", err)
	}
}

func TestMayDecide(t *testing.T) {
	reviewer := Person("rev", RoleReviewer)
	open := appeals.Appeal{State: appeals.Open, CaseDecidedBy: "ann"}
	since := Case{Decision: &CaseDecision{By: "rev"}}
	for name, test := range map[string]struct{ may, want bool }{
		"another":                   {open.MayDecide(reviewer, Case{}), true},
		"who decided the case then": {open.MayDecide(Person("ann", RoleReviewer), Case{}), false},
		"who has decided it since":  {open.MayDecide(reviewer, since), false},
		"an auditor":                {open.MayDecide(Person("aud", RoleAuditor), Case{}), false},
		"once it is decided":        {appeals.Appeal{State: appeals.Accepted}.MayDecide(reviewer, Case{}), false},
	} {
		if test.may != test.want {
			t.Errorf("%s: %t", name, test.may)
		}
	}
}

// Open appeals come first, longest waiting first, then decided ones, latest filed first.
func TestAppealsAreListedByWhatWaits(t *testing.T) {
	o, ctx := NewOffice(t), t.Context()
	ids := map[BuyerID]string{}
	for hour, buyer := range []BuyerID{"accepted", "first", "second", "declined"} {
		o.Confirmed(buyer)
		o.Clock.Time = Start.Add(time.Duration(hour) * time.Hour)
		appeal, err := o.Appeals.File(ctx, Platform(), NewCaseID(FreightInsuranceScenario, buyer), "s")
		if err != nil {
			t.Fatal(err)
		}
		ids[buyer] = appeal.ID
	}
	reviewer := Person("rev", RoleReviewer)
	for _, buyer := range []BuyerID{"declined", "accepted"} {
		if _, err := o.Appeals.Decide(ctx, reviewer, ids[buyer], buyer == "accepted", "r"); err != nil {
			t.Fatal(err)
		}
	}
	listed, err := o.Appeals.List(ctx, reviewer, appeals.Query{})
	if err != nil {
		t.Fatal(err)
	}
	var buyers []BuyerID
	for _, appeal := range listed {
		buyers = append(buyers, appeal.BuyerID)
	}
	if want := []BuyerID{"first", "second", "declined", "accepted"}; !slices.Equal(buyers, want) {
		t.Errorf("%v, want %v", buyers, want)
	}
	of, err := o.Appeals.Of(ctx, reviewer, []BuyerID{"first", "second", "nobody"})
	if err != nil || len(of) != 2 || len(of["first"]) != 1 || of["first"][0].ID != ids["first"] || len(of["second"]) != 1 {
		t.Errorf("of accounts: %+v, %v", of, err)
	}
	if _, err := o.Appeals.Of(ctx, ShopCaller("A"), []BuyerID{"first"}); CodeOf(err) != CodeForbidden {
		t.Errorf("of accounts, for a shop: %v", err)
	}
}

func TestAppealsRejectBadInput(t *testing.T) {
	o, ctx := NewOffice(t), t.Context()
	o.Confirmed("b-1")
	if _, err := o.Appeals.File(ctx, Platform(), NewCaseID(FreightInsuranceScenario, "b-1"), " \n\u200b\u3000"); CodeOf(err) != CodeReasonRequired {
		t.Errorf("a blank statement: %v", err)
	}
	if _, err := o.Appeals.List(ctx, Person("rev", RoleReviewer), appeals.Query{State: "open"}); CodeOf(err) != CodeBadInput {
		t.Errorf("an unknown state: %v", err)
	}
}
