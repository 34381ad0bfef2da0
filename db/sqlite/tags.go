package sqlite

import (
	"context"
	"database/sql"

	"cloudtag/internal/cloudtag"
)

const tagColumns = `t.order_no, t.lane, t.live, t.submitted_at, t.changed_at, t.handle_by, t.handled_at, t.version,
	t.batch_id, t.note, c.id, shop.word, entity.word`

const tagNames = ` CROSS JOIN words shop ON shop.no = t.merchant_no CROSS JOIN words entity ON entity.no = t.entity_no`

// scanTag reads a row of tagColumns.
func scanTag(rows *sql.Rows) (cloudtag.Tag, cloudtag.CaseID, error) {
	var order, batch, note, caseID, shop, entity string
	var lane, version int64
	var live bool
	var submitted, changed, handleBy, handled sql.NullInt64
	err := rows.Scan(&order, &lane, &live, &submitted, &changed, &handleBy, &handled, &version, &batch, &note,
		&caseID, &shop, &entity)
	if err != nil {
		return cloudtag.Tag{}, "", err
	}
	if !changed.Valid {
		changed = submitted
	}
	scenario, buyer, _ := cloudtag.CaseID(caseID).Parts()
	return cloudtag.Tag{
		OrderNo: cloudtag.OrderNo(order), Scenario: scenario, MerchantID: cloudtag.MerchantID(shop),
		EntityID: cloudtag.EntityID(entity), BuyerID: buyer, Note: note, Status: tagLaneOf(lane).status, Live: live,
		SubmittedAt: timeOf(submitted), StatusChangedAt: timeOf(changed), HandleBy: timeOf(handleBy),
		HandledAt: timeOf(handled), BatchID: cloudtag.BatchID(batch), Version: int(version),
	}, cloudtag.CaseID(caseID), nil
}

const tagsByOrder = "SELECT " + tagColumns + `
	FROM json_each(?) j CROSS JOIN tags t ON t.order_no = j.value CROSS JOIN cases c ON c.no = t.case_no` + tagNames

// TagsByOrder returns tags by order number.
func (s *Store) TagsByOrder(
	ctx context.Context, orders []cloudtag.OrderNo,
) (tags map[cloudtag.OrderNo]cloudtag.Tag, err error) {
	err = s.read(ctx, "read tags", func(r *reading) error {
		tags, err = readTags(r, orders)
		return err
	})
	return tags, err
}

func readTags(q querier, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Tag, error) {
	keys, err := keyList(orders)
	if err != nil {
		return nil, err
	}
	tags := make(map[cloudtag.OrderNo]cloudtag.Tag, len(orders))
	err = q.each(tagsByOrder, []any{keys}, func(rows *sql.Rows) error {
		tag, _, err := scanTag(rows)
		tags[tag.OrderNo] = tag
		return err
	})
	return tags, err
}

const liveTagsOfCases = "SELECT " + tagColumns + `
	FROM json_each(?) j CROSS JOIN cases c INDEXED BY cases_by_id ON c.id = j.value
	CROSS JOIN tags t INDEXED BY tags_by_case
		ON t.case_no = c.no AND t.submitted_at >= c.live_since AND t.live = 1` + tagNames

// LiveTags returns the live tags of cases. Of each case it looks at the tags since the earliest live one.
func (s *Store) LiveTags(
	ctx context.Context, cases []cloudtag.CaseID,
) (tags map[cloudtag.CaseID][]cloudtag.Tag, err error) {
	err = s.read(ctx, "read live tags", func(r *reading) error {
		tags, err = readLiveTags(r, cases)
		return err
	})
	return tags, err
}

func readLiveTags(q querier, cases []cloudtag.CaseID) (map[cloudtag.CaseID][]cloudtag.Tag, error) {
	keys, err := keyList(cases)
	if err != nil {
		return nil, err
	}
	tags := make(map[cloudtag.CaseID][]cloudtag.Tag)
	err = q.each(liveTagsOfCases, []any{keys}, func(rows *sql.Rows) error {
		tag, id, err := scanTag(rows)
		tags[id] = append(tags[id], tag) // in the order of tags_by_case
		return err
	})
	return tags, err
}

const liveCasesOf = `SELECT DISTINCT c.id
	FROM words shop CROSS JOIN tags t INDEXED BY tags_by_merchant ON t.merchant_no = shop.no
	CROSS JOIN cases c ON c.no = t.case_no
	WHERE shop.word = ? AND t.live = 1 AND c.id > ? ORDER BY c.id LIMIT ?`

// LiveCasesOf returns the cases in which a shop has live tags. What it looks at is bounded by the shop's tags.
func (s *Store) LiveCasesOf(
	ctx context.Context, merchant cloudtag.MerchantID, after cloudtag.CaseID, limit int,
) (ids []cloudtag.CaseID, err error) {
	err = s.read(ctx, "read the live cases of a shop", func(r *reading) error {
		return r.each(liveCasesOf, []any{string(merchant), string(after), int64(limit)}, func(rows *sql.Rows) error {
			var id string
			err := rows.Scan(&id)
			ids = append(ids, cloudtag.CaseID(id))
			return err
		})
	})
	return ids, err
}
