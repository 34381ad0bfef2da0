package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"cloudtag/internal/cloudtag"
)

// Batch returns what is stored under a shop's key.
func (s *Store) Batch(
	ctx context.Context, merchant cloudtag.MerchantID, key string,
) (batch cloudtag.Batch, err error) {
	err = s.read(ctx, "read a batch", func(r *reading) error {
		batch, err = readBatch(r, merchant, key)
		return err
	})
	return batch, err
}

// BatchByID returns the batch of an identifier.
func (s *Store) BatchByID(ctx context.Context, id cloudtag.BatchID) (batch cloudtag.Batch, err error) {
	err = s.read(ctx, "read a batch", func(r *reading) error {
		var row batchRow
		var merchant, key string
		err := r.One(batchByID, []any{string(id)}, append(row.fields(), &merchant, &key)...)
		if errors.Is(err, sql.ErrNoRows) {
			return cloudtag.NotFound()
		}
		if err == nil {
			batch, err = row.batch(cloudtag.MerchantID(merchant), key)
		}
		return err
	})
	return batch, err
}

const batchByID = "SELECT " + batchColumns + `, shop.word, b.key
	FROM batches b INDEXED BY batches_by_id CROSS JOIN words shop ON shop.no = b.merchant_no
	WHERE b.id = ?`

const batchColumns = "b.id, b.input_hash, b.scenario, b.submitted_at, b.results"

// batchRow holds batchColumns.
type batchRow struct {
	id, hash, scenario, results string
	submitted                   sql.NullInt64
}

func (r *batchRow) fields() []any {
	return []any{&r.id, &r.hash, &r.scenario, &r.submitted, &r.results}
}

func (r *batchRow) batch(merchant cloudtag.MerchantID, key string) (cloudtag.Batch, error) {
	batch := cloudtag.Batch{
		ID: cloudtag.BatchID(r.id), MerchantID: merchant, Key: key, InputHash: r.hash,
		Scenario: cloudtag.ScenarioCode(r.scenario), SubmittedAt: timeOf(r.submitted),
	}
	if err := json.Unmarshal([]byte(r.results), &batch.Results); err != nil {
		return cloudtag.Batch{}, fmt.Errorf("results of batch %s: %w", r.id, err)
	}
	return batch, nil
}

const batchByKey = "SELECT " + batchColumns + `
	FROM words shop CROSS JOIN batches b INDEXED BY batches_by_key ON b.merchant_no = shop.no
	WHERE shop.word = ? AND b.key = ?`

func readBatch(q querier, merchant cloudtag.MerchantID, key string) (cloudtag.Batch, error) {
	var row batchRow
	err := q.One(batchByKey, []any{string(merchant), key}, row.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		return cloudtag.Batch{}, cloudtag.NotFound()
	}
	if err != nil {
		return cloudtag.Batch{}, err
	}
	return row.batch(merchant, key)
}

var batchesTable = &table{name: "batches", columns: []string{
	"no", "merchant_no", "key", "id", "input_hash", "scenario", "submitted_at", "results",
}}

func storeBatch(w *work, batch cloudtag.Batch) error {
	merchant, err := w.word(string(batch.MerchantID))
	if err != nil {
		return err
	}
	results, err := json.Marshal(batch.Results)
	if err != nil {
		return err
	}
	w.numbers.batchNo++
	return w.insert(batchesTable, []any{
		w.numbers.batchNo, merchant, batch.Key, string(batch.ID), batch.InputHash, string(batch.Scenario),
		storedTime(batch.SubmittedAt), string(results),
	})
}
