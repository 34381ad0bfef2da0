package mongo

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"cloudtag/internal/cloudtag"
)

// TagsByOrder returns the tags of orders.
func (s *Store) TagsByOrder(ctx context.Context, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Tag, error) {
	tags, err := s.carriedTags(ctx, "", orders)
	return byOrder(tags), explain("read tags", err)
}

// TagsOf returns a shop's tags of orders.
func (s *Store) TagsOf(
	ctx context.Context, merchant cloudtag.MerchantID, orders []cloudtag.OrderNo,
) (map[cloudtag.OrderNo]cloudtag.Tag, error) {
	tags, err := s.carriedTags(ctx, merchant, orders)
	return byOrder(tags), explain("read a shop's tags", err)
}

func byOrder(tags []cloudtag.Tag) map[cloudtag.OrderNo]cloudtag.Tag {
	found := make(map[cloudtag.OrderNo]cloudtag.Tag, len(tags))
	for _, tag := range tags {
		found[tag.OrderNo] = tag
	}
	return found
}

// carriedTags returns the tags of orders, a shop's or whosever for no shop, without those that are mere claims.
func (s *Store) carriedTags(
	ctx context.Context, merchant cloudtag.MerchantID, orders []cloudtag.OrderNo,
) ([]cloudtag.Tag, error) {
	docs, err := findAmong[tagDoc](ctx, s, s.tags, "_id", orders, ofShop(merchant))
	docs = slices.DeleteFunc(docs, func(doc tagDoc) bool { return doc.Revision == 0 })
	return tagsOf(docs), err
}

// LiveTags returns the live tags of cases as the cases hold them, which is what decides.
func (s *Store) LiveTags(ctx context.Context, cases []cloudtag.CaseID) (map[cloudtag.CaseID][]cloudtag.Tag, error) {
	docs, err := findByKeys[struct {
		ID   string   `bson:"_id"`
		Live []tagDoc `bson:"live"`
	}](ctx, s, s.cases, "_id", cases, options.Find().SetProjection(bson.D{{Key: "live", Value: 1}}))
	live := make(map[cloudtag.CaseID][]cloudtag.Tag, len(docs))
	for _, doc := range docs {
		if len(doc.Live) > 0 {
			live[cloudtag.CaseID(doc.ID)] = tagsOf(doc.Live)
		}
	}
	return live, explain("read live tags", err)
}

// LiveCasesOf returns cases in which a shop has live tags. It first completes the submissions of the shop that are
// under way: those it can't see yet have not asked what the shop may do, and will be told how it stands now.
func (s *Store) LiveCasesOf(
	ctx context.Context, merchant cloudtag.MerchantID, after cloudtag.CaseID, limit int,
) ([]cloudtag.CaseID, error) {
	ids, err := s.liveCasesOf(ctx, merchant, after, limit)
	return ids, explain("find the cases of a shop", err)
}

func (s *Store) liveCasesOf(
	ctx context.Context, merchant cloudtag.MerchantID, after cloudtag.CaseID, limit int,
) ([]cloudtag.CaseID, error) {
	if err := s.completeShop(ctx, merchant); err != nil {
		return nil, err
	}
	return s.caseIDs(ctx, bson.D{
		{Key: "live.merchant", Value: string(merchant)}, {Key: "_id", Value: bson.D{{Key: "$gt", Value: string(after)}}},
	}, limit)
}

// CountLiveCasesOf counts the cases in which a shop has live tags, those of its submissions that are under way too.
func (s *Store) CountLiveCasesOf(ctx context.Context, merchant cloudtag.MerchantID) (int, error) {
	if err := s.completeShop(ctx, merchant); err != nil {
		return 0, explain("count the cases of a shop", err)
	}
	return s.countCases(ctx, bson.D{{Key: "live.merchant", Value: string(merchant)}})
}

// completeShop completes what is under way about a shop: a change of the shop itself, so that the log tells of it before
// it tells what follows in cases, and its submissions.
func (s *Store) completeShop(ctx context.Context, merchant cloudtag.MerchantID) error {
	changed, err := findAll[*merchantDoc](ctx, s, s.merchants, append(existing("spread.since"), bson.E{Key: "_id", Value: string(merchant)}))
	if err != nil {
		return err
	}
	if err := spreadRows(ctx, s, s.merchants, changed); err != nil {
		return err
	}
	open, err := findAll[batchDoc](ctx, s, s.batches, append(existing("since"), bson.E{Key: "merchants", Value: string(merchant)}))
	if err != nil {
		return err
	}
	for _, doc := range open {
		if _, err := s.complete(ctx, doc, nil); err != nil && !isRefusal(err) {
			return err
		}
	}
	return nil
}

// isRefusal reports whether a batch ended in a refusal.
func isRefusal(err error) bool {
	switch cloudtag.CodeOf(err) {
	case cloudtag.CodePermissionRevoked, cloudtag.CodePermissionSuspended, cloudtag.CodeNotFound:
		return true
	default:
		return false
	}
}

// TagPage returns a page of the tags that match.
func (s *Store) TagPage(
	ctx context.Context, filter cloudtag.TagFilter, order cloudtag.TagOrder, slice cloudtag.Slice,
) ([]cloudtag.Tag, bool, error) {
	if len(filter.OrderNos) > 0 {
		tags, err := s.carriedTags(ctx, filter.MerchantID, filter.OrderNos)
		if err != nil {
			return nil, false, explain("read a page of tags", err)
		}
		page, more := pageOfFew(tags, filter, order, slice)
		return page, more, nil
	}
	docs, more, err := readPage(ctx, s, s.tagQuery(filter, order), slice, func(doc tagDoc) cloudtag.Position {
		return order.PositionOf(doc.tag())
	})
	return tagsOf(docs), more, explain("read a page of tags", err)
}

// pageOfFew cuts a page out of tags that were found by their orders.
func pageOfFew(
	tags []cloudtag.Tag, filter cloudtag.TagFilter, order cloudtag.TagOrder, slice cloudtag.Slice,
) ([]cloudtag.Tag, bool) {
	compare := func(a, b cloudtag.Position) int {
		result := cmp.Or(cmp.Compare(a.Key, b.Key), strings.Compare(a.ID, b.ID))
		if order != cloudtag.TagsBySubmittedAsc {
			return -result
		}
		return result
	}
	tags = slices.DeleteFunc(tags, func(tag cloudtag.Tag) bool {
		at := order.PositionOf(tag)
		return !filter.Matches(tag) || slice.After != nil && compare(at, *slice.After) <= 0 ||
			slice.Before != nil && compare(at, *slice.Before) >= 0
	})
	slices.SortFunc(tags, func(a, b cloudtag.Tag) int { return compare(order.PositionOf(a), order.PositionOf(b)) })
	switch {
	case len(tags) <= slice.Limit:
		return tags, false
	case slice.Backward:
		return tags[len(tags)-slice.Limit:], true
	default:
		return tags[:slice.Limit], true
	}
}

// CountTags counts the tags that match.
func (s *Store) CountTags(ctx context.Context, filter cloudtag.TagFilter, limit int) (int, error) {
	if len(filter.OrderNos) > 0 {
		tags, err := s.carriedTags(ctx, filter.MerchantID, filter.OrderNos)
		tags = slices.DeleteFunc(tags, func(tag cloudtag.Tag) bool { return !filter.Matches(tag) })
		return min(len(tags), limit), explain("count tags", err)
	}
	count, err := s.count(ctx, s.tags, s.tagQuery(filter, cloudtag.TagsBySubmittedAsc), limit)
	return count, explain("count tags", err)
}

// count counts the items of a list up to a limit.
func (s *Store) count(ctx context.Context, from *driver.Collection, query listQuery, limit int) (int, error) {
	if err := s.usable(ctx); err != nil {
		return 0, err
	}
	if query.keys.empty() {
		return 0, nil
	}
	filter := append(slices.Clone(query.filter), query.within(query.keys))
	count, err := from.CountDocuments(ctx, filter, options.Count().SetLimit(int64(limit)))
	return int(count), err
}

// tagQuery is the list of the tags that a filter selects. Every query names statuses or a buyer, which all indexes
// begin with.
func (s *Store) tagQuery(filter cloudtag.TagFilter, order cloudtag.TagOrder) listQuery {
	q := listQuery{desc: order != cloudtag.TagsBySubmittedAsc, keys: timeSpan()}
	q.sortKey = sortKey{
		from: s.tags, field: "submittedAt", isTime: true, segments: []span{timeSpan()},
		everything: append(bson.D{{Key: "status", Value: anyOf(cloudtag.TagStatuses())}}, carried()...),
	}
	submitted := submittedWithin(filter)
	if order == cloudtag.TagsByStatusChangedDesc {
		q.field = "changedAt"
		q.keys.lo = max(q.keys.lo, submitted.lo) // a status changes at or after the submission
		if submitted != timeSpan() {
			q.filter = append(q.filter, sortKey{field: "submittedAt", isTime: true}.within(submitted))
		}
	} else {
		q.keys = submitted
	}
	equal := func(field, value string) {
		if value != "" {
			q.filter = append(q.filter, bson.E{Key: field, Value: value})
			q.shape += "," + field
		}
	}
	equal("merchant", string(filter.MerchantID))
	equal("buyer", string(filter.BuyerID))
	equal("scenario", string(filter.Scenario))
	switch {
	case len(filter.Statuses) > 0:
		q.filter = append(q.filter, bson.E{Key: "status", Value: anyOf(uniqueNames(filter.Statuses))})
		q.shape += ",status"
	case filter.BuyerID == "":
		q.filter = append(q.filter, bson.E{Key: "status", Value: anyOf(cloudtag.TagStatuses())})
	}
	q.filter = append(q.filter, carried()...)
	q.shape = q.name() + q.shape
	return q
}

// submittedWithin is the span of the times of submission that a filter selects.
func submittedWithin(filter cloudtag.TagFilter) span {
	keys := timeSpan()
	if after := filter.SubmittedAfter; !after.IsZero() {
		keys.lo = max(keys.lo, after.UnixMilli()+1)
	}
	if before := filter.SubmittedBefore; !before.IsZero() {
		keys.hi = min(keys.hi, before.Add(time.Millisecond-1).UnixMilli())
	}
	return keys
}
