package upkeep_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/upkeep"
)

func TestSweepCatchesUpAfterDowntime(t *testing.T) {
	m := NewOffice(t)
	const cases = 2*upkeep.PageSize + upkeep.PageSize/2
	for i := range cases {
		buyer := BuyerID(fmt.Sprintf("b-%d", i))
		m.SubmitOne("A", buyer)
		m.SubmitOne("B", buyer)
	}
	report, err := m.Upkeep.Sweep(context.Background(), Start.Add(49*time.Hour))
	if err != nil || report.Cases != cases {
		t.Fatalf("swept %d cases, want %d: %v", report.Cases, cases, err)
	}
	missed := 0
	for _, entry := range m.Store.Entries() {
		if entry.Action == ActionCaseMissed {
			missed++
		}
	}
	if missed != cases {
		t.Errorf("%d missed reviews, want one for each of %d cases", missed, cases)
	}
	if report, err = m.Upkeep.Sweep(context.Background(), Start.Add(49*time.Hour)); err != nil || report.Cases != 0 {
		t.Errorf("a second sweep found %d cases: %v", report.Cases, err)
	}
}

func TestSweepFinishesAnInterruptedEvaluation(t *testing.T) {
	m := NewOffice(t)
	order := m.SubmitOne("A", "b-1")
	m.SubmitOne("B", "b-1")
	// The profile was stored and marked, and the process died before it evaluated the cases.
	profiles := []RiskProfile{{BuyerID: "b-1", Score: 90, UpdatedAt: Start}}
	if _, err := m.Store.PutRisks(t.Context(), profiles, func(*RiskProfile, RiskProfile) Entry {
		return Entry{At: Start, Action: ActionRiskImported}
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Upkeep.Sweep(context.Background(), Start); err != nil {
		t.Fatal(err)
	}
	tags, err := m.Store.TagsByOrder(t.Context(), []OrderNo{order})
	if err != nil || tags[order].Status != TagSucceeded {
		t.Errorf("after the sweep: %s, %v", tags[order].Status, err)
	}
}

func TestDiscountRecountsEveryCaseOnce(t *testing.T) {
	m := NewOffice(t)
	const cases = upkeep.PageSize + 44
	for i := range cases {
		m.SubmitOne("A", BuyerID(fmt.Sprintf("b-%d", i)))
	}
	count, err := m.Upkeep.Discount(context.Background(), "A", "admin", "false report")
	if err != nil || count != cases {
		t.Fatalf("recounted %d, want %d: %v", count, cases, err)
	}
	voided, err := m.Store.CountTags(t.Context(), TagFilter{Statuses: []TagStatus{TagVoided}}, 2*cases)
	if err != nil || voided != cases {
		t.Errorf("voided %d tags, want %d: %v", voided, cases, err)
	}
	if count, err = m.Upkeep.Discount(context.Background(), "A", "admin", "false report"); err != nil || count != 0 {
		t.Errorf("again: %d, %v", count, err)
	}
}

// forgettingAmends amends nothing.
type forgettingAmends struct{ *Store }

func (forgettingAmends) Amend(context.Context, CaseID, func(*CaseFile) error) (Case, error) {
	return Case{}, nil
}

// A sweep that would not end returns an error with the case that stays due.
func TestSweepNamesTheCaseThatStaysDue(t *testing.T) {
	m := NewOffice(t)
	m.SubmitOne("A", "b1")
	m.SubmitOne("B", "b1")
	_, err := upkeep.New(forgettingAmends{m.Store}, m.Clock).Sweep(t.Context(), Start.Add(49*time.Hour))
	if err == nil || !strings.Contains(err.Error(), "RETURN_SWAPPED:b1 stays due") {
		t.Errorf("%v", err)
	}
}
