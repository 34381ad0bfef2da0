package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"cloudtag/internal/cloudtag"
)

// withoutTags leaves out of a case document what only changes of the case need.
func withoutTags() bson.D { return bson.D{{Key: "live", Value: 0}, {Key: "spread", Value: 0}} }

// Cases returns cases by identifier.
func (s *Store) Cases(ctx context.Context, ids []cloudtag.CaseID) (map[cloudtag.CaseID]cloudtag.Case, error) {
	docs, err := findByKeys[caseDoc](ctx, s, s.cases, "_id", ids, options.Find().SetProjection(withoutTags()))
	found := make(map[cloudtag.CaseID]cloudtag.Case, len(docs))
	for _, doc := range docs {
		found[cloudtag.CaseID(doc.ID)] = doc.domain()
	}
	return found, explain("read cases", err)
}

// CasesOfBuyers returns accounts' cases, by time of opening, then identifier.
func (s *Store) CasesOfBuyers(ctx context.Context, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID][]cloudtag.Case, error) {
	docs, err := findByKeys[caseDoc](ctx, s, s.cases, "buyer", buyers,
		options.Find().SetProjection(withoutTags()).SetSort(ascending("openedAt", "_id")))
	found := make(map[cloudtag.BuyerID][]cloudtag.Case)
	for _, doc := range docs {
		buyer := cloudtag.BuyerID(doc.Buyer)
		found[buyer] = append(found[buyer], doc.domain())
	}
	return found, explain("read the cases of accounts", err)
}

// WakingCases returns cases that are due.
func (s *Store) WakingCases(ctx context.Context, asOf time.Time, limit int) ([]cloudtag.CaseID, error) {
	docs, err := findAll[struct {
		ID cloudtag.CaseID `bson:"_id"`
	}](ctx, s, s.cases, notAfter("wakeAt", asOf),
		options.Find().SetSort(ascending("wakeAt", "_id")).SetLimit(int64(limit)).SetProjection(byID(1)))
	ids := make([]cloudtag.CaseID, len(docs))
	for i, doc := range docs {
		ids[i] = doc.ID
	}
	return ids, explain("find due cases", err)
}

// CaseIDs returns identifiers of cases, in order.
func (s *Store) CaseIDs(ctx context.Context, after cloudtag.CaseID, limit int) ([]cloudtag.CaseID, error) {
	ids, err := s.caseIDs(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: string(after)}}}}, limit)
	return ids, explain("list cases", err)
}

// caseIDs returns up to limit identifiers of cases that match, in order.
func (s *Store) caseIDs(ctx context.Context, filter bson.D, limit int) ([]cloudtag.CaseID, error) {
	docs, err := findAll[struct {
		ID cloudtag.CaseID `bson:"_id"`
	}](ctx, s, s.cases, filter, options.Find().SetSort(ascending("_id")).SetLimit(int64(limit)).SetProjection(byID(1)))
	ids := make([]cloudtag.CaseID, len(docs))
	for i, doc := range docs {
		ids[i] = doc.ID
	}
	return ids, err
}

// CountPending counts the cases that wait and are due before a time.
func (s *Store) CountPending(ctx context.Context, dueBefore time.Time) (int, error) {
	return s.countCases(ctx, bson.D{
		{Key: "handling", Value: string(cloudtag.HandlingPending)}, {Key: "state", Value: anyOf(cloudtag.CaseStates())},
		{Key: "dueKey", Value: bson.D{{Key: "$lt", Value: nextMilli(dueBefore).UnixMilli()}}},
	})
}

// CountClaimed counts the cases that wait and are claimed beyond a time.
func (s *Store) CountClaimed(ctx context.Context, now time.Time) (int, error) {
	return s.countCases(ctx, bson.D{
		{Key: "claim.until", Value: bson.D{{Key: "$gt", Value: now}}},
		{Key: "handling", Value: string(cloudtag.HandlingPending)},
	})
}

func (s *Store) countCases(ctx context.Context, filter bson.D) (int, error) {
	if err := s.usable(ctx); err != nil {
		return 0, explain("count cases", err)
	}
	count, err := s.cases.CountDocuments(ctx, filter)
	return int(count), explain("count cases", err)
}

// CasePage returns a page of the cases that match.
func (s *Store) CasePage(
	ctx context.Context, filter cloudtag.CaseFilter, order cloudtag.CaseOrder, slice cloudtag.Slice,
) ([]cloudtag.Case, bool, error) {
	docs, more, err := readPage(ctx, s, s.caseQuery(filter, order), slice, func(doc caseDoc) cloudtag.Position {
		return order.PositionOf(doc.domain())
	})
	cases := make([]cloudtag.Case, len(docs))
	for i, doc := range docs {
		cases[i] = doc.domain()
	}
	return cases, more, explain("read a page of cases", err)
}

// CountCases counts the cases that match.
func (s *Store) CountCases(ctx context.Context, filter cloudtag.CaseFilter, limit int) (int, error) {
	count, err := s.count(ctx, s.cases, s.caseQuery(filter, cloudtag.CasesByOpenedDesc), limit)
	return count, explain("count cases", err)
}

// caseKey is what an order of cases sorts by.
func (s *Store) caseKey(order cloudtag.CaseOrder) sortKey {
	key := sortKey{from: s.cases, everything: bson.D{
		{Key: "handling", Value: anyOf(handlings())}, {Key: "state", Value: anyOf(cloudtag.CaseStates())},
	}}
	switch order {
	case cloudtag.CasesByDueAsc:
		noDue := cloudtag.Case{}.DueKey()
		key.field, key.segments = "dueKey", []span{{timeSpan().lo, noDue}, {noDue, noDue + 1}}
	case cloudtag.CasesByOpenedDesc:
		key.field, key.isTime, key.segments = "openedAt", true, []span{timeSpan()}
	default: // handled cases, then waiting ones
		key.field, key.segments = "rank", []span{{-(1 << 49), 0}, {0, 1 << 49}}
	}
	return key
}

func handlings() []cloudtag.Handling {
	return []cloudtag.Handling{cloudtag.HandlingHandled, cloudtag.HandlingPending}
}

// caseQuery is the list of the cases that a filter selects. Every query names handlings and states, or a buyer, which
// all indexes begin with.
func (s *Store) caseQuery(filter cloudtag.CaseFilter, order cloudtag.CaseOrder) listQuery {
	q := listQuery{sortKey: s.caseKey(order), desc: order != cloudtag.CasesByDueAsc}
	q.keys = span{q.segments[0].lo, q.segments[len(q.segments)-1].hi}
	s.limitDue(&q, filter)
	equal := func(field, value string) {
		if value != "" {
			q.filter = append(q.filter, bson.E{Key: field, Value: value})
			q.shape += "," + field
		}
	}
	equal("buyer", string(filter.BuyerID))
	equal("scenario", string(filter.Scenario))
	equal("handling", string(filter.Handling))
	if filter.Handling == "" && filter.BuyerID == "" {
		q.filter = append(q.filter, bson.E{Key: "handling", Value: anyOf(handlings())})
	}
	switch {
	case len(filter.States) > 0:
		q.filter = append(q.filter, bson.E{Key: "state", Value: anyOf(uniqueNames(filter.States))})
		q.shape += ",state"
	case filter.BuyerID == "":
		q.filter = append(q.filter, bson.E{Key: "state", Value: anyOf(cloudtag.CaseStates())})
	}
	if len(filter.RiskLevels) > 0 {
		q.filter = append(q.filter, bson.E{Key: "riskLevel", Value: anyOf(uniqueNames(filter.RiskLevels))})
		q.shape += ",riskLevel"
	}
	if filter.MinVotes > 0 {
		q.filter = append(q.filter, bson.E{Key: "votes", Value: bson.D{{Key: "$gte", Value: filter.MinVotes}}})
		q.shape += ",votes"
	}
	if filter.ClaimedBy != "" {
		q.filter = append(q.filter, bson.E{Key: "claim.by", Value: filter.ClaimedBy},
			bson.E{Key: "claim.until", Value: bson.D{{Key: "$gt", Value: filter.ClaimedAt}}})
		q.shape += ",claimed"
	}
	q.shape = q.name() + q.shape
	return q
}

// limitDue applies the filter's conditions on the due time: a case is overdue when it waits and its due time is not
// after the time given; cases that don't wait come after every time.
func (s *Store) limitDue(q *listQuery, filter cloudtag.CaseFilter) {
	due := s.caseKey(cloudtag.CasesByDueAsc)
	keys := span{due.segments[0].lo, due.segments[1].hi}
	whole := keys
	if at := filter.OverdueAt; !at.IsZero() {
		keys.hi = min(at.UnixMilli()+1, due.segments[1].lo)
	}
	if at := filter.NotOverdue; !at.IsZero() {
		keys.lo = at.UnixMilli() + 1
	}
	switch {
	case keys == whole:
	case q.field == due.field:
		q.keys = keys
	case keys.empty():
		q.keys = span{}
	default:
		q.filter = append(q.filter, due.within(keys))
		q.shape += ",due"
	}
}
