package importing_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/importing"
)

func TestNewRiskDataEvaluatesTheBuyersCasesOnly(t *testing.T) {
	o := NewOffice(t)
	risky, other := o.SubmitOne("A", "b-risky"), o.SubmitOne("A", "b-other")
	o.SubmitOne("B", "b-risky")
	o.SubmitOne("B", "b-other")
	otherVersion := o.Store.Case(NewCaseID(TestScenario, "b-other")).Version
	profile := RiskProfile{BuyerID: "b-risky", Score: 90, UpdatedAt: Start}
	report, err := o.Imports.Risk(t.Context(), Platform(), []RiskProfile{profile})
	if err != nil || report.Stored != 1 {
		t.Fatalf("%v, %+v", err, report)
	}
	if got := o.Store.Tag(risky).Status; got != TagSucceeded {
		t.Errorf("two votes of a HIGH risk account: %s", got)
	}
	if got := o.Store.Tag(other).Status; got != TagAccumulating || o.Store.Case(NewCaseID(TestScenario, "b-other")).Version != otherVersion {
		t.Errorf("the other account's case was touched: %s", got)
	}
	if marked, err := o.Store.RisksToEvaluate(t.Context(), 1); err != nil || len(marked) > 0 {
		t.Error("the profile is still marked for evaluation")
	}
	if report, err = o.Imports.Risk(t.Context(), Platform(), []RiskProfile{profile}); err != nil || report.Unchanged != 1 {
		t.Errorf("the same again: %v, %+v", err, report)
	}
}

func TestAShopWithANewEntityIsRecounted(t *testing.T) {
	o := NewOffice(t)
	order := o.SubmitOne("A", "b-1")
	o.SubmitOne("B", "b-1")
	report, err := o.Imports.Merchants(t.Context(), Platform(), []Merchant{{ID: "B", Name: "shop B", EntityID: "A"}})
	if err != nil || report.Stored != 1 {
		t.Fatalf("%v, %+v", err, report)
	}
	o.SubmitOne("C", "b-1")
	if got := o.Store.Case(NewCaseID(TestScenario, "b-1")); got.Votes != 2 || o.Store.Tag(order).Status != TagAccumulating {
		t.Errorf("three shops of two entities: %d votes, %s", got.Votes, o.Store.Tag(order).Status)
	}
	o.SubmitOne("D", "b-1")
	if got := o.Store.Tag(order).Status; got != TagSucceeded {
		t.Errorf("a third entity: %s", got)
	}
}

func TestImportsReportBadRowsByIndex(t *testing.T) {
	o := NewOffice(t)
	good := Order{OrderNo: "1", MerchantID: "A", BuyerID: "b-1", PlacedAt: Start, AmountCents: 1, Currency: "CNY"}
	with := func(change func(*Order)) Order { row := good; change(&row); return row }
	rows := []Order{
		good,
		with(func(o *Order) { o.OrderNo = "bad number" }),
		with(func(o *Order) { o.OrderNo, o.MerchantID = "2", "unknown" }),
		with(func(o *Order) { o.BuyerID = "b-2" }), // order 1 again, with another buyer
		with(func(o *Order) { o.OrderNo, o.AmountCents = "3", -1 }),
		with(func(o *Order) { o.OrderNo, o.Currency = "4", "yuan" }),
		with(func(o *Order) { o.OrderNo, o.ReportOutcome = "5", "MAYBE" }),
		with(func(o *Order) { o.OrderNo, o.PlacedAt = "6", time.Time{} }),
		with(func(o *Order) { o.OrderNo, o.BuyerID = "7", "" }),
		with(func(o *Order) { o.ReportOutcome = ReportRejected }), // order 1 changes
	}
	report, err := o.Imports.Orders(t.Context(), Platform(), rows)
	if err != nil {
		t.Fatal(err)
	}
	var places []int
	for _, fault := range report.RowErrors {
		places = append(places, fault.Index)
	}
	if fmt.Sprint(places) != "[1 2 3 4 5 6 7 8]" || report.Stored != 2 {
		t.Errorf("bad rows %v, stored %d", places, report.Stored)
	}
	again, err := o.Imports.Orders(t.Context(), Platform(), rows[9:])
	if err != nil || again.Unchanged != 1 || again.Stored != 0 {
		t.Errorf("the same row again: %+v, %v", again, err)
	}
	if _, err := o.Imports.Orders(t.Context(), Platform(), make([]Order, importing.MaxRows+1)); CodeOf(err) != CodeTooManyRows {
		t.Errorf("too many rows: %v", err)
	}
	if _, err := o.Imports.Orders(t.Context(), ShopCaller("A"), rows); CodeOf(err) != CodeForbidden {
		t.Errorf("a merchant: %v", err)
	}
}

// Imports accept only times that every store supports.
func TestImportsRejectTimesOutOfRange(t *testing.T) {
	o, ctx := NewOffice(t), t.Context()
	o.PlaceOrder("A", "b") // the shop
	for _, at := range []time.Time{{}, time.Unix(-1, 0), time.Date(9999, 12, 31, 23, 59, 59, 0, time.FixedZone("", -3600)), time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)} {
		orders, err := o.Imports.Orders(ctx, Platform(), []Order{{OrderNo: "t-1", MerchantID: "A", BuyerID: "b", Currency: "CNY", PlacedAt: at}})
		if err != nil || len(orders.RowErrors) != 1 || !strings.HasPrefix(orders.RowErrors[0].Message.EN, "placed_at: ") {
			t.Errorf("an order of %v: %+v, %v", at, orders, err)
		}
		risks, err := o.Imports.Risk(ctx, Platform(), []RiskProfile{{BuyerID: "b", UpdatedAt: at}})
		if err != nil || len(risks.RowErrors) != 1 || !strings.HasPrefix(risks.RowErrors[0].Message.EN, "updated_at: ") {
			t.Errorf("a profile of %v: %+v, %v", at, risks, err)
		}
		shops, err := o.Imports.Merchants(ctx, Platform(), []Merchant{{ID: "m", Name: "M", CreatedAt: at}})
		if refused := len(shops.RowErrors) == 1; err != nil || refused == at.IsZero() { // none given: now
			t.Errorf("a shop of %v: %+v, %v", at, shops, err)
		}
	}
}

// A shop's name needs a visible character.
func TestImportsRejectBlankNames(t *testing.T) {
	report, err := NewOffice(t).Imports.Merchants(t.Context(), Platform(), []Merchant{{ID: "m", Name: " \n\u200b\u3000"}})
	if err != nil || len(report.RowErrors) != 1 || !strings.HasPrefix(report.RowErrors[0].Message.EN, "name: ") {
		t.Errorf("%+v, %v", report, err)
	}
}
