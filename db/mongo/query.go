package mongo

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// keysAtOnce is how many keys one query asks for.
const keysAtOnce = 1000

// findAll returns every document that matches.
func findAll[D any](
	ctx context.Context, s *Store, from *driver.Collection, filter bson.D, opts ...options.Lister[options.FindOptions],
) ([]D, error) {
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	cursor, err := from.Find(ctx, filter, opts...)
	if err != nil {
		return nil, err
	}
	var docs []D
	if err := cursor.All(ctx, &docs); err != nil {
		return nil, err
	}
	return docs, nil
}

// findByKeys returns the documents whose field is one of the keys.
func findByKeys[D any, K ~string](
	ctx context.Context, s *Store, from *driver.Collection, field string, keys []K,
	opts ...options.Lister[options.FindOptions],
) ([]D, error) {
	return findAmong[D](ctx, s, from, field, keys, nil, opts...)
}

// findAmong is findByKeys of the documents that match more.
func findAmong[D any, K ~string](
	ctx context.Context, s *Store, from *driver.Collection, field string, keys []K, more bson.D,
	opts ...options.Lister[options.FindOptions],
) ([]D, error) {
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	var docs []D
	for chunk := range slices.Chunk(uniqueNames(keys), keysAtOnce) {
		filter := append(bson.D{{Key: field, Value: anyOf(chunk)}}, more...)
		found, err := findAll[D](ctx, s, from, filter, opts...)
		if err != nil {
			return nil, err
		}
		docs = append(docs, found...)
	}
	return docs, nil
}

// writeEach sends writes of one document each, in few commands, and returns what the last attempt of each did. Whoever
// changes many documents does it so and never by one condition for all of them: DocumentDB makes the new form of each
// from what it read when the command began, and takes back what was changed since; on MongoDB the two are the same.
func (s *Store) writeEach(
	ctx context.Context, step string, into *driver.Collection, models []driver.WriteModel,
) (done driver.BulkWriteResult, err error) {
	for chunk := range slices.Chunk(models, keysAtOnce) {
		var result *driver.BulkWriteResult
		err := s.write(ctx, step, func(ctx context.Context) (err error) {
			result, err = into.BulkWrite(ctx, chunk, options.BulkWrite().SetOrdered(false))
			return err
		})
		if err != nil {
			return done, err
		}
		done.MatchedCount += result.MatchedCount
		done.DeletedCount += result.DeletedCount
	}
	return done, nil
}

// anyOf is the condition that a field has one of the values.
func anyOf[K ~string](values []K) any {
	if len(values) == 1 {
		return string(values[0])
	}
	return bson.D{{Key: "$in", Value: names(values)}}
}

// uniqueNames returns each key once, in order.
func uniqueNames[K ~string](keys []K) []K {
	return slices.Compact(slices.Sorted(slices.Values(keys)))
}

func byID(id any) bson.D { return bson.D{{Key: "_id", Value: id}} }

// atRevision selects a document as it was read.
func atRevision(id any, revision int64) bson.D {
	return bson.D{{Key: "_id", Value: id}, {Key: "revision", Value: revision}}
}

func unset(fields ...string) bson.D {
	spec := make(bson.D, len(fields))
	for i, field := range fields {
		spec[i] = bson.E{Key: field, Value: ""}
	}
	return bson.D{{Key: "$unset", Value: spec}}
}

func ascending(fields ...string) bson.D { return sorting(1, fields...) }

func sorting(direction int, fields ...string) bson.D {
	spec := make(bson.D, len(fields))
	for i, field := range fields {
		spec[i] = bson.E{Key: field, Value: direction}
	}
	return spec
}
