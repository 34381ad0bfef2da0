package collusion

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"cloudtag/internal/cloudtag"
)

// Signals are the facts of a case that suggest collusion.
type Signals struct {
	Burst *cloudtag.Burst // nil for none
	Pairs []LinkedPair    // among the shops with live tags
}

// Signals returns the signals of each case, given the cases' live tags in order of submission. FORBIDDEN unless the caller may
// see cases.
func (s *Service) Signals(
	ctx context.Context, caller cloudtag.Caller, cases []cloudtag.Case, live map[cloudtag.CaseID][]cloudtag.Tag,
) (map[cloudtag.CaseID]Signals, error) {
	if !caller.MaySeeCases() {
		return nil, cloudtag.Forbidden()
	}
	records, err := s.findRecords(ctx, shopsOf(slices.Concat(slices.Collect(maps.Values(live))...)))
	if err != nil {
		return nil, err
	}
	now := s.clock.Now()
	signals := make(map[cloudtag.CaseID]Signals, len(cases))
	for _, c := range cases {
		links := cloudtag.LinksAmong(records, shopsOf(live[c.ID]), now)
		signals[c.ID] = Signals{Burst: cloudtag.FindBurst(live[c.ID], c.Threshold), Pairs: pairsOf(links)}
	}
	return signals, nil
}

// StandingOut returns those shops of each case's live tags that have a [ShopSignal], by identifier. FORBIDDEN unless the caller
// may see cases.
func (s *Service) StandingOut(
	ctx context.Context, caller cloudtag.Caller, cases []cloudtag.Case, live map[cloudtag.CaseID][]cloudtag.Tag,
) (map[cloudtag.CaseID][]cloudtag.MerchantID, error) {
	if !caller.MaySeeCases() {
		return nil, cloudtag.Forbidden()
	}
	signals, err := s.shopSignals(ctx, shopsOf(slices.Concat(slices.Collect(maps.Values(live))...)))
	if err != nil {
		return nil, err
	}
	standing := make(map[cloudtag.CaseID][]cloudtag.MerchantID, len(cases))
	for _, c := range cases {
		standing[c.ID] = slices.DeleteFunc(shopsOf(live[c.ID]), func(shop cloudtag.MerchantID) bool { return len(signals[shop]) == 0 })
	}
	return standing, nil
}

const (
	recentTags     = 1000 // whose shops [Service.ShopsStandingOut] examines
	standingListed = 50
)

// ShopsStandingOut returns those of the shops of the latest 1,000 tags that have a [ShopSignal], the least likely by chance
// first, 50 at most. FORBIDDEN unless the caller reviews.
func (s *Service) ShopsStandingOut(ctx context.Context, caller cloudtag.Caller) ([]cloudtag.MerchantID, error) {
	if !caller.Reviews() {
		return nil, cloudtag.Forbidden()
	}
	tags, _, err := s.store.TagPage(ctx, cloudtag.TagFilter{}, cloudtag.TagsBySubmittedDesc, cloudtag.Slice{Limit: recentTags})
	if err != nil {
		return nil, fmt.Errorf("read tags: %w", err)
	}
	shops := shopsOf(tags)
	signals, err := s.shopSignals(ctx, shops)
	if err != nil {
		return nil, err
	}
	least := make(map[cloudtag.MerchantID]float64, len(shops))
	shops = slices.DeleteFunc(shops, func(shop cloudtag.MerchantID) bool {
		least[shop] = 1
		for _, signal := range signals[shop] {
			least[shop] = min(least[shop], signal.Chance)
		}
		return least[shop] == 1
	})
	slices.SortStableFunc(shops, func(a, b cloudtag.MerchantID) int { return cmp.Compare(least[a], least[b]) })
	return shops[:min(standingListed, len(shops))], nil
}

// shopSignals returns the signals of shops; a shop without any has none.
func (s *Service) shopSignals(ctx context.Context, shops []cloudtag.MerchantID) (map[cloudtag.MerchantID][]ShopSignal, error) {
	records, err := s.findRecords(ctx, shops)
	if err != nil {
		return nil, err
	}
	now := s.clock.Now()
	shares, err := s.findTagShares(ctx, shops, now)
	if err != nil {
		return nil, err
	}
	signals := make(map[cloudtag.MerchantID][]ShopSignal, len(shops))
	for _, shop := range shops {
		signals[shop] = ShopSignals(records[shop], shares[shop], now)
	}
	return signals, nil
}

// shopsOf returns the shops of tags, by identifier.
func shopsOf(tags []cloudtag.Tag) []cloudtag.MerchantID {
	shops := make([]cloudtag.MerchantID, len(tags))
	for i, tag := range tags {
		shops[i] = tag.MerchantID
	}
	slices.Sort(shops)
	return slices.Compact(shops)
}
