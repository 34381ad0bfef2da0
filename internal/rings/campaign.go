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

// Ring is a group of shops under one control that tag good accounts.
type Ring struct {
	Shops     int
	PerTarget int // how many of them, chosen at random, tag each target; 0 means all
}

// String describes the ring.
func (r Ring) String() string {
	if r.PerTarget == 0 {
		return fmt.Sprintf("%d shops, same targets", r.Shops)
	}
	return fmt.Sprintf("%d shops, %d random ones a target", r.Shops, r.PerTarget)
}

// The timing of an attack: one target after the other, slowly enough not to be a burst.
const (
	targetScenario  = cloudtag.ScenarioCode("EXTORTION_CLAIM")
	targetInterval  = 7 * day   // between the first tags of two targets
	maxTagDelay     = 9 * day   // between two tags of a target: a day plus up to maxTagDelay
	joinedWithin    = 60 * day  // a camouflage tag joins a case that an honest shop tagged in the joinedWithin before
	camouflageShift = 10 * day  // a camouflage tag is at most this far from a tag of the attack
	firstAfter      = 500 * day // the attack starts between firstAfter and lastAfter after the data set's
	lastAfter       = 600 * day // first tag, when the market is busiest
	goodRatings     = 5         // a good account has at least this many positive ratings and no negative one
	orderBefore     = 3 * day   // between an order and its tag, as in the data set
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

// campaign is an attack by a ring.
type campaign struct {
	shops   []cloudtag.MerchantID
	targets []cloudtag.BuyerID
	tags    []tagging
}

// dataSet is the market of the bundled data, prepared for simulations.
type dataSet struct {
	honest []tagging // in the order of the file
	orders map[cloudtag.OrderNo]cloudtag.Order
	shops  []cloudtag.MerchantID // those that tag
	good   []cloudtag.BuyerID    // accounts that rings attack
	vetted []vettedShop
}

// vettedShop is a shop that the platform vouches for, from a time on.
type vettedShop struct {
	at   time.Time
	shop cloudtag.MerchantID
}

// readDataSet reads the data set. The platform vouches for a shop once it has served vettedOrders orders.
func readDataSet(vettedOrders int) (*dataSet, error) {
	market, err := demo.Read()
	if err != nil {
		return nil, err
	}
	s := &dataSet{orders: map[cloudtag.OrderNo]cloudtag.Order{}}
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
			s.vetted = append(s.vetted, vettedShop{order.PlacedAt.Add(orderBefore), order.MerchantID})
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

// plan generates a campaign: each target is tagged by its shops one after the other, days apart. Camouflage is the share
// of the ring's tags, in percent, that join cases which honest shops tagged recently.
func (s *dataSet) plan(ring Ring, camouflage, targets int, seed uint64) campaign {
	random := rand.New(rand.NewPCG(seed, uint64(ring.Shops)))
	upTo := func(d time.Duration) time.Duration {
		return time.Duration(random.Int64N(int64(d))).Truncate(time.Millisecond)
	}
	var c campaign
	for i := range ring.Shops {
		c.shops = append(c.shops, cloudtag.MerchantID(fmt.Sprintf("ring-%02d", i)))
	}
	for _, i := range random.Perm(len(s.good))[:targets] {
		c.targets = append(c.targets, s.good[i])
	}
	start := s.honest[0].at.Add(firstAfter + upTo(lastAfter-firstAfter))
	for i, target := range c.targets {
		perTarget := ring.PerTarget
		if perTarget == 0 {
			perTarget = ring.Shops
		}
		at := start.Add(time.Duration(i)*targetInterval + upTo(targetInterval))
		for _, shop := range random.Perm(ring.Shops)[:perTarget] {
			c.tags = append(c.tags, tagging{at: at, shop: c.shops[shop], buyer: target, scenario: targetScenario, ring: true})
			at = at.Add(day + upTo(maxTagDelay))
		}
	}
	slices.SortStableFunc(c.tags, func(a, b tagging) int { return a.at.Compare(b.at) })
	c.tags = append(c.tags, s.camouflage(c.tags, camouflage, random, upTo)...)
	for i := range c.tags {
		c.tags[i].order = cloudtag.OrderNo(fmt.Sprintf("ring-%06d", i))
	}
	return c
}

// camouflage generates the camouflage tags of an attack, share percent of all its tags.
func (s *dataSet) camouflage(attack []tagging, share int, random *rand.Rand, upTo func(time.Duration) time.Duration) []tagging {
	honest := slices.Clone(s.honest)
	slices.SortStableFunc(honest, func(a, b tagging) int { return a.at.Compare(b.at) })
	indexAfter := func(at time.Time) int {
		i, _ := slices.BinarySearchFunc(honest, at, func(t tagging, at time.Time) int { return cmp.Or(t.at.Compare(at), -1) })
		return i
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
			for _, of := range honest[indexAfter(at.Add(-joinedWithin)):indexAfter(at)] {
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
