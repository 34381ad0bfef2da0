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
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	var docs []D
	for chunk := range slices.Chunk(uniqueNames(keys), keysAtOnce) {
		found, err := findAll[D](ctx, s, from, bson.D{{Key: field, Value: anyOf(chunk)}}, opts...)
		if err != nil {
			return nil, err
		}
		docs = append(docs, found...)
	}
	return docs, nil
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
