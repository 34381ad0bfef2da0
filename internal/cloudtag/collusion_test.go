package cloudtag_test

import (
	"fmt"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

func TestLinkedPairs(t *testing.T) {
	tests := []struct {
		name   string
		counts PairCounts
		lift   float64
		linked bool
	}{
		{"at every limit", PairCounts{Common: 5, BuyersOfA: 10, BuyersOfB: 10, Buyers: 200}, 10, true},
		{"one account in common too few", PairCounts{Common: 4, BuyersOfA: 4, BuyersOfB: 4, Buyers: 200}, 50, false},
		{"less than half of the smaller shop's", PairCounts{Common: 5, BuyersOfA: 11, BuyersOfB: 30, Buyers: 10_000}, 151.515, false},
		{"no more than chance", PairCounts{Common: 5, BuyersOfA: 10, BuyersOfB: 10, Buyers: 199}, 9.95, false},
		{"a small shop inside a large one", PairCounts{Common: 6, BuyersOfA: 6, BuyersOfB: 1000, Buyers: 10_000}, 10, true},
		{"nothing", PairCounts{}, 0, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := test.counts.Lift(); got-test.lift > 0.001 || test.lift-got > 0.001 {
				t.Errorf("lift %v, want %v", got, test.lift)
			}
			if got := test.counts.Linked(); got != test.linked {
				t.Errorf("linked %t", got)
			}
		})
	}
}

func TestBursts(t *testing.T) {
	tests := []struct {
		name      string
		threshold int
		at        []time.Duration
		entities  int // 0: no burst
	}{
		{"two of three within exactly an hour", 3, []time.Duration{0, time.Hour}, 2},
		{"a millisecond more", 3, []time.Duration{0, time.Hour + time.Millisecond}, 0},
		{"two of four are half, not most", 4, []time.Duration{0, time.Minute}, 0},
		{"three of four", 4, []time.Duration{0, 50 * time.Minute, time.Hour}, 3},
		{"the group in the middle", 3, []time.Duration{0, day, day + time.Minute, 2 * day}, 2},
		{"one vote is no burst", 2, []time.Duration{0}, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var live []Tag
			for i, at := range test.at {
				live = append(live, Tag{EntityID: EntityID(fmt.Sprint(i)), SubmittedAt: start.Add(at)})
			}
			got := FindBurst(live, test.threshold)
			if (got == nil) != (test.entities == 0) || got != nil && got.Entities != test.entities {
				t.Errorf("%+v", got)
			}
		})
	}
}

// colluding is a market where A and B tag the same six accounts, and many others tag their own.
func colluding(t *testing.T) *office {
	t.Helper()
	o := newOffice(t)
	for i := range 200 {
		o.submitOne("D", BuyerID(fmt.Sprintf("own-%d", i)))
	}
	for i := range 6 {
		buyer := BuyerID(fmt.Sprintf("victim-%d", i))
		o.submitOne("A", buyer)
		o.submitOne("B", buyer)
	}
	return o
}

func TestCollusionIsFoundFromTheLogOnce(t *testing.T) {
	o := colluding(t)
	collusion := NewCollusion(o.store)
	for range 2 {
		if err := collusion.Carry(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	pairs, err := collusion.List(t.Context(), person("rev", RoleReviewer))
	if err != nil || len(pairs) != 1 {
		t.Fatalf("%+v, %v", pairs, err)
	}
	if got := pairs[0]; got.A != "A" || got.B != "B" || got.Common != 6 || got.BuyersOfA != 6 || got.Buyers != 206 {
		t.Errorf("%+v", got)
	}
	if _, err := collusion.List(t.Context(), shopCaller("A")); CodeOf(err) != CodeForbidden {
		t.Errorf("a merchant: %v", err)
	}
}

func TestThePolicysSwitchesDecideWhatALinkedPairMeans(t *testing.T) {
	pair := []LinkedPair{{PairCounts: PairCounts{A: "A", B: "B"}}}
	tests := []struct {
		name   string
		set    func(*Policy)
		votes  int
		status TagStatus
		held   bool
	}{
		{"off", func(*Policy) {}, 3, TagSucceeded, false},
		{"count once", func(p *Policy) { p.LinkedPairsCountOnce = true }, 2, TagAccumulating, false},
		{"hold", func(p *Policy) { p.HoldLinkedPairs = true }, 3, TagAccumulating, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			script := newCaseScript(t)
			test.set(&script.policy)
			script.links = pair
			script.tag("A", start)
			script.tag("B", start.Add(2*time.Hour))
			last := script.tag("C", start.Add(4*time.Hour))
			c := script.stored
			if c.Votes != test.votes || script.tags[last].Status != test.status || (len(c.Holds) > 0) != test.held {
				t.Errorf("%d votes, %s, holds %v", c.Votes, script.tags[last].Status, c.Holds)
			}
			if test.status == TagAccumulating && c.Handling != HandlingPending {
				t.Errorf("the case is %s", c.Handling)
			}
		})
	}
}
