package cloudtag

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
)

func recordIDs(shops []MerchantID, buyer BuyerID) []string {
	ids := make([]string, 0, len(shops)+1)
	for _, shop := range shops {
		ids = append(ids, shopRecordID(shop))
	}
	if buyer != "" {
		ids = append(ids, accountRecordID(buyer))
	}
	return ids
}

// recordsIn reads the documents that recordIDs names.
func recordsIn(documents map[string]Document, buyer BuyerID) (map[MerchantID]TrackRecord, *accountRecord, error) {
	records := make(map[MerchantID]TrackRecord, len(documents))
	var account *accountRecord
	for id, document := range documents {
		if buyer != "" && id == accountRecordID(buyer) {
			record, err := accountRecordCodec().Record(document)
			if err != nil {
				return nil, nil, err
			}
			account = &record
			continue
		}
		record, err := trackRecordCodec().Record(document)
		if err != nil {
			return nil, nil, err
		}
		records[record.MerchantID] = record
	}
	return records, account, nil
}

// findRecords returns the records of shops; a shop without one is not in it.
func findRecords(ctx context.Context, store DocumentReader, shops []MerchantID) (map[MerchantID]TrackRecord, error) {
	documents, err := store.Documents(ctx, KindCollusion, recordIDs(shops, ""))
	if err != nil {
		return nil, fmt.Errorf("find records of shops: %w", err)
	}
	records, _, err := recordsIn(documents, "")
	return records, err
}

// Records returns what became of shops' reports; a shop that never tagged has an empty record. FORBIDDEN unless the caller
// reviews.
func (c *Collusion) Records(ctx context.Context, caller Caller, shops []MerchantID) (map[MerchantID]TrackRecord, error) {
	if !caller.Reviews() {
		return nil, Forbidden()
	}
	return findRecords(ctx, c.store, shops)
}

// TagShares returns how many of their orders shops tag. FORBIDDEN unless the caller reviews.
func (r *Records) TagShares(ctx context.Context, caller Caller, shops []MerchantID) (map[MerchantID]TagShare, error) {
	if !caller.Reviews() {
		return nil, Forbidden()
	}
	return findTagShares(ctx, r.store, shops, r.clock.Now())
}

// linkedPairList names the list of linked pairs in cursors.
const linkedPairList = "lp"

// position is the pair's place: those with most in common have the highest.
func (p LinkedPair) position() Position {
	return Position{Key: int64(p.Common), ID: string(p.A) + "\x00" + string(p.B)}
}

// ranked returns all pairs that are linked now, those with most in common first. They are read whole: how much a pair has in
// common changes with each tag, and shops that tag together are few.
func (c *Collusion) ranked(ctx context.Context, caller Caller) ([]LinkedPair, error) {
	if !caller.Reviews() {
		return nil, Forbidden()
	}
	records, err := pairRecordCodec().List(ctx, c.store, DocumentFilter{State: linkedState}, math.MaxInt32)
	if err != nil {
		return nil, err
	}
	now := c.clock.Now()
	pairs := make([]LinkedPair, 0, len(records))
	for _, record := range records {
		if LinkHolds(record.LinkedAt, now) {
			pairs = append(pairs, LinkedPair{PairCounts: record.Evidence, At: record.LinkedAt})
		}
	}
	slices.SortFunc(pairs, func(a, b LinkedPair) int { return b.position().Compare(a.position()) })
	return pairs, nil
}

// List returns the first of the pairs that are linked now, 1,000 of them at most, in the order of Page. FORBIDDEN unless the
// caller reviews.
func (c *Collusion) List(ctx context.Context, caller Caller) ([]LinkedPair, error) {
	pairs, err := c.ranked(ctx, caller)
	return pairs[:min(MaxListed, len(pairs))], err
}

// Page returns a page of the pairs that are linked now, those with most in common first, and how many there are. Errors:
// FORBIDDEN unless the caller reviews, BAD_USER_INPUT.
func (c *Collusion) Page(ctx context.Context, caller Caller, request PageRequest) (Page[LinkedPair], int, error) {
	pairs, err := c.ranked(ctx, caller)
	if err != nil {
		return Page[LinkedPair]{}, 0, err
	}
	page, err := PageOf(linkedPairList, pairs, request, LinkedPair.position)
	return page, len(pairs), err
}

// Signals are what speaks for collusion in a case.
type Signals struct {
	Burst *Burst
	Pairs []LinkedPair // among the shops with live tags
}

// Signals returns what speaks for collusion in each case. FORBIDDEN unless the caller reviews.
func (r *Records) Signals(ctx context.Context, caller Caller, cases []Case) (map[CaseID]Signals, error) {
	live, records, err := r.voters(ctx, caller, cases)
	if err != nil {
		return nil, err
	}
	now := r.clock.Now()
	signals := make(map[CaseID]Signals, len(cases))
	for _, c := range cases {
		shops := shopsOf(map[CaseID][]Tag{c.ID: live[c.ID]})
		signals[c.ID] = Signals{Burst: FindBurst(live[c.ID], c.Threshold), Pairs: pairsAmong(records, shops, now)}
	}
	return signals, nil
}

// StandingOut returns those shops with live tags in each case that have a [ShopSignal], by identifier. FORBIDDEN unless the
// caller reviews.
func (r *Records) StandingOut(ctx context.Context, caller Caller, cases []Case) (map[CaseID][]MerchantID, error) {
	live, records, err := r.voters(ctx, caller, cases)
	if err != nil {
		return nil, err
	}
	now := r.clock.Now()
	shares, err := findTagShares(ctx, r.store, shopsOf(live), now)
	if err != nil {
		return nil, err
	}
	standing := make(map[CaseID][]MerchantID, len(cases))
	for _, c := range cases {
		standing[c.ID] = slices.DeleteFunc(shopsOf(map[CaseID][]Tag{c.ID: live[c.ID]}), func(shop MerchantID) bool {
			return len(ShopSignals(records[shop], shares[shop], now)) == 0
		})
	}
	return standing, nil
}

const (
	recentTags     = 1000 // whose shops are looked at for [Records.ShopsStandingOut]
	standingListed = 50
)

// ShopsStandingOut returns those of the shops that tagged lately, of the latest 1,000 tags, that have a [ShopSignal], the least
// likely by chance first, 50 at most. FORBIDDEN unless the caller reviews.
func (r *Records) ShopsStandingOut(ctx context.Context, caller Caller) ([]MerchantID, error) {
	if !caller.Reviews() {
		return nil, Forbidden()
	}
	tags, _, err := r.store.TagPage(ctx, TagFilter{}, TagsBySubmittedDesc, Slice{Limit: recentTags})
	if err != nil {
		return nil, fmt.Errorf("read tags: %w", err)
	}
	shops, now := shopsOf(map[CaseID][]Tag{"": tags}), r.clock.Now()
	records, err := findRecords(ctx, r.store, shops)
	if err != nil {
		return nil, err
	}
	shares, err := findTagShares(ctx, r.store, shops, now)
	if err != nil {
		return nil, err
	}
	least := make(map[MerchantID]float64, len(shops))
	shops = slices.DeleteFunc(shops, func(shop MerchantID) bool {
		least[shop] = 1
		for _, signal := range ShopSignals(records[shop], shares[shop], now) {
			least[shop] = min(least[shop], signal.Chance)
		}
		return least[shop] == 1
	})
	slices.SortStableFunc(shops, func(a, b MerchantID) int { return cmp.Compare(least[a], least[b]) })
	return shops[:min(standingListed, len(shops))], nil
}

// voters returns the live tags of cases, and the records of their shops.
func (r *Records) voters(ctx context.Context, caller Caller, cases []Case) (map[CaseID][]Tag, map[MerchantID]TrackRecord, error) {
	if !caller.MaySeeCases() {
		return nil, nil, Forbidden()
	}
	ids := make([]CaseID, len(cases))
	for i, c := range cases {
		ids[i] = c.ID
	}
	live, err := r.store.LiveTags(ctx, ids)
	if err != nil {
		return nil, nil, fmt.Errorf("find live tags: %w", err)
	}
	records, err := findRecords(ctx, r.store, shopsOf(live))
	return live, records, err
}

// shopsOf returns the shops of tags, in order.
func shopsOf(live map[CaseID][]Tag) []MerchantID {
	var shops []MerchantID
	for _, tags := range live {
		for _, tag := range tags {
			shops = append(shops, tag.MerchantID)
		}
	}
	slices.Sort(shops)
	return slices.Compact(shops)
}
