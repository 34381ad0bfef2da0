package freightinsurance_test

import (
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/freightinsurance"
)

func TestFreightInsuranceAnswersAreNeverErased(t *testing.T) {
	o, ctx := NewOffice(t), t.Context()
	order := o.Confirmed("b-1")[0]
	service := Platform()
	first, err := o.FreightInsurance.Decide(ctx, service, order)
	if err != nil || first.Answer != freightinsurance.Refuse {
		t.Fatalf("%+v, %v", first, err)
	}
	o.Clock.Time = o.Clock.Time.Add(time.Hour)
	if again, err := o.FreightInsurance.Decide(ctx, service, order); err != nil || again != first {
		t.Errorf("asked again: %+v, %v", again, err)
	}
	complaint, err := o.FreightInsurance.OpenComplaint(ctx, service, order)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.FreightInsurance.OpenComplaint(ctx, service, order); CodeOf(err) != CodeInvalidState {
		t.Errorf("a second complaint: %v", err)
	}
	if got, _ := o.FreightInsurance.Decide(ctx, service, order); got.Answer != freightinsurance.AwaitComplaint {
		t.Errorf("while open: %+v", got)
	}
	if _, err := o.FreightInsurance.DecideComplaint(ctx, service, complaint.ID, freightinsurance.ComplaintOpen); CodeOf(err) != CodeInvalidState {
		t.Errorf("decided as open: %v", err)
	}
	if _, err := o.FreightInsurance.DecideComplaint(ctx, service, complaint.ID, freightinsurance.ComplaintConsumerUpheld); err != nil {
		t.Fatal(err)
	}
	if got, _ := o.FreightInsurance.Decide(ctx, service, order); got.Answer != freightinsurance.Pay || got.Ground != freightinsurance.GroundConsumerUpheld {
		t.Errorf("after the outcome: %+v", got)
	}
	if _, err := o.FreightInsurance.DecideComplaint(ctx, service, complaint.ID, freightinsurance.ComplaintWithdrawn); CodeOf(err) != CodeInvalidState {
		t.Errorf("decided twice: %v", err)
	}
	answers := 0
	for _, entry := range o.Store.Entries() {
		if entry.Action == ActionFreightAnswered {
			answers++
		}
	}
	if answers != 3 {
		t.Errorf("%d answers in the log, want REFUSE, AWAIT_COMPLAINT and PAY", answers)
	}
	if _, err := o.FreightInsurance.OpenComplaint(ctx, service, o.PlaceOrder("A", "b-9")); CodeOf(err) != CodeInvalidState {
		t.Errorf("a complaint where nothing was refused: %v", err)
	}
	if _, err := o.FreightInsurance.Decide(ctx, ShopCaller("A"), order); CodeOf(err) != CodeForbidden {
		t.Errorf("a merchant asks: %v", err)
	}
}

func TestGivenFreightInsuranceAnswers(t *testing.T) {
	o, ctx := NewOffice(t), t.Context()
	orders := o.Confirmed("b-1") // of the shops A, B and C
	if given, err := o.FreightInsurance.Given(ctx, ShopCaller("A"), orders); err != nil || len(given) != 0 {
		t.Errorf("before anybody asked: %v, %v", given, err)
	}
	for _, order := range orders[:2] {
		if _, err := o.FreightInsurance.Decide(ctx, Platform(), order); err != nil {
			t.Fatal(err)
		}
	}
	for name, test := range map[string]struct {
		caller Caller
		want   []OrderNo
	}{
		"a shop its own":          {ShopCaller("A"), orders[:1]},
		"a shop that got none":    {ShopCaller("C"), nil},
		"a reviewer":              {Person("ann", RoleReviewer), orders[:2]},
		"a service":               {Platform(), orders[:2]},
		"somebody without a role": {Caller{Subject: "x"}, nil},
	} {
		given, err := o.FreightInsurance.Given(ctx, test.caller, orders)
		if err != nil || len(given) != len(test.want) {
			t.Errorf("%s: %v, %v", name, given, err)
		}
		for _, order := range test.want {
			if given[order].Answer != freightinsurance.Refuse || given[order].Ground != freightinsurance.GroundConfirmed {
				t.Errorf("%s, %s: %+v", name, order, given[order])
			}
		}
	}
}

func TestComplaintsOfManyAccountsAreReadAtOnce(t *testing.T) {
	o, ctx := NewOffice(t), t.Context()
	buyers := []BuyerID{"b-1", "b-2", "b-3"}
	for _, buyer := range buyers[:2] {
		if _, err := o.FreightInsurance.OpenComplaint(ctx, Platform(), o.Confirmed(buyer)[0]); err != nil {
			t.Fatal(err)
		}
	}
	reviewer := Person("rev", RoleReviewer)
	complaints, err := o.FreightInsurance.ComplaintsOf(ctx, reviewer, buyers)
	if err != nil || len(complaints["b-1"]) != 1 || len(complaints["b-2"]) != 1 || len(complaints["b-3"]) != 0 || complaints["b-2"][0].BuyerID != "b-2" {
		t.Fatalf("%+v, %v", complaints, err)
	}
	if _, err := o.FreightInsurance.ComplaintsOf(ctx, ShopCaller("A"), buyers); CodeOf(err) != CodeForbidden {
		t.Errorf("for a shop: %v", err)
	}
	complaint, err := o.FreightInsurance.ComplaintOf(ctx, reviewer, complaints["b-1"][0].OrderNo)
	if err != nil || complaint == nil || *complaint != complaints["b-1"][0] {
		t.Errorf("%+v, %v", complaint, err)
	}
	if none, err := o.FreightInsurance.ComplaintOf(ctx, reviewer, "404"); err != nil || none != nil {
		t.Errorf("%+v, %v", none, err)
	}
	logged := len(o.Store.Entries())
	for _, state := range []freightinsurance.ComplaintState{"", "consumer_upheld", "\x00"} {
		if _, err := o.FreightInsurance.DecideComplaint(ctx, Platform(), complaint.ID, state); CodeOf(err) != CodeBadInput {
			t.Errorf("an unknown outcome %q: %v", state, err)
		}
	}
	if after := len(o.Store.Entries()); after != logged {
		t.Errorf("unknown outcomes were logged: %d entries", after-logged)
	}
}
