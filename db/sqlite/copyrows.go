package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"strconv"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/copying"
)

// CopyRows returns rows of a kind behind a key, for a copy.
func (s *Store) CopyRows(ctx context.Context, kind copying.Kind, after string, limit int) (rows []copying.Row, err error) {
	err = s.read(ctx, "read rows to copy", func(r *reading) error {
		rows, err = copyRows(r, kind, after, int64(limit))
		return err
	})
	return rows, err
}

const (
	copyPolicies  = "SELECT version, document FROM policies WHERE version > ? ORDER BY version LIMIT ?"
	copyMerchants = "SELECT " + merchantColumns + ", m.recount FROM merchants m WHERE m.id > ? ORDER BY m.id LIMIT ?"
	copyOrders    = `SELECT o.order_no, shop.word, o.buyer_id, o.placed_at, o.amount_cents, o.currency, o.freight_insured,
		o.report_outcome FROM orders o CROSS JOIN words shop ON shop.no = o.merchant_no WHERE o.order_no > ? ORDER BY o.order_no LIMIT ?`
	copyRisks = `SELECT r.buyer_id, r.score, r.signals, r.updated_at, r.evaluate FROM risks r
		WHERE r.buyer_id > ? ORDER BY r.buyer_id LIMIT ?`
	copyBatches = "SELECT b.no, shop.word, b.key, " + batchColumns + `
		FROM batches b CROSS JOIN words shop ON shop.no = b.merchant_no WHERE b.no > ? ORDER BY b.no LIMIT ?`
	copyDocuments = "SELECT d.no, d.kind, " + documentColumns + " FROM documents d WHERE d.no > ? ORDER BY d.no LIMIT ?"
)

func copyRows(r *reading, kind copying.Kind, after string, limit int64) ([]copying.Row, error) {
	switch kind {
	case copying.Policies:
		return walkNumbers(r, copyPolicies, after, limit, scanPolicyRow)
	case copying.Merchants:
		return walkNames(r, copyMerchants, after, limit, scanMerchantRow)
	case copying.Orders:
		return walkNames(r, copyOrders, after, limit, func(rows *sql.Rows) (copying.Row, error) {
			order, err := scanOrder(rows)
			return copying.Row{Key: string(order.OrderNo), Value: order}, err
		})
	case copying.Risks:
		return walkNames(r, copyRisks, after, limit, scanRiskRow)
	case copying.Cases:
		return caseRows(r, after, limit)
	case copying.Batches:
		return walkNumbers(r, copyBatches, after, limit, scanBatchRow)
	case copying.Documents:
		return walkNumbers(r, copyDocuments, after, limit, scanDocumentRow)
	case copying.Log:
		return logRows(r, after, limit)
	default:
		return nil, fmt.Errorf("no rows of kind %q are known", kind)
	}
}

type scanRow func(rows *sql.Rows) (copying.Row, error)

func readWalk(r *reading, text string, args []any, scan scanRow) (found []copying.Row, err error) {
	err = r.Each(text, args, func(rows *sql.Rows) error {
		row, err := scan(rows)
		found = append(found, row)
		return err
	})
	return found, err
}

// walkNames walks along a text.
func walkNames(r *reading, text, after string, limit int64, scan scanRow) ([]copying.Row, error) {
	return readWalk(r, text, []any{after, limit}, scan)
}

// walkNumbers walks along a number.
func walkNumbers(r *reading, text, after string, limit int64, scan scanRow) ([]copying.Row, error) {
	number, err := copying.Number(after)
	if err != nil {
		return nil, err
	}
	return readWalk(r, text, []any{number, limit}, scan)
}

func decimal(number int64) string { return strconv.FormatInt(number, 10) }

func scanPolicyRow(rows *sql.Rows) (copying.Row, error) {
	var version int
	var encoded string
	if err := rows.Scan(&version, &encoded); err != nil {
		return copying.Row{}, err
	}
	policy, err := decodePolicy(version, encoded)
	return copying.Row{Key: strconv.Itoa(version), Value: policy}, err
}

func scanMerchantRow(rows *sql.Rows) (copying.Row, error) {
	var recount bool
	merchant, err := scanMerchant(rows, &recount)
	return copying.Row{Key: string(merchant.ID), Value: copying.Merchant{Merchant: merchant, Recount: recount}}, err
}

func scanRiskRow(rows *sql.Rows) (copying.Row, error) {
	var evaluate bool
	profile, err := scanRisk(rows, &evaluate)
	return copying.Row{Key: string(profile.BuyerID), Value: copying.Risk{RiskProfile: profile, Evaluate: evaluate}}, err
}

func scanDocumentRow(rows *sql.Rows) (copying.Row, error) {
	var no, kind int64
	document, err := scanDocument("", rows, &no, &kind)
	if err == nil {
		document.Kind = documentKinds.value(kind)
	}
	return copying.Row{Key: decimal(no), Value: document}, err
}

func scanBatchRow(rows *sql.Rows) (copying.Row, error) {
	var no int64
	var shop, key string
	var row batchRow
	if err := rows.Scan(append([]any{&no, &shop, &key}, row.fields()...)...); err != nil {
		return copying.Row{}, err
	}
	batch, err := row.batch(cloudtag.MerchantID(shop), key)
	return copying.Row{Key: decimal(no), Value: batch}, err
}

// caseRows returns cases with all their tags.
func caseRows(r *reading, after string, limit int64) ([]copying.Row, error) {
	stream := tagStream{after: cloudtag.CaseID(after), names: make(map[int64]string)}
	found, _, err := stream.next(r, int(limit))
	if err != nil {
		return nil, err
	}
	ids := make([]cloudtag.CaseID, len(found))
	for i, c := range found {
		ids[i] = c.id
	}
	cases, err := readCases(r, ids)
	rows := make([]copying.Row, len(found))
	for i, c := range found {
		rows[i] = copying.Row{Key: string(c.id), Value: copying.Case{Case: cases[c.id], Tags: c.tags}}
	}
	return rows, err
}

func logRows(r *reading, after string, limit int64) ([]copying.Row, error) {
	last, err := copying.Number(after)
	if err != nil {
		return nil, err
	}
	entries, err := logRange(r, last, math.MaxInt64, false, int(limit))
	rows := make([]copying.Row, len(entries))
	for i, entry := range entries {
		rows[i] = copying.Row{Key: decimal(entry.Seq), Value: entry}
	}
	return rows, err
}
