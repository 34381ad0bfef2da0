package mongo

import (
	"context"
	"fmt"
	"strconv"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/copying"
)

// CopyRows returns rows of a kind behind a key, for a copy. Nobody may be writing, and nothing unfinished be there: see
// Recover.
func (s *Store) CopyRows(ctx context.Context, kind copying.Kind, after string, limit int) ([]copying.Row, error) {
	rows, err := s.copyRows(ctx, kind, after, limit)
	return rows, explain("read rows to copy", err)
}

func (s *Store) copyRows(ctx context.Context, kind copying.Kind, after string, limit int) ([]copying.Row, error) {
	switch kind {
	case copying.Policies:
		return walkNumbers(ctx, s, s.policies, after, limit, func(d policyDoc) copying.Row {
			return copying.Row{Key: strconv.Itoa(d.Version), Value: d.domain()}
		})
	case copying.Merchants:
		return walkNames(ctx, s, s.merchants, after, limit, func(d merchantDoc) copying.Row {
			return copying.Row{Key: d.ID, Value: copying.Merchant{Merchant: d.domain(), Recount: d.Recount}}
		})
	case copying.Orders:
		return walkNames(ctx, s, s.orders, after, limit, func(d orderDoc) copying.Row {
			return copying.Row{Key: d.No, Value: d.domain()}
		})
	case copying.Risks:
		return walkNames(ctx, s, s.risks, after, limit, func(d riskDoc) copying.Row {
			return copying.Row{Key: d.Buyer, Value: copying.Risk{RiskProfile: d.domain(), Evaluate: d.Evaluate}}
		})
	case copying.Cases:
		return s.caseRows(ctx, after, limit)
	case copying.Batches:
		return walkNames(ctx, s, s.batches, after, limit, func(d batchDoc) copying.Row {
			return copying.Row{Key: d.ID, Value: d.domain()}
		})
	case copying.Documents:
		return walkNames(ctx, s, s.documents, after, limit, func(d documentDoc) copying.Row {
			return copying.Row{Key: d.ID, Value: d.domain()}
		})
	case copying.Log:
		return s.logRows(ctx, after, limit)
	default:
		return nil, fmt.Errorf("no rows of kind %q are known", kind)
	}
}

// walkDocs returns the rows of the documents behind an _id.
func walkDocs[D any](
	ctx context.Context, s *Store, from *driver.Collection, after any, limit int, row func(D) copying.Row,
) ([]copying.Row, error) {
	docs, err := findAll[D](ctx, s, from, bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: after}}}},
		options.Find().SetSort(ascending("_id")).SetLimit(int64(limit)))
	rows := make([]copying.Row, len(docs))
	for i, doc := range docs {
		rows[i] = row(doc)
	}
	return rows, err
}

func walkNames[D any](
	ctx context.Context, s *Store, from *driver.Collection, after string, limit int, row func(D) copying.Row,
) ([]copying.Row, error) {
	return walkDocs(ctx, s, from, after, limit, row)
}

func walkNumbers[D any](
	ctx context.Context, s *Store, from *driver.Collection, after string, limit int, row func(D) copying.Row,
) ([]copying.Row, error) {
	number, err := copying.Number(after)
	if err != nil {
		return nil, err
	}
	return walkDocs(ctx, s, from, number, limit, row)
}

// casesAtOnce is how many cases a page has at most: each comes with all its tags.
const casesAtOnce = 100

func (s *Store) caseRows(ctx context.Context, after string, limit int) ([]copying.Row, error) {
	ids, err := s.CaseIDs(ctx, cloudtag.CaseID(after), min(limit, casesAtOnce))
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	docs, err := findByKeys[caseDoc](ctx, s, s.cases, "_id", ids, options.Find().SetProjection(withoutTags()))
	if err != nil {
		return nil, err
	}
	byID := make(map[cloudtag.CaseID]cloudtag.Case, len(docs))
	for _, doc := range docs {
		byID[cloudtag.CaseID(doc.ID)] = doc.domain()
	}
	tags, err := s.tagsOfCases(ctx, ids)
	rows := make([]copying.Row, len(ids))
	for i, id := range ids {
		rows[i] = copying.Row{Key: string(id), Value: copying.Case{Case: byID[id], Tags: tags[id]}}
	}
	return rows, err
}

func (s *Store) logRows(ctx context.Context, after string, limit int) ([]copying.Row, error) {
	last, err := copying.Number(after)
	if err != nil {
		return nil, err
	}
	entries, _, err := s.LogPage(ctx, cloudtag.LogFilter{}, cloudtag.Slice{Limit: limit, After: &cloudtag.Position{Key: last}})
	rows := make([]copying.Row, len(entries))
	for i, entry := range entries {
		rows[i] = copying.Row{Key: strconv.FormatInt(entry.Seq, 10), Value: entry}
	}
	return rows, err
}
