package cloudtag_test

import (
	"encoding/json"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

func TestSubmissionsAreHandledOrQueued(t *testing.T) {
	high := &RiskProfile{BuyerID: testBuyer, Score: 100, UpdatedAt: start}
	tests := []struct {
		name      string
		threshold int
		shops     int
		risk      *RiskProfile
		handling  Handling
		decision  Decision
	}{
		{"two votes missing: keep accumulating at once", 3, 1, nil, HandlingHandled, DecisionKeepAccumulating},
		{"one vote missing: a reviewer looks", 3, 2, nil, HandlingPending, DecisionKeepAccumulating},
		{"threshold reached: confirmed at once", 3, 3, nil, HandlingHandled, DecisionConfirm},
		{"high risk, two votes missing: a reviewer looks", 4, 1, high, HandlingPending, ""},
		{"high risk, threshold reached: confirmed at once", 3, 2, high, HandlingHandled, DecisionConfirm},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			script := newCaseScript(t)
			script.risk = test.risk
			for i := range script.policy.Rules {
				script.policy.Rules[i].Threshold = test.threshold
			}
			var last OrderNo
			for i := range test.shops {
				last = script.tag(MerchantID(rune('A'+i)), start.Add(time.Duration(i)*time.Hour))
			}
			c := script.stored
			if c.Handling != test.handling {
				t.Fatalf("handling %s, want %s", c.Handling, test.handling)
			}
			if test.handling == HandlingPending {
				if want := script.tags[last].HandleBy; !c.DueAt.Equal(want) || script.tags[last].Handled() {
					t.Errorf("due %v, want %v; tag handled %t", c.DueAt, want, script.tags[last].Handled())
				}
			} else if !c.DueAt.IsZero() || !script.tags[last].Handled() {
				t.Errorf("due %v, tag handled %t", c.DueAt, script.tags[last].Handled())
			}
			if tag := script.tags[last]; script.submitted(last).Handled != (tag.Handled() && tag.Status == TagAccumulating) {
				t.Errorf("the entry of its submission says %+v of %+v", script.submitted(last), tag)
			}
			if got := c.Decision; (got == nil) != (test.decision == "") || got != nil && got.Decision != test.decision {
				t.Errorf("decision %+v, want %s", got, test.decision)
			}
		})
	}
}

// submitted returns the state of a tag as the entry of its submission records it.
func (s *caseScript) submitted(order OrderNo) (state TagState) {
	s.t.Helper()
	for _, entry := range s.entries {
		if entry.Action == ActionTagSubmitted && entry.Subject("tag") == string(order) {
			if err := json.Unmarshal(entry.After, &state); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	return state
}

func TestEvaluatingAgainChangesNothing(t *testing.T) {
	script := newCaseScript(t)
	script.tag("A", start)
	file := script.file()
	file.Evaluate(start.Add(time.Hour))
	if change, changed := file.Change(); changed {
		t.Errorf("%+v", change)
	}
}

func TestAQueuedCaseIsDueAtItsEarliestDeadline(t *testing.T) {
	script := newCaseScript(t)
	script.tag("A", start)
	second := script.tag("B", start.Add(time.Hour))
	script.tag("B", start.Add(2*time.Hour))
	if want := script.tags[second].HandleBy; !script.stored.DueAt.Equal(want) {
		t.Errorf("due %v, want %v", script.stored.DueAt, want)
	}
}

func TestAMissedReviewFallsBackExactlyAtTheDeadline(t *testing.T) {
	script := newCaseScript(t)
	script.tag("A", start)
	second := script.tag("B", start)
	due := start.Add(48 * time.Hour)
	script.evaluate(due.Add(-time.Millisecond))
	if script.stored.Handling != HandlingPending || script.stored.Overdue(due.Add(-time.Millisecond)) {
		t.Fatal("fell back before the deadline")
	}
	if !script.stored.Overdue(due) || !script.stored.WakeAt().Equal(due) {
		t.Fatal("the deadline itself is not overdue")
	}
	script.evaluate(due)
	c, tag := script.stored, script.tags[second]
	if c.Handling != HandlingHandled || script.count(ActionCaseMissed) != 1 || !tag.HandledAt.Equal(due) {
		t.Errorf("case %s, %d missed, tag handled at %v", c.Handling, script.count(ActionCaseMissed), tag.HandledAt)
	}
	if got := c.Decision; got == nil || got.Decision != DecisionKeepAccumulating || !got.Automatic || got.PolicyVersion != 1 {
		t.Errorf("decision %+v", got)
	}
	if tag.Status != TagAccumulating {
		t.Errorf("the fallback keeps accumulating, the tag is %s", tag.Status)
	}
}

func TestANewTagAfterAMissedDeadlineIsHandledOnItsOwn(t *testing.T) {
	script := newCaseScript(t)
	script.tag("A", start)
	script.tag("B", start)
	late := script.tag("B", start.Add(50*time.Hour))
	if script.count(ActionCaseMissed) != 1 {
		t.Errorf("%d missed reviews, want 1", script.count(ActionCaseMissed))
	}
	want := script.tags[late].HandleBy
	if script.stored.Handling != HandlingPending || !script.stored.DueAt.Equal(want) {
		t.Errorf("the new tag waits until %v, case is %s until %v", want, script.stored.Handling, script.stored.DueAt)
	}
}

func TestReplayedTagsCountAsHandled(t *testing.T) {
	script := newCaseScript(t)
	for _, shop := range []MerchantID{"A", "B"} {
		script.apply(func(file *CaseFile) {
			file.Add(Tag{
				OrderNo: OrderNo("h-" + shop), Scenario: testScenario, MerchantID: shop, EntityID: EntityID(shop), BuyerID: testBuyer,
				SubmittedAt: start, HandledAt: start, HandleBy: start.Add(48 * time.Hour),
			}, "system:import")
		})
	}
	if script.stored.Handling != HandlingHandled || script.count(ActionCaseQueued) != 0 {
		t.Errorf("history with one vote missing: %s", script.stored.Handling)
	}
}

func TestPriorityKeyOrdersByPriority(t *testing.T) {
	now := start
	pending := func(due time.Duration, votes int, level RiskLevel, scenario ScenarioCode, holds ...string) Case {
		return Case{
			Handling: HandlingPending, DueAt: now.Add(due), OpenedAt: now, Threshold: 4, Votes: votes, RiskLevel: level,
			Scenario: scenario, Holds: holds,
		}
	}
	// Most urgent first: the head starts are those documented in priority.go.
	cases := []Case{
		pending(-time.Hour, 0, RiskUnknown, "STOCK_HOLDING"),              // overdue: 97
		pending(12*time.Hour, 3, RiskHigh, "FREIGHT_INSURANCE_ARBITRAGE"), // 84 + 6 + 6 + 4 = 100
	}
	if cases[1].Priority(now) != 100 || cases[0].Priority(now) != 97 {
		t.Fatalf("priorities %v and %v, want 97 and 100", cases[0].Priority(now), cases[1].Priority(now))
	}
	ordered := []Case{
		cases[1], cases[0],
		pending(48*time.Hour, 3, RiskHigh, "RETURN_SWAPPED", "BURST"), // 48 + 6 + 6 + 3 + 2 = 65
		pending(48*time.Hour, 3, RiskMedium, "REVIEW_FALSE"),          // 48 + 6 + 3 + 1 = 58
		pending(48*time.Hour, 0, RiskLow, "STOCK_HOLDING"),            // 48
		{Handling: HandlingHandled, OpenedAt: now, Scenario: "STOCK_HOLDING"},
		{Handling: HandlingHandled, OpenedAt: now.Add(-time.Hour), Scenario: "STOCK_HOLDING"},
	}
	for i := range len(ordered) - 1 {
		for _, at := range []time.Time{now, now.Add(30 * time.Hour)} {
			if ordered[i].PriorityKey() <= ordered[i+1].PriorityKey() || ordered[i].Priority(at) < ordered[i+1].Priority(at) {
				t.Errorf("case %d must come before case %d", i, i+1)
			}
		}
	}
	if got := ordered[2].Priority(now); got != 65 {
		t.Errorf("priority %v, want 65", got)
	}
	if ordered[5].Priority(now) != 0 {
		t.Error("handled cases have no priority")
	}
}
