package cloudtag_test

import (
	"fmt"
	"math"
	"math/big"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
)

// TestLinkedPairs compares the chance with binomials counted exactly.
func TestLinkedPairs(t *testing.T) {
	tests := []struct {
		name   string
		counts PairCounts
		linked bool
	}{
		{"five of ten each", PairCounts{Common: 5, BuyersOfA: 10, BuyersOfB: 10, Buyers: 1000, Pairs: 100}, true},
		{"the same, of a small market", PairCounts{Common: 5, BuyersOfA: 10, BuyersOfB: 10, Buyers: 50, Pairs: 100}, false},
		{"one account in common too few", PairCounts{Common: 4, BuyersOfA: 4, BuyersOfB: 4, Buyers: 10_000, Pairs: 1}, false},
		{"camouflage is no help: 45 of 150", PairCounts{Common: 45, BuyersOfA: 150, BuyersOfB: 150, Buyers: 1300, Pairs: 5000}, true},
		{"a chance that many pairs make likely", PairCounts{Common: 5, BuyersOfA: 10, BuyersOfB: 10, Buyers: 1000, Pairs: 10_000}, false},
		{"a ring that tags over a tenth of all accounts", PairCounts{Common: 150, BuyersOfA: 150, BuyersOfB: 150, Buyers: 1300, Pairs: 5000}, true},
		{"two large shops by chance", PairCounts{Common: 20, BuyersOfA: 150, BuyersOfB: 150, Buyers: 1300, Pairs: 5000}, false},
		{"nothing", PairCounts{}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := test.counts
			want := exactTail(c.Buyers, c.BuyersOfA, c.BuyersOfB, c.Common) * float64(max(1, c.Pairs))
			if got := c.Chance(); math.Abs(got-min(1, want)) > 1e-9*want {
				t.Errorf("chance %g, want %g", got, min(1, want))
			}
			if got := c.Linked(); got != test.linked {
				t.Errorf("linked %t at a chance of %g", got, c.Chance())
			}
		})
	}
}

// exactTail is the tail of the hypergeometric distribution, counted in whole numbers.
func exactTail(all, marked, drawn, common int) float64 {
	sum := new(big.Int)
	for hits := common; hits <= min(marked, drawn); hits++ {
		ways := new(big.Int).Binomial(int64(marked), int64(hits))
		sum.Add(sum, ways.Mul(ways, new(big.Int).Binomial(int64(all-marked), int64(drawn-hits))))
	}
	tail, _ := new(big.Rat).SetFrac(sum, new(big.Int).Binomial(int64(all), int64(drawn))).Float64()
	return tail
}

func TestALinkDecaysWithTime(t *testing.T) {
	for _, test := range []struct {
		after time.Duration
		holds bool
	}{{0, true}, {180*day - time.Millisecond, true}, {180 * day, false}} {
		if got := LinkHolds(start, start.Add(test.after)); got != test.holds {
			t.Errorf("after %s: %t", test.after, got)
		}
	}
	if LinkHolds(time.Time{}, start) {
		t.Error("a pair that was never linked")
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
	o.clock.now = o.clock.now.Add(time.Hour)
	o.submitOne("D", "the entry that tells the instant before is over")
	return o
}

func TestCollusionIsFoundFromTheLogOnce(t *testing.T) {
	o := colluding(t)
	collusion := NewCollusion(o.store, o.clock)
	for range 2 {
		if err := collusion.CatchUp(t.Context()); err != nil {
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
			script.records = linkedShops("A", "B", start)
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
