package sqlite

import (
	"context"
	"database/sql"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/cloudtag"
)

const (
	tagOwnColumns = `c.id, t.order_no, t.lane, t.live, t.submitted_at, t.changed_at, t.handle_by, t.handled_at, t.version,
	t.batch_id, t.note`
	tagColumns = tagOwnColumns + ", shop.word, entity.word"
	tagNames   = ` CROSS JOIN words shop ON shop.no = t.merchant_no CROSS JOIN words entity ON entity.no = t.entity_no`
)

// tagRow holds the columns of tagOwnColumns.
type tagRow struct {
	caseID, order, batch, note            string
	lane, version                         int64
	live                                  bool
	submitted, changed, handleBy, handled sql.NullInt64
}

func (r *tagRow) fields() []any {
	return []any{
		&r.caseID, &r.order, &r.lane, &r.live, &r.submitted, &r.changed, &r.handleBy, &r.handled, &r.version,
		&r.batch, &r.note,
	}
}

func (r *tagRow) tag(shop, entity string) cloudtag.Tag {
	changed := r.changed
	if !changed.Valid {
		changed = r.submitted
	}
	scenario, buyer, _ := cloudtag.CaseID(r.caseID).Parts()
	return cloudtag.Tag{
		OrderNo: cloudtag.OrderNo(r.order), Scenario: scenario, MerchantID: cloudtag.MerchantID(shop),
		EntityID: cloudtag.EntityID(entity), BuyerID: buyer, Note: r.note, Status: tagLaneOf(r.lane).status, Live: r.live,
		SubmittedAt: timeOf(r.submitted), StatusChangedAt: timeOf(changed), HandleBy: timeOf(r.handleBy),
		HandledAt: timeOf(r.handled), BatchID: cloudtag.BatchID(r.batch), Version: int(r.version),
	}
}

// scanTag reads a row of tagColumns.
func scanTag(rows *sql.Rows) (cloudtag.Tag, cloudtag.CaseID, error) {
	var row tagRow
	var shop, entity string
	if err := rows.Scan(append(row.fields(), &shop, &entity)...); err != nil {
		return cloudtag.Tag{}, "", err
	}
	return row.tag(shop, entity), cloudtag.CaseID(row.caseID), nil
}

const tagsByOrder = "SELECT " + tagColumns + `
	FROM json_each(?) j CROSS JOIN tags t ON t.order_no = j.value CROSS JOIN cases c ON c.no = t.case_no` + tagNames

// TagsByOrder returns tags by order number.
func (s *Store) TagsByOrder(
	ctx context.Context, orders []cloudtag.OrderNo,
) (tags map[cloudtag.OrderNo]cloudtag.Tag, err error) {
	err = s.read(ctx, "read tags", func(r *reading) error {
		tags, err = readTags(r, "", orders)
		return err
	})
	return tags, err
}

// readTags returns tags by order number: a shop's, or whosever for no shop.
func readTags(q querier, merchant cloudtag.MerchantID, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Tag, error) {
	keys, err := sqlitefile.KeyList(orders)
	if err != nil {
		return nil, err
	}
	tags := make(map[cloudtag.OrderNo]cloudtag.Tag, len(orders))
	query, values := tagsByOrder, []any{keys}
	if merchant != "" {
		query, values = tagsOf, []any{keys, string(merchant)}
	}
	err = q.Each(query, values, func(rows *sql.Rows) error {
		tag, _, err := scanTag(rows)
		tags[tag.OrderNo] = tag
		return err
	})
	return tags, err
}

const tagsOf = "SELECT " + tagColumns + `
	FROM json_each(?) j CROSS JOIN tags t ON t.order_no = j.value AND t.merchant_no = (SELECT no FROM words WHERE word = ?)
	CROSS JOIN cases c ON c.no = t.case_no` + tagNames

// TagsOf returns a shop's tags by order number.
func (s *Store) TagsOf(
	ctx context.Context, merchant cloudtag.MerchantID, orders []cloudtag.OrderNo,
) (tags map[cloudtag.OrderNo]cloudtag.Tag, err error) {
	err = s.read(ctx, "read a shop's tags", func(r *reading) error {
		tags, err = readTags(r, merchant, orders)
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
	keys, err := sqlitefile.KeyList(cases)
	if err != nil {
		return nil, err
	}
	tags := make(map[cloudtag.CaseID][]cloudtag.Tag)
	err = q.Each(liveTagsOfCases, []any{keys}, func(rows *sql.Rows) error {
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
		ids, err = readCaseIDs(r, liveCasesOf, string(merchant), string(after), int64(limit))
		return err
	})
	return ids, err
}

const countLiveCasesOf = `SELECT count(DISTINCT t.case_no)
	FROM words shop CROSS JOIN tags t INDEXED BY tags_by_merchant ON t.merchant_no = shop.no
	WHERE shop.word = ? AND t.live = 1`

// CountLiveCasesOf counts the cases in which a shop has live tags. What it looks at is bounded by the shop's tags.
func (s *Store) CountLiveCasesOf(ctx context.Context, merchant cloudtag.MerchantID) (count int, err error) {
	err = s.read(ctx, "count the live cases of a shop", func(r *reading) error {
		return r.One(countLiveCasesOf, []any{string(merchant)}, &count)
	})
	return count, err
}
