package mongo

import (
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"cloudtag/internal/cloudtag"
)

// linkedPairDoc is a linked pair with its newest evidence.
type linkedPairDoc struct {
	ID        string    `bson:"_id"` // see [pairID]
	A         string    `bson:"a"`
	B         string    `bson:"b"`
	Common    int       `bson:"common"`
	BuyersOfA int       `bson:"buyersOfA"`
	BuyersOfB int       `bson:"buyersOfB"`
	Buyers    int       `bson:"buyers"`
	At        time.Time `bson:"at"`
}

func (d linkedPairDoc) domain() cloudtag.LinkedPair {
	return cloudtag.LinkedPair{
		PairCounts: cloudtag.PairCounts{
			A: cloudtag.MerchantID(d.A), B: cloudtag.MerchantID(d.B), Common: d.Common, BuyersOfA: d.BuyersOfA,
			BuyersOfB: d.BuyersOfB, Buyers: d.Buyers,
		},
		At: d.At.UTC(),
	}
}

func newLinkedPairDoc(p cloudtag.LinkedPair) linkedPairDoc {
	return linkedPairDoc{
		ID: pairID(p.A, p.B), A: string(p.A), B: string(p.B), Common: p.Common, BuyersOfA: p.BuyersOfA,
		BuyersOfB: p.BuyersOfB, Buyers: p.Buyers, At: p.At,
	}
}

// SaveLinkedPair stores a linked pair, unless newer evidence is there.
func (s *Store) SaveLinkedPair(ctx context.Context, pair cloudtag.LinkedPair) error {
	id := pairID(pair.A, pair.B)
	filter := bson.D{{Key: "_id", Value: id}, {Key: "at", Value: bson.D{{Key: "$lte", Value: pair.At}}}}
	update := bson.D{{Key: "$set", Value: bson.D{
		{Key: "a", Value: string(pair.A)}, {Key: "b", Value: string(pair.B)}, {Key: "common", Value: pair.Common},
		{Key: "buyersOfA", Value: pair.BuyersOfA}, {Key: "buyersOfB", Value: pair.BuyersOfB},
		{Key: "buyers", Value: pair.Buyers}, {Key: "at", Value: pair.At},
	}}}
	err := s.write(ctx, "store a linked pair", func(ctx context.Context) error {
		_, err := s.linkedPairs.UpdateOne(ctx, filter, update, options.UpdateOne().SetUpsert(true))
		return err
	})
	if driver.IsDuplicateKeyError(err) { // newer evidence, or older that came at the same moment
		err = s.write(ctx, "store a linked pair", func(ctx context.Context) error {
			_, err := s.linkedPairs.UpdateOne(ctx, filter, update)
			return err
		})
	}
	return explain("store a linked pair", err)
}

// DropLinkedPair takes a linked pair out.
func (s *Store) DropLinkedPair(ctx context.Context, a, b cloudtag.MerchantID) error {
	if err := s.usable(ctx); err != nil {
		return explain("drop a linked pair", err)
	}
	linked, err := findByKeys[linkedPairDoc](ctx, s, s.linkedPairs, "_id", []string{pairID(a, b)})
	if err != nil || len(linked) == 0 {
		return explain("look for a linked pair", err)
	}
	return explain("drop a linked pair", s.write(ctx, "drop a linked pair", func(ctx context.Context) error {
		_, err := s.linkedPairs.DeleteOne(ctx, byID(pairID(a, b)))
		return err
	}))
}

// LinkedPairs returns the linked pairs among shops, or all.
func (s *Store) LinkedPairs(
	ctx context.Context, merchants []cloudtag.MerchantID, limit int,
) ([]cloudtag.LinkedPair, error) {
	if limit <= 0 {
		return nil, explain("read linked pairs", s.usable(ctx))
	}
	if len(merchants) > 0 {
		pairs, err := s.pairsAmong(ctx, merchants, limit)
		return pairs, explain("read linked pairs", err)
	}
	docs, err := findAll[linkedPairDoc](ctx, s, s.linkedPairs, bson.D{},
		options.Find().SetSort(ascending("a", "b")).SetLimit(int64(limit)))
	return pairsOf(docs), explain("read linked pairs", err)
}

// pairsAmong returns up to limit linked pairs of which both shops are given, all of them for 0.
func (s *Store) pairsAmong(ctx context.Context, merchants []cloudtag.MerchantID, limit int) ([]cloudtag.LinkedPair, error) {
	merchants = uniqueNames(merchants)
	if len(merchants) < 2 {
		return nil, s.usable(ctx)
	}
	var pairs []cloudtag.LinkedPair
	for chunk := range slices.Chunk(merchants, keysAtOnce) { // in the order of A
		docs, err := findAll[linkedPairDoc](ctx, s, s.linkedPairs,
			bson.D{{Key: "a", Value: anyOf(chunk)}, {Key: "b", Value: anyOf(merchants)}},
			options.Find().SetSort(ascending("a", "b")).SetLimit(int64(limit)))
		if err != nil {
			return nil, err
		}
		if pairs = append(pairs, pairsOf(docs)...); limit > 0 && len(pairs) >= limit {
			return pairs[:limit], nil
		}
	}
	return pairs, nil
}

func pairsOf(docs []linkedPairDoc) []cloudtag.LinkedPair {
	pairs := make([]cloudtag.LinkedPair, len(docs))
	for i, doc := range docs {
		pairs[i] = doc.domain()
	}
	return pairs
}
