package collusion

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cloudtag/internal/cloudtag"
)

// Records returns what became of shops' reports; a shop that never tagged has none. FORBIDDEN unless the caller reviews.
func (s *Service) Records(
	ctx context.Context, caller cloudtag.Caller, shops []cloudtag.MerchantID,
) (map[cloudtag.MerchantID]cloudtag.TrackRecord, error) {
	if !caller.Reviews() {
		return nil, cloudtag.Forbidden()
	}
	return s.findRecords(ctx, shops)
}

func (s *Service) findRecords(
	ctx context.Context, shops []cloudtag.MerchantID,
) (map[cloudtag.MerchantID]cloudtag.TrackRecord, error) {
	ids := make([]string, len(shops))
	for i, shop := range shops {
		ids[i] = cloudtag.ShopRecordID(shop)
	}
	documents, err := s.store.Documents(ctx, cloudtag.KindCollusion, ids)
	if err != nil {
		return nil, fmt.Errorf("find records of shops: %w", err)
	}
	records := make(map[cloudtag.MerchantID]cloudtag.TrackRecord, len(documents))
	for _, document := range documents {
		record, err := cloudtag.TrackRecordCodec().Record(document)
		if err != nil {
			return nil, err
		}
		records[record.MerchantID] = record
	}
	return records, nil
}

// TagShares returns how many of their orders shops tag. FORBIDDEN unless the caller reviews.
func (s *Service) TagShares(
	ctx context.Context, caller cloudtag.Caller, shops []cloudtag.MerchantID,
) (map[cloudtag.MerchantID]cloudtag.TagShare, error) {
	if !caller.Reviews() {
		return nil, cloudtag.Forbidden()
	}
	return s.findTagShares(ctx, shops, s.clock.Now())
}

const (
	tagShareWithin = 180 * 24 * time.Hour
	sharesAtOnce   = 8 // shops whose orders are counted concurrently
)

// findTagShares counts the orders of shops; each has a share.
func (s *Service) findTagShares(
	ctx context.Context, shops []cloudtag.MerchantID, now time.Time,
) (map[cloudtag.MerchantID]cloudtag.TagShare, error) {
	counted, failures := make([]cloudtag.TagShare, len(shops)), make([]error, len(shops))
	cloudtag.Parallel(len(shops), sharesAtOnce, func(i int) {
		counted[i], failures[i] = s.store.TagShare(ctx, shops[i], now.Add(-tagShareWithin), now)
	})
	shares := make(map[cloudtag.MerchantID]cloudtag.TagShare, len(shops))
	for i, shop := range shops {
		shares[shop] = counted[i]
	}
	if err := errors.Join(failures...); err != nil {
		return nil, fmt.Errorf("count orders of shops: %w", err)
	}
	return shares, nil
}
