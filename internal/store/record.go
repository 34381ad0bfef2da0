package store

import (
	"context"
	"slices"

	"cloudtag/internal/cloudtag"
)

// Record stores a submission; repeated reports that its batch was stored before.
func (s *Store) Record(
	ctx context.Context, submission cloudtag.Submission, edit func(*cloudtag.CaseFile, []cloudtag.Tag),
) (stored cloudtag.Batch, repeated bool, err error) {
	err = s.engine.Update(ctx, "record a batch", func(tx Tx) (err error) {
		stored, repeated, err = s.record(tx, submission, edit)
		return err
	})
	if err != nil {
		return cloudtag.Batch{}, false, err
	}
	return stored, repeated, nil
}

func (s *Store) record(
	tx Tx, submission cloudtag.Submission, edit func(*cloudtag.CaseFile, []cloudtag.Tag),
) (batch cloudtag.Batch, repeated bool, err error) {
	batch = submission.Batch
	records, err := tx.Get(s.refsOfSubmission(submission)...)
	if err != nil {
		return batch, false, err
	}
	if batch.Key != "" {
		if earlier := found[cloudtag.Batch](records, Ref{s.kinds.Batches, batchKey(batch.MerchantID, batch.Key)}); earlier != nil {
			return copyOfBatch(earlier), true, nil
		}
		shop := found[merchantRecord](records, Ref{s.kinds.Merchants, string(batch.MerchantID)})
		if shop == nil {
			return batch, false, cloudtag.NotFound()
		}
		if err := shop.Permission.Refusal(); err != nil {
			return batch, false, err
		}
	}
	batch.Results = slices.Clone(batch.Results)
	ids, byCase := cloudtag.GroupByCase(s.untagged(records, submission.Tags, batch.Results))
	files, err := s.open(tx, records, ids, byCase)
	if err != nil {
		return batch, false, err
	}
	for _, file := range files {
		edit(file.CaseFile, file.tags)
	}
	if err := s.putFiles(tx, files); err != nil {
		return batch, false, err
	}
	if batch.Key != "" {
		kept := copyOfBatch(&batch)
		tx.Put(s.kinds.Batches, &kept)
	}
	return batch, false, nil
}

// refsOfSubmission returns the records that recording a submission needs, except the live tags of its cases.
func (s *Store) refsOfSubmission(submission cloudtag.Submission) []Ref {
	batch := submission.Batch
	var shops []cloudtag.MerchantID
	var orders []cloudtag.OrderNo
	if batch.Key != "" {
		shops = append(shops, batch.MerchantID)
	}
	for _, tag := range submission.Tags {
		shops, orders = append(shops, tag.MerchantID), append(orders, tag.OrderNo)
	}
	refs := append(refsOf(s.kinds.Merchants, shops), refsOf(s.kinds.Tags, orders)...)
	refs = append(refs, refsOf(s.kinds.ShopCounts, shops)...)
	if batch.Key != "" {
		refs = append(refs, Ref{s.kinds.Batches, batchKey(batch.MerchantID, batch.Key)})
	}
	return append(refs, s.refsOfCases(mapSlice(submission.Tags, cloudtag.Tag.CaseID))...)
}

// untagged returns the tags whose orders have none yet, with their shops' current entities, and sets the results of the
// others to ALREADY_TAGGED.
func (s *Store) untagged(records map[Ref]any, tags []cloudtag.Tag, results []cloudtag.OrderResult) []cloudtag.Tag {
	isTagged := func(order cloudtag.OrderNo) bool {
		return found[cloudtag.Tag](records, Ref{s.kinds.Tags, string(order)}) != nil
	}
	for i, result := range results {
		if result.Accepted() && isTagged(result.OrderNo) {
			results[i].Code = cloudtag.CodeAlreadyTagged
		}
	}
	untagged := make([]cloudtag.Tag, 0, len(tags))
	for _, tag := range tags {
		if isTagged(tag.OrderNo) {
			continue
		}
		if shop := found[merchantRecord](records, Ref{s.kinds.Merchants, string(tag.MerchantID)}); shop != nil {
			tag.EntityID = shop.EntityID
		}
		untagged = append(untagged, tag)
	}
	return untagged
}

// Batch returns the batch stored under a shop's idempotency key, or NOT_FOUND.
func (s *Store) Batch(ctx context.Context, merchant cloudtag.MerchantID, key string) (cloudtag.Batch, error) {
	batch, err := getOne[cloudtag.Batch](s.getter(ctx), Ref{s.kinds.Batches, batchKey(merchant, key)})
	switch {
	case err != nil:
		return cloudtag.Batch{}, err
	case batch == nil:
		return cloudtag.Batch{}, cloudtag.NotFound()
	default:
		return *batch, nil
	}
}

// BatchByID returns a batch by identifier, or NOT_FOUND.
func (s *Store) BatchByID(ctx context.Context, id cloudtag.BatchID) (cloudtag.Batch, error) {
	found, _, err := list(ctx, s, Query{
		Kind: s.kinds.Batches, Index: byBatch, Sort: "batchId", Above: &Position{Key: string(id)}, Below: &Position{Key: string(id) + "\x00"}, Limit: 1,
	}, copyOfBatch)
	if err == nil && len(found) == 0 {
		err = cloudtag.NotFound()
	}
	if err != nil {
		return cloudtag.Batch{}, err
	}
	return found[0], nil
}

func copyOfBatch(batch *cloudtag.Batch) cloudtag.Batch {
	copied := *batch
	copied.Results = slices.Clone(batch.Results)
	return copied
}
