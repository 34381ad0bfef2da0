package mongo

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// recoverPage is how many unfinished documents are looked up at once.
const recoverPage = 200

// Recover completes what is older than the grace period: open batches, spreads, and claims without a batch.
func (s *Store) Recover(ctx context.Context) (int, error) {
	before := s.options.Clock.Now().Add(-s.options.Grace)
	total := 0
	for _, step := range []func(context.Context, time.Time) (int, error){
		s.recoverCases, s.recoverBatches, s.recoverMerchants, s.recoverOrders, s.recoverRisks, s.recoverPolicies,
		s.recoverDocuments, s.freeAbandonedClaims,
	} {
		count, err := step(ctx, before)
		total += count
		if err != nil {
			return total, explain("recover", err)
		}
	}
	return total, nil
}

func (s *Store) recoverBatches(ctx context.Context, before time.Time) (int, error) {
	return recoverAll(ctx, s, s.batches, "since", before, func(docs []batchDoc) error {
		for _, doc := range docs {
			if _, err := s.complete(ctx, doc, nil); err != nil && !isRefusal(err) {
				return fmt.Errorf("complete batch %q: %w", doc.ID, err)
			}
		}
		return nil
	})
}

func (s *Store) recoverCases(ctx context.Context, before time.Time) (int, error) {
	return recoverAll(ctx, s, s.cases, "spread.since", before, func(docs []caseDoc) error {
		return s.spreadCases(ctx, docs)
	})
}

// freeAbandonedClaims takes claims away whose batch has ended without them. They are no changes.
func (s *Store) freeAbandonedClaims(ctx context.Context, before time.Time) (int, error) {
	claims, err := findAll[claimDoc](ctx, s, s.tags, notAfter("since", before))
	if err != nil {
		return 0, err
	}
	for _, claim := range claims {
		if _, err := s.freeIfAbandoned(ctx, claim); err != nil {
			return 0, fmt.Errorf("free order %s: %w", claim.Order, err)
		}
	}
	return 0, nil
}

// recoverAll finds the unfinished documents page by page and has each page completed, which takes its documents out
// of the search.
func recoverAll[D any](
	ctx context.Context, s *Store, from *driver.Collection, field string, before time.Time, complete func([]D) error,
) (int, error) {
	total := 0
	for {
		docs, err := findAll[D](ctx, s, from, notAfter(field, before), options.Find().SetLimit(recoverPage))
		if err != nil {
			return total, fmt.Errorf("find what is unfinished in %q: %w", from.Name(), err)
		}
		if len(docs) == 0 {
			return total, nil
		}
		if err := complete(docs); err != nil {
			return total, err
		}
		total += len(docs)
		if len(docs) < recoverPage {
			return total, nil
		}
	}
}

// notAfter selects documents whose field is there and not after a time.
func notAfter(field string, at time.Time) bson.D {
	return bson.D{{Key: field, Value: bson.D{{Key: "$exists", Value: true}, {Key: "$lte", Value: at}}}}
}
