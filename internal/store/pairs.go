package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

// Meet records that a shop tagged an account, and returns the counts of its pairs with up to limit others that did.
func (s *Store) Meet(
	ctx context.Context, merchant cloudtag.MerchantID, buyer cloudtag.BuyerID, at time.Time, limit int,
) (pairs []cloudtag.PairCounts, err error) {
	err = s.engine.Update(ctx, "record a meeting", func(tx Tx) error {
		pairs, err = s.meet(tx, merchant, buyer, at, limit)
		return err
	})
	if err != nil {
		return nil, err
	}
	return pairs, nil
}

func (s *Store) meet(tx Tx, merchant cloudtag.MerchantID, buyer cloudtag.BuyerID, at time.Time, limit int) ([]cloudtag.PairCounts, error) {
	records, err := tx.Get(Ref{s.kinds.Meetings, string(buyer)})
	if err != nil {
		return nil, err
	}
	var met meetingRecord
	if stored := found[meetingRecord](records, s.kinds.Meetings, string(buyer)); stored != nil {
		met = *stored
	}
	isShop := func(shop metShop) bool { return shop.MerchantID == merchant }
	others := slices.DeleteFunc(slices.Clone(met.Shops), isShop)
	slices.SortStableFunc(others, func(a, b metShop) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.MerchantID, a.MerchantID))
	})
	others = others[:min(limit, len(others))]
	again := slices.ContainsFunc(met.Shops, isShop)

	shops := []cloudtag.MerchantID{allShops, merchant}
	refs := make([]Ref, 0, 2*len(others)+2)
	for _, other := range others {
		shops = append(shops, other.MerchantID)
		refs = append(refs, Ref{s.kinds.ShopPairs, pairID(min(merchant, other.MerchantID), max(merchant, other.MerchantID))})
	}
	if records, err = tx.Get(append(refs, refsOf(s.kinds.ShopBuyers, shops)...)...); err != nil {
		return nil, err
	}
	buyersOf := func(shop cloudtag.MerchantID) int {
		if stored := found[shopBuyersRecord](records, s.kinds.ShopBuyers, string(shop)); stored != nil {
			return stored.Buyers
		}
		return 0
	}
	total, own := buyersOf(allShops), buyersOf(merchant)
	if !again {
		own++
		tx.Put(s.kinds.ShopBuyers, &shopBuyersRecord{MerchantID: merchant, Buyers: own})
		if len(met.Shops) == 0 {
			total++
			tx.Put(s.kinds.ShopBuyers, &shopBuyersRecord{MerchantID: allShops, Buyers: total})
		}
		met.BuyerID, met.Shops = buyer, append(slices.Clone(met.Shops), metShop{merchant, at})
		tx.Put(s.kinds.Meetings, &met)
	}
	pairs := make([]cloudtag.PairCounts, len(others))
	for i, other := range others {
		pair := shopPairRecord{A: min(merchant, other.MerchantID), B: max(merchant, other.MerchantID)}
		if stored := found[shopPairRecord](records, s.kinds.ShopPairs, pairID(pair.A, pair.B)); stored != nil {
			pair = *stored
		}
		if !again {
			pair.Common++
			tx.Put(s.kinds.ShopPairs, &pair)
		}
		pairs[i] = cloudtag.PairCounts{A: pair.A, B: pair.B, Common: pair.Common, Buyers: total}
		pairs[i].BuyersOfA, pairs[i].BuyersOfB = own, buyersOf(other.MerchantID)
		if pair.A != merchant {
			pairs[i].BuyersOfA, pairs[i].BuyersOfB = pairs[i].BuyersOfB, pairs[i].BuyersOfA
		}
	}
	return pairs, nil
}

// changeLinks stores what edit makes of the linked pairs of which a shop is the first; nothing where it returns false.
func (s *Store) changeLinks(ctx context.Context, name string, shop cloudtag.MerchantID, edit func([]cloudtag.LinkedPair) ([]cloudtag.LinkedPair, bool)) error {
	return s.engine.Update(ctx, name, func(tx Tx) error { return s.editLinks(tx, shop, edit) })
}

func (s *Store) editLinks(tx Tx, shop cloudtag.MerchantID, edit func([]cloudtag.LinkedPair) ([]cloudtag.LinkedPair, bool)) error {
	records, err := tx.Get(Ref{s.kinds.Links, string(shop)})
	if err != nil {
		return err
	}
	next := linksRecord{MerchantID: shop}
	if stored := found[linksRecord](records, s.kinds.Links, string(shop)); stored != nil {
		next.Pairs = slices.Clone(stored.Pairs)
	}
	pairs, changed := edit(next.Pairs)
	if changed {
		next.Pairs = pairs
		tx.Put(s.kinds.Links, &next)
	}
	return nil
}

func byOther(pair cloudtag.LinkedPair, other cloudtag.MerchantID) int {
	return cmp.Compare(pair.B, other)
}

// SaveLinkedPair stores a linked pair, or its newer evidence; evidence from before the stored one changes nothing.
func (s *Store) SaveLinkedPair(ctx context.Context, pair cloudtag.LinkedPair) error {
	return s.changeLinks(ctx, "save a linked pair", pair.A, func(pairs []cloudtag.LinkedPair) ([]cloudtag.LinkedPair, bool) {
		return putLink(pairs, pair)
	})
}

// putLink puts a pair, or its newer evidence, into pairs of one shop.
func putLink(pairs []cloudtag.LinkedPair, pair cloudtag.LinkedPair) ([]cloudtag.LinkedPair, bool) {
	place, known := slices.BinarySearchFunc(pairs, pair.B, byOther)
	switch {
	case !known:
		return slices.Insert(pairs, place, pair), true
	case pair.At.Before(pairs[place].At):
		return pairs, false
	default:
		pairs[place] = pair
		return pairs, true
	}
}

// DropLinkedPair takes a pair out that is no longer linked; there need not be one.
func (s *Store) DropLinkedPair(ctx context.Context, a, b cloudtag.MerchantID) error {
	return s.changeLinks(ctx, "drop a linked pair", a, func(pairs []cloudtag.LinkedPair) ([]cloudtag.LinkedPair, bool) {
		place, known := slices.BinarySearchFunc(pairs, b, byOther)
		if !known {
			return pairs, false
		}
		return slices.Delete(pairs, place, place+1), true
	})
}

// LinkedPairs returns the linked pairs of which both shops are among those given, or all of them for none given.
func (s *Store) LinkedPairs(ctx context.Context, merchants []cloudtag.MerchantID, limit int) ([]cloudtag.LinkedPair, error) {
	if len(merchants) > 0 {
		records, err := s.engine.Get(ctx, refsOf(s.kinds.Links, merchants))
		if err != nil {
			return nil, err
		}
		pairs := s.linksAmong(records, merchants)
		return pairs[:min(limit, len(pairs))], nil
	}
	var pairs []cloudtag.LinkedPair
	query := Query{Kind: s.kinds.Links, Limit: scanPage}
	for more := true; more && len(pairs) < limit; {
		var links []linksRecord
		var err error
		if links, more, err = list(ctx, s, query, itself[linksRecord]); err != nil {
			return nil, err
		}
		for _, of := range links {
			pairs = append(pairs, of.Pairs...)
			query.Above = &Place{ID: string(of.MerchantID)}
		}
	}
	return pairs[:min(limit, len(pairs))], nil
}

// linksAmong returns the pairs of the shops' records of which both are among them, by A, then B.
func (s *Store) linksAmong(records map[Ref]any, shops []cloudtag.MerchantID) []cloudtag.LinkedPair {
	sorted := slices.Compact(slices.Sorted(slices.Values(shops)))
	var pairs []cloudtag.LinkedPair
	for _, shop := range sorted {
		links := found[linksRecord](records, s.kinds.Links, string(shop))
		if links == nil {
			continue
		}
		for _, pair := range links.Pairs {
			if _, among := slices.BinarySearch(sorted, pair.B); among {
				pairs = append(pairs, pair)
			}
		}
	}
	return pairs
}
