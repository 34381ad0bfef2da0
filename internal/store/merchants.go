package store

import (
	"context"
	"slices"
	"time"

	"cloudtag/internal/cloudtag"
)

func merchantOf(record *merchantRecord) cloudtag.Merchant { return record.Merchant }

// Merchants returns shops by identifier.
func (s *Store) Merchants(ctx context.Context, ids []cloudtag.MerchantID) (map[cloudtag.MerchantID]cloudtag.Merchant, error) {
	return find(ctx, s, s.kinds.Merchants, ids, merchantOf)
}

// MerchantPage returns the matching shops of a slice, by identifier. It walks the identifiers.
func (s *Store) MerchantPage(ctx context.Context, filter cloudtag.MerchantFilter, slice cloudtag.Slice) ([]cloudtag.Merchant, bool, error) {
	var merchants []cloudtag.Merchant
	err := s.walkMerchants(ctx, filter, slice, func(merchant cloudtag.Merchant) bool {
		merchants = append(merchants, merchant)
		return len(merchants) <= slice.Limit
	})
	more := len(merchants) > slice.Limit
	merchants = merchants[:min(slice.Limit, len(merchants))]
	if slice.Backward {
		slices.Reverse(merchants)
	}
	return merchants, more, err
}

// walkMerchants visits the matching shops, in the direction of the slice, until next returns false.
func (s *Store) walkMerchants(ctx context.Context, filter cloudtag.MerchantFilter, slice cloudtag.Slice, next func(cloudtag.Merchant) bool) error {
	query := Query{Kind: s.kinds.Merchants}.within(false, slice)
	query.Limit = scanPage
	if filter.Search == "" && filter.Permission == "" {
		query.Limit = min(scanPage, slice.Limit+1)
	}
	for more := true; more; {
		var merchants []cloudtag.Merchant
		var err error
		if merchants, more, err = list(ctx, s, query, merchantOf); err != nil {
			return err
		}
		for _, merchant := range merchants {
			if filter.Matches(merchant) && !next(merchant) {
				return nil
			}
			if position := (Position{ID: string(merchant.ID)}); query.Descending {
				query.Below = &position
			} else {
				query.Above = &position
			}
		}
	}
	return nil
}

// CountMerchants counts the matching shops, up to limit.
func (s *Store) CountMerchants(ctx context.Context, filter cloudtag.MerchantFilter, limit int) (count int, err error) {
	err = s.walkMerchants(ctx, filter, cloudtag.Slice{Limit: limit}, func(cloudtag.Merchant) bool {
		count++
		return count < limit
	})
	return count, err
}

// PutMerchants stores shops by identifier. Shops keep their permission and creation time.
func (s *Store) PutMerchants(
	ctx context.Context, merchants []cloudtag.Merchant, entryFor func(before *cloudtag.Merchant, after cloudtag.Merchant) cloudtag.Entry,
) ([]cloudtag.PutResult, error) {
	rows := mapSlice(merchants, func(merchant cloudtag.Merchant) merchantRecord { return merchantRecord{Merchant: merchant} })
	return putRows(ctx, s, "store shops", s.kinds.Merchants, rows, func(tx Tx, next, stored *merchantRecord) cloudtag.PutResult {
		var before *cloudtag.Merchant
		if stored != nil {
			before = &stored.Merchant
			next.Permission, next.CreatedAt = before.Permission, before.CreatedAt
			next.Recount = stored.Recount || before.EntityID != next.EntityID
			if *before == next.Merchant {
				return cloudtag.PutUnchanged
			}
		}
		tx.Append(entryFor(before, next.Merchant))
		return cloudtag.PutStored
	}, nil)
}

// changeMerchant stores the shop that edit has changed, unless it returns false. NOT_FOUND if there is no such shop.
func (s *Store) changeMerchant(tx Tx, id cloudtag.MerchantID, edit func(*merchantRecord) (changed bool, err error)) error {
	ref := Ref{s.kinds.Merchants, string(id)}
	stored, err := getOne[merchantRecord](tx.Get, ref)
	if err != nil {
		return err
	}
	if stored == nil {
		return cloudtag.NotFound()
	}
	next := *stored
	changed, err := edit(&next)
	if err == nil && changed {
		tx.Put(ref.Kind, &next)
	}
	return err
}

// SetPermission changes a shop's permission and appends its entry.
func (s *Store) SetPermission(ctx context.Context, merchant cloudtag.MerchantID, permission cloudtag.Permission, entry cloudtag.Entry) error {
	return s.engine.Update(ctx, "set a shop's permission", func(tx Tx) error {
		err := s.changeMerchant(tx, merchant, func(shop *merchantRecord) (bool, error) {
			if shop.Permission == cloudtag.PermissionRevoked {
				return false, cloudtag.Refuse(cloudtag.CodeInvalidState, cloudtag.Text{
					ZH: "该店铺的权限已被永久取消，不能再更改。",
					EN: "The shop's permission was revoked for good and can't be changed.",
				})
			}
			shop.Permission = permission
			return true, nil
		})
		if err == nil {
			tx.Append(entry)
		}
		return err
	})
}

// MerchantsToRecount returns shops that are marked, by identifier.
func (s *Store) MerchantsToRecount(ctx context.Context, limit int) ([]cloudtag.Merchant, error) {
	merchants, _, err := list(ctx, s, Query{
		Kind: s.kinds.Merchants, Index: byMark, Equal: []any{int64(1)}, Limit: limit,
	}, merchantOf)
	return merchants, err
}

// MerchantRecounted clears the mark unless the shop's entity has changed again since.
func (s *Store) MerchantRecounted(ctx context.Context, merchant cloudtag.MerchantID, entity cloudtag.EntityID) error {
	return s.engine.Update(ctx, "mark a shop as recounted", func(tx Tx) error {
		err := s.changeMerchant(tx, merchant, func(shop *merchantRecord) (bool, error) {
			marked := shop.Recount && shop.EntityID == entity
			shop.Recount = shop.Recount && !marked
			return marked, nil
		})
		if cloudtag.CodeOf(err) == cloudtag.CodeNotFound {
			return nil
		}
		return err
	})
}

// MerchantCounts returns the counts of shops that have tags.
func (s *Store) MerchantCounts(ctx context.Context, ids []cloudtag.MerchantID) (map[cloudtag.MerchantID]cloudtag.MerchantCounts, error) {
	return find(ctx, s, s.kinds.ShopCounts, ids, func(counts *shopCountsRecord) cloudtag.MerchantCounts {
		return counts.MerchantCounts
	})
}

// shareCounted bounds the orders of a shop that are counted for its share, and with them the cost for the largest shop.
const shareCounted = 10_000

// shareHalvings bounds how often the period is halved: 180 days are reduced to some seconds.
const shareHalvings = 20

// TagShare counts a shop's orders of a period, and those of them with a tag. Only the indexes by shop are read: a tag is
// submitted after its order was placed, and records when that was.
func (s *Store) TagShare(ctx context.Context, merchant cloudtag.MerchantID, since, now time.Time) (share cloudtag.TagShare, err error) {
	orders := Query{Kind: s.kinds.Orders, Index: byMerchant, Equal: []any{string(merchant)}, Sort: "placedAt", Limit: shareCounted + 1}
	for range shareHalvings {
		query := orders
		query.between("placedAt", after(since), millis(now)+1)
		if share.Orders, err = s.engine.Count(ctx, query); err != nil {
			return share, err
		}
		if share.Orders <= shareCounted {
			break
		}
		since = since.Add(now.Sub(since) / 2)
	}
	share.Since = since
	if share.Orders == 0 {
		return share, nil
	}
	tags := Query{Kind: s.kinds.Tags, Index: byMerchant, Equal: []any{string(merchant)}, Sort: "submittedAt", Limit: share.Orders}
	tags.between("submittedAt", after(since), nil)
	tags.between("placedAt", after(since), millis(now)+1)
	share.Tagged, err = s.engine.Count(ctx, tags)
	return share, err
}

// countTags updates the counts of shops for tags that are added or changed.
func (s *Store) countTags(tx Tx, tags []cloudtag.Tag) error {
	shops := mapSlice(tags, func(tag cloudtag.Tag) cloudtag.MerchantID { return tag.MerchantID })
	orders := mapSlice(tags, func(tag cloudtag.Tag) cloudtag.OrderNo { return tag.OrderNo })
	records, err := tx.Get(append(refsOf(s.kinds.ShopCounts, shops), refsOf(s.kinds.Tags, orders)...)...)
	if err != nil {
		return err
	}
	changed := make(map[cloudtag.MerchantID]*shopCountsRecord)
	for _, tag := range tags {
		counts := changed[tag.MerchantID]
		if counts == nil {
			counts = &shopCountsRecord{MerchantID: tag.MerchantID}
			if stored := found[shopCountsRecord](records, Ref{s.kinds.ShopCounts, string(tag.MerchantID)}); stored != nil {
				*counts = *stored
			}
			changed[tag.MerchantID] = counts
		}
		if before := found[cloudtag.Tag](records, Ref{s.kinds.Tags, string(tag.OrderNo)}); before != nil {
			counts.Add(before.Status, -1)
		}
		counts.Add(tag.Status, 1)
	}
	for _, counts := range changed {
		if stored := found[shopCountsRecord](records, Ref{s.kinds.ShopCounts, string(counts.MerchantID)}); stored == nil || *stored != *counts {
			tx.Put(s.kinds.ShopCounts, counts)
		}
	}
	return nil
}
