package rings

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/demo"
)

// Ring is a group of shops of one party that tag good accounts.
type Ring struct {
	Shops     int
	PerTarget int // how many of them, chosen at random, tag each target; 0: all
}

// String describes the ring.
func (r Ring) String() string {
	if r.PerTarget == 0 {
		return fmt.Sprintf("%d shops, same targets", r.Shops)
	}
	return fmt.Sprintf("%d shops, %d random ones a target", r.Shops, r.PerTarget)
}

// How a ring goes about it: slowly enough for no burst, with one target after the other.
const (
	targetScenario  = cloudtag.ScenarioCode("EXTORTION_CLAIM")
	targetEvery     = 7 * day   // from one target's first tag to the next one's
	ringTagSpread   = 9 * day   // between two tags of a target: one day and up to so much
	joinedWithin    = 60 * day  // camouflage joins a case that an honest shop tagged within that time
	camouflageShift = 10 * day  // … at up to so far from a tag of the attack
	firstAfter      = 500 * day // the ring starts between that and
	lastAfter       = 600 * day // that after the data set's first tag, when the market is busiest
	goodRatings     = 5         // a good account has at least so many good ratings, and no bad one
	orderBefore     = 3 * day   // as in the data set
	day             = 24 * time.Hour
)

// tagging is one tag of a campaign, or of the data set.
type tagging struct {
	at       time.Time
	shop     cloudtag.MerchantID
	buyer    cloudtag.BuyerID
	scenario cloudtag.ScenarioCode
	order    cloudtag.OrderNo
	ring     bool
}

// campaign is what a ring does.
type campaign struct {
	shops   []cloudtag.MerchantID
	targets []cloudtag.BuyerID
	tags    []tagging
}

// scene is the real market that rings act in.
type scene struct {
	honest []tagging // in the order of the file
	orders map[cloudtag.OrderNo]cloudtag.Order
	shops  []cloudtag.MerchantID // those that tag
	good   []cloudtag.BuyerID
	vetted []vetting
}

// vetting is when the platform vouches for a shop.
type vetting struct {
	at   time.Time
	shop cloudtag.MerchantID
}

// readScene reads the data set. The platform vouches for a shop once it has served so many orders.
func readScene(vettedOrders int) (*scene, error) {
	market, err := demo.Read()
	if err != nil {
		return nil, err
	}
	s := &scene{orders: map[cloudtag.OrderNo]cloudtag.Order{}}
	for _, order := range market.Orders {
		s.orders[order.OrderNo] = order
	}
	bad := map[cloudtag.BuyerID]bool{}
	tagged := map[cloudtag.OrderNo]bool{}
	tags := map[cloudtag.MerchantID]bool{}
	for _, tag := range market.Tags {
		order := s.orders[tag.OrderNo]
		bad[order.BuyerID], tagged[tag.OrderNo], tags[order.MerchantID] = true, true, true
		s.honest = append(s.honest, tagging{tag.SubmittedAt, order.MerchantID, order.BuyerID, tag.Scenario, tag.OrderNo, false})
	}
	praise, served := map[cloudtag.BuyerID]int{}, map[cloudtag.MerchantID]int{}
	for _, order := range market.Orders {
		if !tagged[order.OrderNo] {
			praise[order.BuyerID]++
		}
		if served[order.MerchantID]++; served[order.MerchantID] == vettedOrders && tags[order.MerchantID] {
			s.vetted = append(s.vetted, vetting{order.PlacedAt.Add(orderBefore), order.MerchantID})
		}
	}
	for buyer, count := range praise {
		if count >= goodRatings && !bad[buyer] {
			s.good = append(s.good, buyer)
		}
	}
	slices.Sort(s.good)
	for shop := range tags {
		s.shops = append(s.shops, shop)
	}
	slices.Sort(s.shops)
	return s, nil
}

// plan makes a campaign: every target is tagged by its shops one after the other, days apart; of all tags of the ring a
// share, in per cent, are camouflage, which join accounts that honest shops have tagged lately.
func (s *scene) plan(ring Ring, camouflage, targets int, seed uint64) campaign {
	random := rand.New(rand.NewPCG(seed, uint64(ring.Shops)))
	upTo := func(d time.Duration) time.Duration {
		return time.Duration(random.Int64N(int64(d))).Truncate(time.Millisecond)
	}
	var c campaign
	for i := range ring.Shops {
		c.shops = append(c.shops, cloudtag.MerchantID(fmt.Sprintf("ring-%02d", i)))
	}
	for _, place := range random.Perm(len(s.good))[:targets] {
		c.targets = append(c.targets, s.good[place])
	}
	start := s.honest[0].at.Add(firstAfter + upTo(lastAfter-firstAfter))
	for i, target := range c.targets {
		perTarget := ring.PerTarget
		if perTarget == 0 {
			perTarget = ring.Shops
		}
		at := start.Add(time.Duration(i)*targetEvery + upTo(targetEvery))
		for _, place := range random.Perm(ring.Shops)[:perTarget] {
			c.tags = append(c.tags, tagging{at: at, shop: c.shops[place], buyer: target, scenario: targetScenario, ring: true})
			at = at.Add(day + upTo(ringTagSpread))
		}
	}
	slices.SortStableFunc(c.tags, func(a, b tagging) int { return a.at.Compare(b.at) })
	c.tags = append(c.tags, s.camouflage(c.tags, camouflage, random, upTo)...)
	for i := range c.tags {
		c.tags[i].order = cloudtag.OrderNo(fmt.Sprintf("ring-%06d", i))
	}
	return c
}

func (s *scene) camouflage(attack []tagging, share int, random *rand.Rand, upTo func(time.Duration) time.Duration) []tagging {
	honest := slices.Clone(s.honest)
	slices.SortStableFunc(honest, func(a, b tagging) int { return a.at.Compare(b.at) })
	behind := func(at time.Time) int {
		place, _ := slices.BinarySearchFunc(honest, at, func(t tagging, at time.Time) int { return cmp.Or(t.at.Compare(at), -1) })
		return place
	}
	type joined struct {
		shop  cloudtag.MerchantID
		buyer cloudtag.BuyerID
	}
	done := map[joined]bool{}
	var tags []tagging
	due := 0
	for _, tag := range attack {
		for due += share; due >= 100-share; due -= 100 - share {
			at := tag.at.Add(upTo(2*camouflageShift) - camouflageShift)
			var open []tagging
			for _, of := range honest[behind(at.Add(-joinedWithin)):behind(at)] {
				if !done[joined{tag.shop, of.buyer}] {
					open = append(open, of)
				}
			}
			if len(open) == 0 {
				continue
			}
			of := open[random.IntN(len(open))]
			done[joined{tag.shop, of.buyer}] = true
			tags = append(tags, tagging{at: at, shop: tag.shop, buyer: of.buyer, scenario: of.scenario, ring: true})
		}
	}
	return tags
}
