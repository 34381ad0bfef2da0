package cloudtag_test

import (
	"math"
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

func TestPriorityPartsAddUp(t *testing.T) {
	due := start.Add(20 * time.Hour)
	waiting := Case{Scenario: "STOCK_HOLDING", Handling: HandlingPending, DueAt: due, Votes: 1, Threshold: 3, RiskLevel: RiskLow}
	tests := []struct {
		name string
		edit func(*Case)
		want []PriorityPart
	}{
		{"waiting alone", func(*Case) {}, []PriorityPart{{PriorityWaiting, 76}}},
		{"everything", func(c *Case) {
			c.Scenario, c.Votes, c.RiskLevel, c.Holds = "FREIGHT_INSURANCE_ARBITRAGE", 2, RiskHigh, []string{HoldBurst}
		}, []PriorityPart{{PriorityWaiting, 76}, {PriorityOneVoteShort, 6}, {PriorityHighRisk, 6}, {PriorityHeld, 3}, {PriorityPayout, 4}}},
		{"medium risk, overdue", func(c *Case) { c.RiskLevel, c.DueAt = RiskMedium, start.Add(-time.Hour) },
			[]PriorityPart{{PriorityWaiting, 97}, {PriorityMediumRisk, 3}}},
		{"handled", func(c *Case) { c.Handling = HandlingHandled }, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := waiting
			test.edit(&c)
			got := c.PriorityParts(start)
			if !slices.Equal(got, test.want) {
				t.Errorf("%v, want %v", got, test.want)
			}
			sum := 0.0
			for _, part := range got {
				sum += part.Hours
			}
			if math.Abs(sum-c.Priority(start)) > 1e-9 {
				t.Errorf("the parts add up to %v, the priority is %v", sum, c.Priority(start))
			}
		})
	}
}

// An order counts as tagged if its tag is live and both are in the window.
func TestTaggedOrdersCountOnlyTheWindow(t *testing.T) {
	o := newOffice(t)
	records := NewRecords(o.store, o.clock)
	reviewer := person("rev", RoleReviewer)
	o.submitOne("A", "b-1")
	o.submitOne("B", "b-1")
	o.submitOne("A", "b-2")
	share := func(buyer BuyerID) [2]int {
		t.Helper()
		tagged, err := records.TaggedOrders(t.Context(), reviewer, []BuyerID{buyer})
		if err != nil {
			t.Fatal(err)
		}
		bought, err := records.Exposures(t.Context(), reviewer, []BuyerID{buyer})
		if err != nil {
			t.Fatal(err)
		}
		return [2]int{tagged[buyer], bought[buyer].Orders}
	}
	if got := share("b-1"); got != [2]int{2, 2} {
		t.Errorf("both orders are tagged: %d of %d", got[0], got[1])
	}
	if got := share("b-2"); got != [2]int{1, 1} {
		t.Errorf("%d of %d", got[0], got[1])
	}
	o.clock.now = o.clock.now.Add(window)
	if got := share("b-1"); got != [2]int{0, 0} {
		t.Errorf("after the window, not swept yet: %d of %d", got[0], got[1])
	}
	if _, err := records.TaggedOrders(t.Context(), shopCaller("A"), []BuyerID{"b-1"}); CodeOf(err) != CodeForbidden {
		t.Errorf("a shop asks: %v", err)
	}
}

func TestEvidenceSummarizesLiveTags(t *testing.T) {
	o := newOffice(t)
	records := NewRecords(o.store, o.clock)
	o.submitOne("A", "b-1")
	o.clock.now = o.clock.now.Add(time.Minute)
	o.submitOne("B", "b-1")
	id := NewCaseID(testScenario, "b-1")
	c := o.store.cases()[id]
	found, err := records.Evidence(t.Context(), person("rev", RoleReviewer), []Case{c})
	if err != nil {
		t.Fatal(err)
	}
	got := found[id]
	if got.Orders != 2 || !slices.Equal(got.Shops, []MerchantID{"B", "A"}) || got.OtherCases != 0 || got.Note != "空包裹" ||
		!slices.Equal(got.Amounts, []Amount{{Cents: 200, Currency: "CNY"}}) {
		t.Errorf("%+v", got)
	}
	if _, err := records.Evidence(t.Context(), shopCaller("A"), []Case{c}); CodeOf(err) != CodeForbidden {
		t.Errorf("a shop asks: %v", err)
	}
}
