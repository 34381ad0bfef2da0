package store

import (
	"context"
	"slices"

	"cloudtag/internal/cloudtag"
)

// Record stores a submission.
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
		if earlier := found[cloudtag.Batch](records, s.kinds.Batches, batchKey(batch.MerchantID, batch.Key)); earlier != nil {
			return copyOfBatch(earlier), true, nil
		}
		shop := found[merchantRecord](records, s.kinds.Merchants, string(batch.MerchantID))
		if shop == nil {
			return batch, false, cloudtag.NotFound()
		}
		if err := shop.Permission.Refusal(); err != nil {
			return batch, false, err
		}
	}
	batch.Results = slices.Clone(batch.Results)
	tags := s.claimOrders(records, submission.Tags, batch.Results)
	files, err := s.openFiles(tx, records, tags)
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

// refsOfSubmission is all that a submission may need but the live tags of its cases.
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
	return append(refs, s.refsOfCases(casesOf(submission.Tags))...)
}

func casesOf(tags []cloudtag.Tag) []cloudtag.CaseID {
	ids := make([]cloudtag.CaseID, len(tags))
	for i, tag := range tags {
		ids[i] = tag.CaseID()
	}
	return ids
}

// claimOrders returns the tags whose orders have none yet, with their shops' entities, and gives the others
// ALREADY_TAGGED in the results.
func (s *Store) claimOrders(records map[Ref]any, tags []cloudtag.Tag, results []cloudtag.OrderResult) []cloudtag.Tag {
	taken := func(order cloudtag.OrderNo) bool {
		return found[cloudtag.Tag](records, s.kinds.Tags, string(order)) != nil
	}
	for i, result := range results {
		if result.Accepted() && taken(result.OrderNo) {
			results[i].Code = cloudtag.CodeAlreadyTagged
		}
	}
	free := make([]cloudtag.Tag, 0, len(tags))
	for _, tag := range tags {
		if taken(tag.OrderNo) {
			continue
		}
		if shop := found[merchantRecord](records, s.kinds.Merchants, string(tag.MerchantID)); shop != nil {
			tag.EntityID = shop.EntityID
		}
		free = append(free, tag)
	}
	return free
}

// Batch returns the batch stored under a shop's idempotency key, or NOT_FOUND.
func (s *Store) Batch(ctx context.Context, merchant cloudtag.MerchantID, key string) (cloudtag.Batch, error) {
	ref := Ref{s.kinds.Batches, batchKey(merchant, key)}
	records, err := s.engine.Get(ctx, []Ref{ref})
	if err != nil {
		return cloudtag.Batch{}, err
	}
	if batch := found[cloudtag.Batch](records, ref.Kind, ref.ID); batch != nil {
		return *batch, nil
	}
	return cloudtag.Batch{}, cloudtag.NotFound()
}

// BatchByID returns the batch of an identifier, or NOT_FOUND.
func (s *Store) BatchByID(ctx context.Context, id cloudtag.BatchID) (cloudtag.Batch, error) {
	found, _, err := list(ctx, s, Query{
		Kind: s.kinds.Batches, Index: byBatch, Sort: "batchId", Above: &Place{Key: string(id)}, Below: &Place{Key: string(id) + "\x00"}, Limit: 1,
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
