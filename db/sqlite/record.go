package sqlite

import (
	"context"
	"database/sql"
	"slices"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/cloudtag"
)

// Record stores a submission. Everything happens in one job: the key, the orders, the cases and the log.
func (s *Store) Record(
	ctx context.Context, submission cloudtag.Submission, edit func(*cloudtag.CaseFile, []cloudtag.Tag),
) (stored cloudtag.Batch, repeated bool, err error) {
	err = s.write(ctx, "record a batch", func(w *work) (err error) {
		stored, repeated, err = record(w, submission, edit)
		return err
	})
	if err != nil {
		return cloudtag.Batch{}, false, err
	}
	return stored, repeated, nil
}

func record(
	w *work, submission cloudtag.Submission, edit func(*cloudtag.CaseFile, []cloudtag.Tag),
) (batch cloudtag.Batch, repeated bool, err error) {
	batch = submission.Batch
	if batch.Key != "" {
		earlier, err := readBatch(w, batch.MerchantID, batch.Key)
		if err == nil {
			return earlier, true, nil
		}
		if cloudtag.CodeOf(err) != cloudtag.CodeNotFound {
			return batch, false, err
		}
	}
	shops, err := shopsOf(w, submission)
	if err != nil {
		return batch, false, err
	}
	if batch.Key != "" {
		shop, found := shops[batch.MerchantID]
		if !found {
			return batch, false, cloudtag.NotFound()
		}
		if err := shop.Permission.Refusal(); err != nil {
			return batch, false, err
		}
	}
	batch.Results = slices.Clone(batch.Results)
	tags, err := claimOrders(w, submission.Tags, batch.Results)
	if err != nil {
		return batch, false, err
	}
	if batch.Key != "" {
		if err := storeBatch(w, batch); err != nil {
			return batch, false, err
		}
	}
	for i := range tags {
		if shop, found := shops[tags[i].MerchantID]; found {
			tags[i].EntityID = shop.EntityID
		}
	}
	return batch, false, carry(w, tags, edit)
}

// shopsOf returns the shops of a submission as they are at this moment.
func shopsOf(w *work, submission cloudtag.Submission) (map[cloudtag.MerchantID]cloudtag.Merchant, error) {
	ids := []cloudtag.MerchantID{submission.Batch.MerchantID}
	for _, tag := range submission.Tags {
		if tag.MerchantID != ids[len(ids)-1] {
			ids = append(ids, tag.MerchantID)
		}
	}
	return readMerchants(w, ids)
}

// claimOrders returns (copies of) the tags whose orders have none yet, and gives the others ALREADY_TAGGED in the results.
func claimOrders(w *work, tags []cloudtag.Tag, results []cloudtag.OrderResult) ([]cloudtag.Tag, error) {
	orders := make([]cloudtag.OrderNo, len(tags))
	for i, tag := range tags {
		orders[i] = tag.OrderNo
	}
	tagged, err := taggedOrders(w, orders)
	if err != nil {
		return nil, err
	}
	for i, result := range results {
		if tagged[result.OrderNo] && result.Accepted() {
			results[i].Code = cloudtag.CodeAlreadyTagged
		}
	}
	free := make([]cloudtag.Tag, 0, len(tags))
	for _, tag := range tags {
		if !tagged[tag.OrderNo] {
			free = append(free, tag)
		}
	}
	return free, nil
}

// taggedOrders returns those of the orders that have a tag.
func taggedOrders(w *work, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]bool, error) {
	keys, err := sqlitefile.KeyList(orders)
	if err != nil {
		return nil, err
	}
	tagged := make(map[cloudtag.OrderNo]bool)
	err = w.Each("SELECT t.order_no FROM json_each(?) j CROSS JOIN tags t ON t.order_no = j.value", []any{keys},
		func(rows *sql.Rows) error {
			var order cloudtag.OrderNo
			err := rows.Scan((*string)(&order))
			tagged[order] = true
			return err
		})
	return tagged, err
}

// carry takes tags into their cases and stores what becomes of them.
func carry(w *work, tags []cloudtag.Tag, edit func(*cloudtag.CaseFile, []cloudtag.Tag)) error {
	if len(tags) == 0 {
		return nil
	}
	ids, byCase := cloudtag.GroupByCase(tags)
	files, err := openFiles(w, ids)
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := weighFile(w, file, byCase[file.id]); err != nil {
			return err
		}
		edit(file.CaseFile, byCase[file.id])
	}
	return storeFiles(w, files)
}

// Amend changes one case.
func (s *Store) Amend(
	ctx context.Context, id cloudtag.CaseID, edit func(*cloudtag.CaseFile) error,
) (after cloudtag.Case, err error) {
	err = s.write(ctx, "amend a case", func(w *work) error {
		files, err := openFiles(w, []cloudtag.CaseID{id})
		if err != nil {
			return err
		}
		file := files[0]
		if !file.Exists() {
			return cloudtag.NotFound()
		}
		if err := weighFile(w, file, nil); err != nil {
			return err
		}
		if err := edit(file.CaseFile); err != nil {
			return err
		}
		after = file.Case
		if change, changed := file.Change(); changed {
			after = change.Case
		}
		return storeFiles(w, files)
	})
	if err != nil {
		return cloudtag.Case{}, err
	}
	return after, nil
}
