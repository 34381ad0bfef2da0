package cloudtag_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

func TestVotesReachTheThresholdInsideTheWindow(t *testing.T) {
	tests := []struct {
		name     string
		tags     []time.Duration // offsets from start; each by another shop
		statuses []TagStatus
		state    CaseState
	}{
		{"one", []time.Duration{0}, []TagStatus{TagAccumulating}, CaseAccumulating},
		{"two", []time.Duration{0, day}, repeated(TagAccumulating, 2), CaseAccumulating},
		{"three", []time.Duration{0, day, 2 * day}, repeated(TagSucceeded, 3), CaseConfirmed},
		{"a fourth succeeds on arrival", []time.Duration{0, day, 2 * day, 3 * day}, repeated(TagSucceeded, 4), CaseConfirmed},
		{"at the same instant", []time.Duration{0, 0, 0}, repeated(TagSucceeded, 3), CaseConfirmed},
		{
			"the first is one millisecond younger than the window",
			[]time.Duration{time.Millisecond, day, window}, repeated(TagSucceeded, 3), CaseConfirmed,
		},
		{
			"the first is exactly as old as the window",
			[]time.Duration{0, day, window}, []TagStatus{TagExpired, TagAccumulating, TagAccumulating}, CaseAccumulating,
		},
		{
			"three, of which no three are in one window",
			[]time.Duration{0, 100 * day, 200 * day, 300 * day},
			[]TagStatus{TagExpired, TagExpired, TagAccumulating, TagAccumulating}, CaseAccumulating,
		},
		{
			"what has succeeded stays so while the count drops, and the case lapses",
			[]time.Duration{0, day, 2 * day, 182 * day}, append(repeated(TagSucceeded, 3), TagAccumulating), CaseLapsed,
		},
		{
			"a lapsed case confirms again",
			[]time.Duration{0, day, 2 * day, 183 * day, 184 * day, 185 * day}, repeated(TagSucceeded, 6), CaseConfirmed,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			script := newCaseScript(t)
			var orders []OrderNo
			for i, offset := range test.tags {
				orders = append(orders, script.tag(MerchantID(rune('A'+i)), start.Add(offset)))
			}
			if got := script.statuses(orders...); !slices.Equal(got, test.statuses) {
				t.Errorf("statuses %v, want %v", got, test.statuses)
			}
			if script.stored.State != test.state {
				t.Errorf("state %s, want %s", script.stored.State, test.state)
			}
		})
	}
}

func TestVotesCountEntities(t *testing.T) {
	script := newCaseScript(t)
	first := script.tagAs("A", "family", start)
	second := script.tagAs("B", "family", start.Add(day))
	third := script.tagAs("C", "family", start.Add(2*day))
	fourth := script.tag("A2", start.Add(3*day))
	if script.stored.Votes != 2 || script.stored.State != CaseAccumulating {
		t.Fatalf("three shops of one entity and another: %d votes, %s", script.stored.Votes, script.stored.State)
	}
	fifth := script.tag("D", start.Add(4*day))
	if got := script.statuses(first, second, third, fourth, fifth); !slices.Equal(got, repeated(TagSucceeded, 5)) {
		t.Errorf("after a third entity: %v", got)
	}
}

func TestTagsOfOneShopAreOneVote(t *testing.T) {
	script := newCaseScript(t)
	for i := range 5 {
		script.tag("A", start.Add(time.Duration(i)*time.Hour))
	}
	if script.stored.Votes != 1 || script.count(ActionTagSucceeded) != 0 {
		t.Errorf("%d votes, %d flips", script.stored.Votes, script.count(ActionTagSucceeded))
	}
}

// More tags than countEntities searches linearly.
func TestManyShopsOfOneEntityAreOneVote(t *testing.T) {
	script := newCaseScript(t)
	for i := range 50 {
		script.tagAs(MerchantID(fmt.Sprintf("shop-%d", i)), EntityID(fmt.Sprintf("entity-%d", i%2)), start.Add(time.Duration(i)*time.Minute))
	}
	if c := script.stored; c.Votes != 2 || c.State != CaseAccumulating {
		t.Errorf("%d votes, %s", c.Votes, c.State)
	}
}

func TestTagsSucceedOnce(t *testing.T) {
	script := newCaseScript(t)
	for i := range 6 {
		script.tag(MerchantID(rune('A'+i)), start.Add(time.Duration(i)*time.Hour))
		script.evaluate(start.Add(time.Duration(i) * time.Hour))
	}
	if got := script.count(ActionTagSubmitted); got != 6 {
		t.Errorf("%d submissions logged, want 6", got)
	}
	if got := script.count(ActionTagSucceeded); got != 6 {
		t.Errorf("%d flips logged, want 6", got)
	}
	if got := script.count(ActionCaseConfirmed); got != 1 {
		t.Errorf("%d confirmations logged, want 1", got)
	}
}

func TestTagsExpireExactlyAtTheEndOfTheWindow(t *testing.T) {
	script := newCaseScript(t)
	order := script.tag("A", start)
	if want := start.Add(window); !script.stored.WakeAt().Equal(want) {
		t.Fatalf("wakes at %v, want %v", script.stored.WakeAt(), want)
	}
	script.evaluate(start.Add(window - time.Millisecond))
	if got := script.tags[order].Status; got != TagAccumulating {
		t.Fatalf("a millisecond before the end: %s", got)
	}
	script.evaluate(start.Add(window))
	tag := script.tags[order]
	if tag.Status != TagExpired || tag.Live || tag.Version != 2 || !tag.StatusChangedAt.Equal(start.Add(window)) {
		t.Errorf("at the end: %+v", tag)
	}
	if script.stored.State != CaseExpired || !script.stored.WakeAt().IsZero() {
		t.Errorf("case %s wakes at %v", script.stored.State, script.stored.WakeAt())
	}
	script.tag("B", start.Add(window+day))
	if script.stored.State != CaseAccumulating || script.count(ActionCaseReopened) != 1 {
		t.Errorf("after a new tag: %s", script.stored.State)
	}
}

func TestSweepingMakesNoDifference(t *testing.T) {
	offsets := []time.Duration{0, day, 2 * day, 181 * day, 182 * day, 183 * day, 184 * day}
	run := func(sweep bool) ([]TagStatus, Case) {
		script := newCaseScript(t)
		var orders []OrderNo
		for i, offset := range offsets {
			if sweep {
				script.evaluateIfOpen(start.Add(offset - time.Hour))
			}
			orders = append(orders, script.tag(MerchantID(rune('A'+i)), start.Add(offset)))
		}
		return script.statuses(orders...), *script.stored
	}
	plainStatuses, plain := run(false)
	sweptStatuses, swept := run(true)
	if !slices.Equal(plainStatuses, sweptStatuses) || plain.State != swept.State || plain.Votes != swept.Votes {
		t.Errorf("without sweeps %v %s %d, with sweeps %v %s %d",
			plainStatuses, plain.State, plain.Votes, sweptStatuses, swept.State, swept.Votes)
	}
}

func TestCaseClockIsMonotonic(t *testing.T) {
	script := newCaseScript(t)
	script.tag("A", start.Add(10*day))
	script.tag("B", start.Add(day)) // the system clock stepped back
	if want := start.Add(10 * day); !script.stored.EvaluatedAt.Equal(want) {
		t.Errorf("evaluated at %v, want %v", script.stored.EvaluatedAt, want)
	}
	third := script.tag("C", start.Add(2*day))
	if script.tags[third].Status != TagSucceeded {
		t.Errorf("three entities within the window: %s", script.tags[third].Status)
	}
}

func TestHoldsPreventConfirmation(t *testing.T) {
	script := newCaseScript(t)
	script.policy.HoldBursts = true
	script.tag("A", start)
	script.tag("B", start.Add(30*time.Minute))
	third := script.tag("C", start.Add(time.Hour))
	if script.tags[third].Status != TagAccumulating || script.stored.State != CaseAccumulating {
		t.Errorf("held: tag %s, case %s", script.tags[third].Status, script.stored.State)
	}
	if script.stored.Handling != HandlingPending {
		t.Errorf("a held case waits for a reviewer, is %s", script.stored.Handling)
	}
	if !slices.Equal(script.stored.Holds, []string{HoldBurst}) {
		t.Errorf("holds %v", script.stored.Holds)
	}
}

func TestVoidedTagsDoNotCount(t *testing.T) {
	script := newCaseScript(t)
	first := script.tag("A", start)
	script.tag("B", start.Add(time.Hour))
	script.apply(func(file *CaseFile) {
		if err := file.Void(first, "rev", "a mistake", start.Add(2*time.Hour)); err != nil {
			t.Fatal(err)
		}
	})
	if tag := script.tags[first]; tag.Status != TagVoided || tag.Live || script.stored.Votes != 1 {
		t.Errorf("voided: %s, votes %d", tag.Status, script.stored.Votes)
	}
	third := script.tag("C", start.Add(3*time.Hour))
	if script.tags[third].Status != TagAccumulating {
		t.Errorf("two votes are left: %s", script.tags[third].Status)
	}
	fourth := script.tag("D", start.Add(4*time.Hour))
	if script.tags[fourth].Status != TagSucceeded || script.tags[first].Status != TagVoided {
		t.Errorf("three votes again: %s, voided one %s", script.tags[fourth].Status, script.tags[first].Status)
	}
}

func TestVoidRejectsOtherTags(t *testing.T) {
	script := newCaseScript(t)
	order := script.tag("A", start)
	script.tag("B", start)
	script.tag("C", start)
	before := len(script.entries)
	script.apply(func(file *CaseFile) {
		if err := file.Void("unknown", "rev", "why", start); CodeOf(err) != CodeNotFound {
			t.Errorf("unknown order: %v", err)
		}
		if err := file.Void(order, "rev", "why", start); CodeOf(err) != CodeInvalidState {
			t.Errorf("succeeded tag: %v", err)
		}
	})
	if len(script.entries) != before {
		t.Error("a refused voiding left entries")
	}
}

func TestDiscountRecountsWithoutTheShop(t *testing.T) {
	tests := []struct {
		name    string
		shops   []MerchantID
		revoked MerchantID
		own     TagStatus // of the revoked shop's tags
		others  TagStatus
		votes   int
		state   CaseState
		pending bool
	}{
		{"below the threshold", []MerchantID{"A", "B"}, "A", TagVoided, TagAccumulating, 1, CaseAccumulating, true},
		{"threshold lost: back to the queue", []MerchantID{"A", "B", "C"}, "A", TagSucceeded, TagSucceeded, 2, CaseLapsed, true},
		{"threshold kept", []MerchantID{"A", "B", "C", "D"}, "A", TagSucceeded, TagSucceeded, 3, CaseConfirmed, false},
		{"only its own", []MerchantID{"A", "A"}, "A", TagVoided, "", 0, CaseExpired, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			script := newCaseScript(t)
			for i, shop := range test.shops {
				script.tag(shop, start.Add(time.Duration(i)*time.Minute))
			}
			at := start.Add(time.Hour)
			script.apply(func(file *CaseFile) { file.Discount(test.revoked, "admin", "false report", at) })
			for _, tag := range script.tags {
				want := test.others
				if tag.MerchantID == test.revoked {
					want = test.own
					if tag.Live {
						t.Error("a revoked shop's tag is still a vote")
					}
				}
				if tag.Status != want {
					t.Errorf("tag of %s: %s, want %s", tag.MerchantID, tag.Status, want)
				}
			}
			c := script.stored
			if c.Votes != test.votes || c.State != test.state || (c.Handling == HandlingPending) != test.pending {
				t.Errorf("case: %d votes, %s, %s", c.Votes, c.State, c.Handling)
			}
			logged := len(script.entries)
			script.apply(func(file *CaseFile) { file.Discount(test.revoked, "admin", "false report", at) })
			if len(script.entries) != logged {
				t.Error("recounting again changed something")
			}
		})
	}
}

func TestReassignMergesVotes(t *testing.T) {
	script := newCaseScript(t)
	script.tag("A", start)
	script.tag("B", start.Add(time.Minute))
	script.apply(func(file *CaseFile) { file.Reassign("B", "A", "system:recount", "same owner", start.Add(time.Hour)) })
	if script.stored.Votes != 1 || script.count(ActionTagReassigned) != 1 {
		t.Errorf("%d votes, %d reassigned", script.stored.Votes, script.count(ActionTagReassigned))
	}
	third := script.tag("C", start.Add(2*time.Hour))
	if script.tags[third].Status != TagAccumulating {
		t.Errorf("two parties: %s", script.tags[third].Status)
	}
}

func TestRiskAdjustsTheThreshold(t *testing.T) {
	script := newCaseScript(t)
	script.tag("A", start)
	second := script.tag("B", start.Add(time.Minute))
	script.risk = &RiskProfile{BuyerID: testBuyer, Score: 70, UpdatedAt: start}
	script.evaluate(start.Add(time.Hour))
	if script.tags[second].Status != TagSucceeded || script.stored.Threshold != 2 || script.stored.RiskLevel != RiskHigh {
		t.Errorf("HIGH risk: tag %s, threshold %d, %s", script.tags[second].Status, script.stored.Threshold, script.stored.RiskLevel)
	}
	script.risk = &RiskProfile{BuyerID: testBuyer, Score: 0, UpdatedAt: start}
	script.evaluate(start.Add(2 * time.Hour))
	if script.tags[second].Status != TagSucceeded || script.stored.State != CaseLapsed || script.stored.Threshold != 4 {
		t.Errorf("LOW risk: tag %s, case %s, threshold %d", script.tags[second].Status, script.stored.State, script.stored.Threshold)
	}
}
