package collusion

import (
	"context"
	"math"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// What makes two shops a linked pair. It is a fact to look at, never a verdict: whether it has an effect is for the policy's
// switches, which are off by default.
const (
	linkedCommonBuyers = 5    // accounts tagged by both, at least
	linkedChance       = 1e-5 // that any pair of all has as many in common by chance, at most
)

// PairCounts is how often two shops tagged the same accounts.
type PairCounts struct {
	A         cloudtag.MerchantID `json:"a"` // before B
	B         cloudtag.MerchantID `json:"b"`
	Common    int                 `json:"common"`    // accounts tagged by both
	BuyersOfA int                 `json:"buyersOfA"` // accounts tagged by A
	BuyersOfB int                 `json:"buyersOfB"`
	Buyers    int                 `json:"buyers"` // accounts tagged by any shop
	Pairs     int                 `json:"pairs"`  // pairs of shops with an account in common: so many were examined
}

// Lift is how many times more accounts the shops have in common than two shops that tag by chance would.
func (p PairCounts) Lift() float64 {
	if p.BuyersOfA == 0 || p.BuyersOfB == 0 {
		return 0
	}
	return float64(p.Common) * float64(p.Buyers) / (float64(p.BuyersOfA) * float64(p.BuyersOfB))
}

// Chance is how likely it is that some pair, of all that were examined, has so many accounts in common by chance: the tail
// of the hypergeometric distribution, times the number of pairs (Bonferroni), at most 1.
func (p PairCounts) Chance() float64 {
	tail := hypergeometricTail(p.Buyers, p.BuyersOfA, p.BuyersOfB, p.Common)
	return min(1, tail*float64(max(1, p.Pairs)))
}

// Linked reports whether the shops tag the same accounts more often than chance explains.
func (p PairCounts) Linked() bool {
	return p.Common >= linkedCommonBuyers && p.Chance() <= linkedChance
}

// hypergeometricTail is the probability of at least common hits, where of all accounts marked are marked and drawn are drawn.
func hypergeometricTail(all, marked, drawn, common int) float64 {
	if common <= 0 {
		return 1
	}
	total := logBinomial(all, drawn)
	sum := 0.0
	for hits := common; hits <= min(marked, drawn); hits++ {
		if drawn-hits > all-marked {
			continue
		}
		term := math.Exp(logBinomial(marked, hits) + logBinomial(all-marked, drawn-hits) - total)
		sum += term
		if term < sum*1e-12 {
			break
		}
	}
	return min(1, sum)
}

func logBinomial(n, k int) float64 {
	return logFactorial(n) - logFactorial(k) - logFactorial(n-k)
}

func logFactorial(n int) float64 {
	value, _ := math.Lgamma(float64(n) + 1)
	return value
}

// LinkedPair is a linked pair, with the evidence of when it was last significant.
type LinkedPair struct {
	PairCounts
	At time.Time
}

// pairsOf returns links as pairs.
func pairsOf(links []cloudtag.ShopLink) []LinkedPair {
	var pairs []LinkedPair
	for _, link := range links {
		pairs = append(pairs, LinkedPair{At: link.At, PairCounts: PairCounts{
			A: link.Shop, B: link.With, Common: link.Common, BuyersOfA: link.Own, BuyersOfB: link.Theirs, Buyers: link.Accounts,
			Pairs: link.Pairs,
		}})
	}
	return pairs
}

// linkedPairList names the list of linked pairs in cursors.
const linkedPairList = "lp"

// position is the pair's place in the list: those with most in common have the highest.
func (p LinkedPair) position() cloudtag.Position {
	return cloudtag.Position{Key: int64(p.Common), ID: string(p.A) + "\x00" + string(p.B)}
}

// ranked returns all pairs that are linked now, those with most in common first. They are read whole: how much a pair has in
// common changes with each tag, and shops that tag together are few.
func (s *Service) ranked(ctx context.Context, caller cloudtag.Caller) ([]LinkedPair, error) {
	if !caller.Reviews() {
		return nil, cloudtag.Forbidden()
	}
	records, err := pairCodec().List(ctx, s.store, cloudtag.DocumentFilter{State: linkedState}, math.MaxInt32)
	if err != nil {
		return nil, err
	}
	now := s.clock.Now()
	pairs := make([]LinkedPair, 0, len(records))
	for _, record := range records {
		if cloudtag.LinkHolds(record.LinkedAt, now) {
			pairs = append(pairs, LinkedPair{PairCounts: record.Evidence, At: record.LinkedAt})
		}
	}
	slices.SortFunc(pairs, func(a, b LinkedPair) int { return b.position().Compare(a.position()) })
	return pairs, nil
}

// List returns the first of the pairs that are linked now, 1,000 of them at most, in the order of Page. FORBIDDEN unless the
// caller reviews.
func (s *Service) List(ctx context.Context, caller cloudtag.Caller) ([]LinkedPair, error) {
	pairs, err := s.ranked(ctx, caller)
	return pairs[:min(cloudtag.MaxListed, len(pairs))], err
}

// Page returns a page of the pairs that are linked now, those with most in common first, and how many there are. Errors:
// FORBIDDEN unless the caller reviews, BAD_USER_INPUT.
func (s *Service) Page(ctx context.Context, caller cloudtag.Caller, request cloudtag.PageRequest) (cloudtag.Page[LinkedPair], int, error) {
	pairs, err := s.ranked(ctx, caller)
	if err != nil {
		return cloudtag.Page[LinkedPair]{}, 0, err
	}
	page, err := cloudtag.PageOf(linkedPairList, pairs, request, LinkedPair.position)
	return page, len(pairs), err
}
