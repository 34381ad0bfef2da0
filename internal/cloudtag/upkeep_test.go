package cloudtag_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

func platform() Caller { return Caller{Subject: "importer", Roles: []Role{RolePlatform}} }

func (m *market) submitOne(shop MerchantID, buyer BuyerID) OrderNo {
	m.t.Helper()
	order := m.order(shop, buyer)
	if _, err := m.submit(shop, "key-"+string(order), order); err != nil {
		m.t.Fatal(err)
	}
	return order
}

func TestSweepCatchesUpAfterDowntime(t *testing.T) {
	m := newMarket(t)
	const cases = 2*UpkeepPage + UpkeepPage/2
	for i := range cases {
		buyer := BuyerID(fmt.Sprintf("b-%d", i))
		m.submitOne("A", buyer)
		m.submitOne("B", buyer)
	}
	report, err := m.upkeep.Sweep(context.Background(), start.Add(49*time.Hour))
	if err != nil || report.Cases != cases {
		t.Fatalf("swept %d cases, want %d: %v", report.Cases, cases, err)
	}
	missed := 0
	for _, entry := range m.store.log() {
		if entry.Action == ActionCaseMissed {
			missed++
		}
	}
	if missed != cases {
		t.Errorf("%d missed reviews, want one for each of %d cases", missed, cases)
	}
	if report, err = m.upkeep.Sweep(context.Background(), start.Add(49*time.Hour)); err != nil || report.Cases != 0 {
		t.Errorf("a second sweep found %d cases: %v", report.Cases, err)
	}
}

func TestNewRiskDataEvaluatesTheBuyersCasesOnly(t *testing.T) {
	m := newMarket(t)
	risky, other := m.submitOne("A", "b-risky"), m.submitOne("A", "b-other")
	m.submitOne("B", "b-risky")
	m.submitOne("B", "b-other")
	otherVersion := m.store.cases()[NewCaseID(testScenario, "b-other")].Version
	profile := RiskProfile{BuyerID: "b-risky", Score: 90, UpdatedAt: start}
	report, err := m.imports.Risk(context.Background(), platform(), []RiskProfile{profile})
	if err != nil || report.Stored != 1 {
		t.Fatalf("%v, %+v", err, report)
	}
	if got := m.store.tags()[risky].Status; got != TagSucceeded {
		t.Errorf("two votes of a HIGH risk account: %s", got)
	}
	if got := m.store.tags()[other].Status; got != TagAccumulating || m.store.cases()[NewCaseID(testScenario, "b-other")].Version != otherVersion {
		t.Errorf("the other account's case was touched: %s", got)
	}
	if marked, err := m.store.RisksToEvaluate(context.Background(), 1); err != nil || len(marked) > 0 {
		t.Error("the profile is still marked for evaluation")
	}
	if report, err = m.imports.Risk(context.Background(), platform(), []RiskProfile{profile}); err != nil || report.Unchanged != 1 {
		t.Errorf("the same again: %v, %+v", err, report)
	}
}

func TestSweepFinishesAnInterruptedEvaluation(t *testing.T) {
	m := newMarket(t)
	order := m.submitOne("A", "b-1")
	m.submitOne("B", "b-1")
	// The profile was stored and marked, and the process died before it evaluated the cases.
	m.store.put(m.store.kinds.Risks, struct {
		RiskProfile
		Evaluate bool `json:"evaluate"`
	}{RiskProfile{BuyerID: "b-1", Score: 90, UpdatedAt: start}, true})
	if _, err := m.upkeep.Sweep(context.Background(), start); err != nil {
		t.Fatal(err)
	}
	if got := m.store.tags()[order].Status; got != TagSucceeded {
		t.Errorf("after the sweep: %s", got)
	}
}

func TestAShopWithANewEntityIsRecounted(t *testing.T) {
	m := newMarket(t)
	order := m.submitOne("A", "b-1")
	m.submitOne("B", "b-1")
	report, err := m.imports.Merchants(context.Background(), platform(), []Merchant{{ID: "B", Name: "shop B", EntityID: "A"}})
	if err != nil || report.Stored != 1 {
		t.Fatalf("%v, %+v", err, report)
	}
	m.submitOne("C", "b-1")
	if got := m.store.cases()[NewCaseID(testScenario, "b-1")]; got.Votes != 2 || m.store.tags()[order].Status != TagAccumulating {
		t.Errorf("three shops of two entities: %d votes, %s", got.Votes, m.store.tags()[order].Status)
	}
	m.submitOne("D", "b-1")
	if got := m.store.tags()[order].Status; got != TagSucceeded {
		t.Errorf("a third entity: %s", got)
	}
}

func TestDiscountRecountsEveryCaseOnce(t *testing.T) {
	m := newMarket(t)
	const cases = UpkeepPage + 44
	for i := range cases {
		m.submitOne("A", BuyerID(fmt.Sprintf("b-%d", i)))
	}
	count, err := m.upkeep.Discount(context.Background(), "A", "admin", "false report")
	if err != nil || count != cases {
		t.Fatalf("recounted %d, want %d: %v", count, cases, err)
	}
	for number, tag := range m.store.tags() {
		if tag.Status != TagVoided {
			t.Fatalf("%s: %s", number, tag.Status)
		}
	}
	if count, err = m.upkeep.Discount(context.Background(), "A", "admin", "false report"); err != nil || count != 0 {
		t.Errorf("again: %d, %v", count, err)
	}
}

func TestImportsReportBadRowsByIndex(t *testing.T) {
	m := newMarket(t)
	good := Order{OrderNo: "1", MerchantID: "A", BuyerID: "b-1", PlacedAt: start, AmountCents: 1, Currency: "CNY"}
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
	report, err := m.imports.Orders(context.Background(), platform(), rows)
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
	again, err := m.imports.Orders(context.Background(), platform(), rows[9:])
	if err != nil || again.Unchanged != 1 || again.Stored != 0 {
		t.Errorf("the same row again: %+v, %v", again, err)
	}
	if _, err := m.imports.Orders(context.Background(), platform(), make([]Order, MaxImportRows+1)); CodeOf(err) != CodeTooManyRows {
		t.Errorf("too many rows: %v", err)
	}
	if _, err := m.imports.Orders(context.Background(), shopCaller("A"), rows); CodeOf(err) != CodeForbidden {
		t.Errorf("a merchant: %v", err)
	}
}

func TestReplaySortsTagsByTime(t *testing.T) {
	m := newMarket(t)
	m.clock.now = start.Add(1000 * day)
	var rows []PastTag
	for i, shop := range []MerchantID{"A", "B", "C"} {
		rows = append(rows, PastTag{OrderNo: m.order(shop, "b-1"), Scenario: testScenario, SubmittedAt: start.Add(time.Duration(i) * 100 * day)})
	}
	shuffled := []PastTag{rows[2], rows[0], {OrderNo: "unknown", Scenario: testScenario, SubmittedAt: start}, rows[1]}
	report, err := m.replay.Tags(context.Background(), SystemCaller("import"), shuffled)
	if err != nil || report.Stored != 3 || len(report.RowErrors) != 1 || report.RowErrors[0].Index != 2 {
		t.Fatalf("%+v, %v", report, err)
	}
	want := []TagStatus{TagExpired, TagAccumulating, TagAccumulating} // no three within 180 days
	for i, row := range rows {
		tag := m.store.tags()[row.OrderNo]
		if tag.Status != want[i] || !tag.SubmittedAt.Equal(row.SubmittedAt) || !tag.HandledAt.Equal(row.SubmittedAt) {
			t.Errorf("tag %d: %+v", i, tag)
		}
	}
	again, err := m.replay.Tags(context.Background(), SystemCaller("import"), shuffled)
	if err != nil || again.Stored != 0 || again.Unchanged != 3 {
		t.Errorf("again: %+v, %v", again, err)
	}
}

func TestReplayRejectsFutureTags(t *testing.T) {
	m := newMarket(t)
	row := PastTag{OrderNo: m.order("A", "b-1"), Scenario: testScenario, SubmittedAt: start.Add(time.Millisecond)}
	report, err := m.replay.Tags(context.Background(), SystemCaller("import"), []PastTag{row})
	if err != nil || len(report.RowErrors) != 1 {
		t.Errorf("%+v, %v", report, err)
	}
}
