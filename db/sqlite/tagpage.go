package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"cloudtag/db/sqlitefile"
	"cloudtag/internal/cloudtag"
)

// TagPage returns tags that match. Which way it takes depends on the filter:
//   - order numbers: those tags, sorted in memory, bounded by the length of the list;
//   - a buyer: a merge of its cases, at most one per scenario; a shop or statuses are looked at row by row. By change of
//     status the account's tags are sorted in memory. Both are bounded by the account's tags;
//   - everything else: a merge of the lanes that the filter selects, all of whose rows match.
func (s *Store) TagPage(
	ctx context.Context, filter cloudtag.TagFilter, order cloudtag.TagOrder, slice cloudtag.Slice,
) (tags []cloudtag.Tag, more bool, err error) {
	err = s.read(ctx, "read a page of tags", func(r *reading) error {
		listed, all, err := fewTags(r, filter, order)
		if err != nil {
			return err
		}
		if all {
			tags, more = pageOf(listed, order.PositionOf, tagsDescend(order), slice)
			return nil
		}
		tags, more, err = tagWalkPage(r, filter, order, slice)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	return tags, more, nil
}

func tagsDescend(order cloudtag.TagOrder) bool { return order != cloudtag.TagsBySubmittedAsc }

// fewTags returns all tags that match where they are few and no index has their order; all tells whether that is so.
func fewTags(
	q querier, filter cloudtag.TagFilter, order cloudtag.TagOrder,
) (tags []cloudtag.Tag, all bool, err error) {
	var found map[cloudtag.OrderNo]cloudtag.Tag
	switch {
	case len(filter.OrderNos) > 0:
		found, err = readTags(q, filter.MerchantID, filter.OrderNos)
	case filter.BuyerID != "" && order == cloudtag.TagsByStatusChangedDesc:
		found, err = tagsOfBuyer(q, filter.BuyerID, filter.Scenario)
	default:
		return nil, false, nil
	}
	for _, tag := range found {
		if filter.Matches(tag) {
			tags = append(tags, tag)
		}
	}
	return tags, true, err
}

const tagsOfCases = "SELECT " + tagColumns + `
	FROM json_each(?) j CROSS JOIN cases c INDEXED BY cases_by_id ON c.id = j.value
	CROSS JOIN tags t INDEXED BY tags_by_case ON t.case_no = c.no` + tagNames

func tagsOfBuyer(
	q querier, buyer cloudtag.BuyerID, scenario cloudtag.ScenarioCode,
) (map[cloudtag.OrderNo]cloudtag.Tag, error) {
	cases, err := caseIDsOf(q, buyer, scenario)
	if err != nil {
		return nil, err
	}
	keys, err := sqlitefile.KeyList(cases)
	if err != nil {
		return nil, err
	}
	tags := make(map[cloudtag.OrderNo]cloudtag.Tag)
	err = q.Each(tagsOfCases, []any{keys}, func(rows *sql.Rows) error {
		tag, _, err := scanTag(rows)
		tags[tag.OrderNo] = tag
		return err
	})
	return tags, err
}

func tagWalkPage(
	q querier, filter cloudtag.TagFilter, order cloudtag.TagOrder, slice cloudtag.Slice,
) ([]cloudtag.Tag, bool, error) {
	sp, desc := sliceSpan(slice, tagsDescend(order))
	walks, err := tagWalks(q, filter, order, sp)
	if err != nil {
		return nil, false, err
	}
	positions, err := mergeWalks(q, walks, desc, slice.Limit+1)
	if err != nil {
		return nil, false, err
	}
	positions, more := finish(positions, slice)
	orders := make([]cloudtag.OrderNo, len(positions))
	for i, position := range positions {
		orders[i] = cloudtag.OrderNo(position.ID)
	}
	found, err := readTags(q, "", orders)
	if err != nil {
		return nil, false, err
	}
	tags := make([]cloudtag.Tag, len(orders))
	for i, order := range orders {
		tags[i] = found[order]
	}
	return tags, more, nil
}

// tagWalks returns a walk per lane that the filter selects.
func tagWalks(q querier, filter cloudtag.TagFilter, order cloudtag.TagOrder, sp span) ([]*walk, error) {
	scenario, merchant, known, err := tagNumbers(q, filter)
	if err != nil || !known {
		return nil, err
	}
	if filter.BuyerID != "" {
		return buyerWalks(q, filter, merchant, sp)
	}
	lanes, err := tagLanes(q, merchant)
	if err != nil {
		return nil, err
	}
	var walks []*walk
	for _, number := range lanes {
		lane := tagLaneOf(number)
		if !lane.selected(filter, scenario) {
			continue
		}
		w := &walk{source: tagSource(lane.changed && order == cloudtag.TagsByStatusChangedDesc, merchant, number), span: sp}
		limitSubmitted(w, filter)
		walks = append(walks, w)
	}
	return walks, nil
}

// buyerWalks returns a walk per case of the filter's buyer.
func buyerWalks(q querier, filter cloudtag.TagFilter, merchant int64, sp span) ([]*walk, error) {
	ids, err := caseIDsOf(q, filter.BuyerID, filter.Scenario)
	if err != nil {
		return nil, err
	}
	cases, err := casesWithEntries(q, ids)
	if err != nil {
		return nil, err
	}
	statuses := make([]int64, len(filter.Statuses))
	for i, status := range filter.Statuses {
		if statuses[i], err = tagStatuses.number(status); err != nil {
			return nil, err
		}
	}
	wanted, err := json.Marshal(statuses)
	if err != nil {
		return nil, err
	}
	var walks []*walk
	for _, c := range cases {
		w := &walk{span: sp, source: source{
			table: "tags", index: "tags_by_case", lead: []string{"case_no"}, leadValues: []any{c.no},
			key: "submitted_at", id: "order_no",
		}}
		if merchant != 0 || len(statuses) > 0 {
			w.rest, w.restValues = restOfBuyer, []any{merchant, merchant, len(statuses), string(wanted)}
		}
		limitSubmitted(w, filter)
		walks = append(walks, w)
	}
	return walks, nil
}

// restOfBuyer selects a shop and statuses among the tags of a case.
const restOfBuyer = `(? = 0 OR merchant_no = ?)
	AND (? = 0 OR lane / 2 % 16 IN (SELECT value FROM json_each(?)))`

// limitSubmitted applies the filter's times to a walk: to its bounds, where it follows the time of submission, else
// row by row within the index, which is bounded by the lane's tags whose status changed after SubmittedAfter.
func limitSubmitted(w *walk, filter cloudtag.TagFilter) {
	low, high := wholeSpan().lower.Key, wholeSpan().upper.Key
	if !filter.SubmittedAfter.IsZero() {
		low = filter.SubmittedAfter.UnixMilli() + 1
	}
	if !filter.SubmittedBefore.IsZero() {
		high = filter.SubmittedBefore.UnixMilli()
		if filter.SubmittedBefore.Nanosecond()%1e6 != 0 {
			high++
		}
	}
	if w.key == "submitted_at" {
		w.span.atLeast(low)
		w.span.below(high)
		return
	}
	// A status changes at or after the submission.
	w.span.atLeast(low)
	if low != wholeSpan().lower.Key || high != wholeSpan().upper.Key {
		w.rest, w.restValues = "submitted_at >= ? AND submitted_at < ?", []any{low, high}
	}
}

// tagSource returns where a lane is read: of all shops (merchant 0) or of one, by submission or by change.
func tagSource(changed bool, merchant, lane int64) source {
	src := source{
		table: "tags", index: "tags_by_lane", lead: []string{"lane"}, leadValues: []any{lane},
		key: "submitted_at", id: "order_no",
	}
	if merchant != 0 {
		src.index, src.lead, src.leadValues = "tags_by_merchant", []string{"merchant_no", "lane"}, []any{merchant, lane}
	}
	if changed {
		src.index, src.key, src.present = src.index+"_changed", "changed_at", true
	}
	return src
}

// tagNumbers returns the numbers of the filter's scenario and shop, 0 for any; known is false when one of them was
// never stored, so that nothing matches.
func tagNumbers(q querier, filter cloudtag.TagFilter) (scenario, merchant int64, known bool, err error) {
	if filter.Scenario != "" {
		scenario, err = wordNumber(q, "SELECT no FROM scenarios WHERE code = ?", string(filter.Scenario))
		if err != nil || scenario == 0 {
			return 0, 0, false, err
		}
	}
	if filter.MerchantID != "" {
		merchant, err = wordNumber(q, "SELECT no FROM words WHERE word = ?", string(filter.MerchantID))
		if err != nil || merchant == 0 {
			return 0, 0, false, err
		}
	}
	return scenario, merchant, true, nil
}

// wordNumber returns the number of a name, 0 when it was never stored.
func wordNumber(q querier, find, name string) (no int64, err error) {
	err = q.One(find, []any{name}, &no)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return no, err
}

// The lanes there are, found by leaping from one to the next along an index.
const (
	lanesOfTags = `WITH RECURSIVE found (lane) AS (
		SELECT min(lane) FROM tags INDEXED BY tags_by_lane
		UNION ALL
		SELECT (SELECT min(lane) FROM tags INDEXED BY tags_by_lane WHERE lane > found.lane)
		FROM found WHERE found.lane IS NOT NULL)
		SELECT lane FROM found WHERE lane IS NOT NULL`
	lanesOfMerchant = `WITH RECURSIVE found (lane) AS (
		SELECT min(lane) FROM tags INDEXED BY tags_by_merchant WHERE merchant_no = ?1
		UNION ALL
		SELECT (SELECT min(lane) FROM tags INDEXED BY tags_by_merchant WHERE merchant_no = ?1 AND lane > found.lane)
		FROM found WHERE found.lane IS NOT NULL)
		SELECT lane FROM found WHERE lane IS NOT NULL`
	lanesOfCases = `WITH RECURSIVE found (lane) AS (
		SELECT min(lane) FROM cases INDEXED BY cases_by_lane
		UNION ALL
		SELECT (SELECT min(lane) FROM cases INDEXED BY cases_by_lane WHERE lane > found.lane)
		FROM found WHERE found.lane IS NOT NULL)
		SELECT lane FROM found WHERE lane IS NOT NULL`
)

func tagLanes(q querier, merchant int64) ([]int64, error) {
	if merchant == 0 {
		return readNumbers(q, lanesOfTags)
	}
	return readNumbers(q, lanesOfMerchant, merchant)
}

func readNumbers(q querier, text string, args ...any) (numbers []int64, err error) {
	err = q.Each(text, args, func(rows *sql.Rows) error {
		var number int64
		err := rows.Scan(&number)
		numbers = append(numbers, number)
		return err
	})
	return numbers, err
}

// CountTags counts tags that match.
func (s *Store) CountTags(ctx context.Context, filter cloudtag.TagFilter, limit int) (count int, err error) {
	err = s.read(ctx, "count tags", func(r *reading) error {
		listed, all, err := fewTags(r, filter, cloudtag.TagsBySubmittedAsc)
		if err != nil {
			return err
		}
		if all {
			count = min(len(listed), limit)
			return nil
		}
		walks, err := tagWalks(r, filter, cloudtag.TagsBySubmittedAsc, wholeSpan())
		if err != nil {
			return err
		}
		count, err = countWalks(r, walks, limit)
		return err
	})
	return count, err
}
