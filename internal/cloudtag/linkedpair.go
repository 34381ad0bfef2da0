package cloudtag

import (
	"math"
	"slices"
	"time"
)

// What makes two shops a linked pair, and votes a burst. They are facts to look at, never verdicts: whether they have
// any effect is for the policy's switches, which are off by default.
const (
	linkedCommonBuyers = 5    // at least so many accounts tagged by both
	linkedChance       = 1e-5 // at most so likely that any pair of all would have as many in common by chance
	linkLasts          = 180 * 24 * time.Hour
	burstWithin        = time.Hour
	// meetingShops is with how many of the shops that tagged an account before a new one is compared, latest first: it
	// keeps the cost of a tag the same however many there are.
	meetingShops = 20
)

// PairCounts is how often two shops tagged the same accounts.
type PairCounts struct {
	A         MerchantID `json:"a"` // before B
	B         MerchantID `json:"b"`
	Common    int        `json:"common"`    // accounts tagged by both
	BuyersOfA int        `json:"buyersOfA"` // accounts tagged by A
	BuyersOfB int        `json:"buyersOfB"`
	Buyers    int        `json:"buyers"` // accounts tagged by anybody
	Pairs     int        `json:"pairs"`  // pairs of shops with an account in common: so many were looked at
}

// Lift is how many times more accounts the shops have in common than two shops that tag by chance would.
func (p PairCounts) Lift() float64 {
	if p.BuyersOfA == 0 || p.BuyersOfB == 0 {
		return 0
	}
	return float64(p.Common) * float64(p.Buyers) / (float64(p.BuyersOfA) * float64(p.BuyersOfB))
}

// Chance is how likely it is that some pair, of all that were looked at, has so many accounts in common by chance: the tail
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

// LinkHolds reports whether a pair that last showed to be linked at a time still counts as linked at another: a link decays
// with time, and is not dropped by what the shops do beside it.
func LinkHolds(linkedAt, now time.Time) bool {
	return !linkedAt.IsZero() && now.Sub(linkedAt) < linkLasts
}

// LinkedPair is a linked pair, with the evidence of the latest time that it showed.
type LinkedPair struct {
	PairCounts
	At time.Time
}

// pairsAmong returns the linked pairs of which both shops are among the records', as of a time, by A, then B.
func pairsAmong(records map[MerchantID]TrackRecord, shops []MerchantID, now time.Time) []LinkedPair {
	var pairs []LinkedPair
	for _, shop := range slices.Compact(slices.Sorted(slices.Values(shops))) {
		for _, link := range records[shop].Links {
			if link.With > shop && slices.Contains(shops, link.With) && LinkHolds(link.At, now) {
				pairs = append(pairs, LinkedPair{At: link.At, PairCounts: PairCounts{
					A: shop, B: link.With, Common: link.Common, BuyersOfA: link.Own, BuyersOfB: link.Theirs, Buyers: link.Accounts,
					Pairs: link.Pairs,
				}})
			}
		}
	}
	return pairs
}

// Burst is most of a threshold's votes arriving within an hour.
type Burst struct {
	Entities int
	From, To time.Time
}

// FindBurst returns the largest group of entities whose tags arrived within an hour of each other, if it is most of the
// threshold; nil otherwise. live is ordered by time of submission.
func FindBurst(live []Tag, threshold int) *Burst {
	var found *Burst
	first := 0
	for last := range live {
		for live[last].SubmittedAt.Sub(live[first].SubmittedAt) > burstWithin {
			first++
		}
		entities := distinctEntities(live[first : last+1])
		if 2*entities > threshold && entities > 1 && (found == nil || entities > found.Entities) {
			found = &Burst{Entities: entities, From: live[first].SubmittedAt, To: live[last].SubmittedAt}
		}
	}
	return found
}

func distinctEntities(tags []Tag) int {
	seen := make(map[EntityID]struct{}, len(tags))
	for _, tag := range tags {
		seen[tag.EntityID] = struct{}{}
	}
	return len(seen)
}
