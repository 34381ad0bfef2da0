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
