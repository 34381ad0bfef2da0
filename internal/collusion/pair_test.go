package collusion_test

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"
	"time"

	. "cloudtag/internal/cloudtag"
	. "cloudtag/internal/cloudtagtest"
	"cloudtag/internal/collusion"
)

// TestLinkedPairs compares the chance with binomials counted exactly.
func TestLinkedPairs(t *testing.T) {
	tests := []struct {
		name   string
		counts collusion.PairCounts
		linked bool
	}{
		{"five of ten each", collusion.PairCounts{Common: 5, BuyersOfA: 10, BuyersOfB: 10, Buyers: 1000, Pairs: 100}, true},
		{"the same, of a small market", collusion.PairCounts{Common: 5, BuyersOfA: 10, BuyersOfB: 10, Buyers: 50, Pairs: 100}, false},
		{"one account in common too few", collusion.PairCounts{Common: 4, BuyersOfA: 4, BuyersOfB: 4, Buyers: 10_000, Pairs: 1}, false},
		{"camouflage is no help: 45 of 150", collusion.PairCounts{Common: 45, BuyersOfA: 150, BuyersOfB: 150, Buyers: 1300, Pairs: 5000}, true},
		{"a chance that many pairs make likely", collusion.PairCounts{Common: 5, BuyersOfA: 10, BuyersOfB: 10, Buyers: 1000, Pairs: 10_000}, false},
		{"a ring that tags over a tenth of all accounts", collusion.PairCounts{Common: 150, BuyersOfA: 150, BuyersOfB: 150, Buyers: 1300, Pairs: 5000}, true},
		{"two large shops by chance", collusion.PairCounts{Common: 20, BuyersOfA: 150, BuyersOfB: 150, Buyers: 1300, Pairs: 5000}, false},
		{"nothing", collusion.PairCounts{}, false},
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

// colluding is a market where A and B tag the same six accounts, and many others tag their own.
func colluding(t *testing.T) *Office {
	t.Helper()
	o := NewOffice(t)
	for i := range 200 {
		o.SubmitOne("D", BuyerID(fmt.Sprintf("own-%d", i)))
	}
	for i := range 6 {
		buyer := BuyerID(fmt.Sprintf("victim-%d", i))
		o.SubmitOne("A", buyer)
		o.SubmitOne("B", buyer)
	}
	o.Clock.Time = o.Clock.Time.Add(time.Hour)
	o.SubmitOne("D", "completes the instant before")
	return o
}

func TestCollusionIsFoundFromTheLogOnce(t *testing.T) {
	o := colluding(t)
	service := collusion.New(o.Store, o.Clock)
	for range 2 {
		if err := service.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	pairs, err := service.List(t.Context(), Person("rev", RoleReviewer))
	if err != nil || len(pairs) != 1 {
		t.Fatalf("%+v, %v", pairs, err)
	}
	if got := pairs[0]; got.A != "A" || got.B != "B" || got.Common != 6 || got.BuyersOfA != 6 || got.Buyers != 206 {
		t.Errorf("%+v", got)
	}
	if _, err := service.List(t.Context(), ShopCaller("A")); CodeOf(err) != CodeForbidden {
		t.Errorf("a merchant: %v", err)
	}
}

// The list without pages ends at 1,000; the pages have all of it, in the same order.
func TestPagesOfPairsGoOnWhereTheListEnds(t *testing.T) {
	const more = 1205
	o := NewOffice(t)
	service, reviewer := collusion.New(o.Store, o.Clock), Person("rita", RoleReviewer)
	for n := range more { // those with most in common are stored last, by their names
		pair := collusion.PairCounts{A: MerchantID(fmt.Sprintf("a-%04d", n)), B: "b", Common: 5 + n/3, BuyersOfA: 9, BuyersOfB: 9, Buyers: 10_000}
		if err := collusion.SaveLinkedPair(t.Context(), o.Store, collusion.LinkedPair{PairCounts: pair, At: Start}); err != nil {
			t.Fatal(err)
		}
	}
	var total int
	var all []collusion.LinkedPair
	hundred := 100
	for request, next := (PageRequest{First: &hundred}), true; next; {
		page, count, err := service.Page(t.Context(), reviewer, request)
		if err != nil {
			t.Fatal(err)
		}
		all, total, next = append(all, page.Items...), count, page.HasNextPage
		request.After = page.Cursors[len(page.Cursors)-1]
	}
	listed, err := service.List(t.Context(), reviewer)
	if err != nil || len(all) != more || total != more || len(listed) != 1000 || !slices.Equal(listed, all[:1000]) {
		t.Fatalf("%d in pages of %d, %d listed (%v)", len(all), total, len(listed), err)
	}
	if !slices.IsSortedFunc(all, func(a, b collusion.LinkedPair) int { return b.Common - a.Common }) || all[0].A != "a-1204" {
		t.Error("the pairs with most in common don't come first")
	}
	if _, _, err := service.Page(t.Context(), Person("shop", RoleMerchant), PageRequest{}); CodeOf(err) != CodeForbidden {
		t.Errorf("a shop: %v", err)
	}
}
