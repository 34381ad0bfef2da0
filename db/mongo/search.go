package mongo

import (
	"context"
	"math"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// interval is a half-open range of numbers.
type interval struct{ lo, hi int64 }

func everything() interval { return interval{math.MinInt64, math.MaxInt64} }

func (i interval) empty() bool { return i.lo >= i.hi }

// search reads along one index, in the order of a key and then of the identifiers.
type search struct {
	from       *driver.Collection
	index      string // its name; empty: that of the identifiers
	filter     bson.D
	ties       []bson.D // conditions on records whose key equals that of a bound
	key        string
	number     bool // the key is a number or a time, restricted to keys
	time       bool
	windowed   bool // the index begins with the key, so that very many documents may match
	keys       interval
	descending bool
	limit      int
}

// conditions returns the filter of a search for keys of an interval.
func (s search) conditions(keys interval) bson.D {
	filter := s.filter[:len(s.filter):len(s.filter)]
	if s.number && keys != everything() {
		bounds := bson.D{}
		if keys.lo != math.MinInt64 {
			bounds = append(bounds, bson.E{Key: "$gte", Value: s.value(keys.lo)})
		}
		if keys.hi != math.MaxInt64 {
			bounds = append(bounds, bson.E{Key: "$lt", Value: s.value(keys.hi)})
		}
		filter = append(filter, bson.E{Key: s.key, Value: bounds})
	}
	if len(s.ties) > 0 {
		filter = append(filter, bson.E{Key: "$and", Value: s.ties})
	}
	return filter
}

// value returns a key as it is stored.
func (s search) value(number int64) any {
	if s.time {
		return bson.DateTime(number)
	}
	return number
}

func (s search) order() bson.D {
	direction := 1
	if s.descending {
		direction = -1
	}
	order := bson.D{{Key: s.key, Value: direction}}
	if s.key != fieldID {
		order = append(order, bson.E{Key: fieldID, Value: direction})
	}
	return order
}

// search returns the matching documents, in order.
func (e *Engine) search(ctx context.Context, s search) ([]bson.Raw, error) {
	if s.number && s.keys.empty() {
		return nil, nil
	}
	if e.windows != nil && s.windowed {
		return e.windows.search(ctx, s)
	}
	return s.find(ctx, s.keys, s.limit, e.windows == nil)
}

// find sends one query, with a hint if the server sorts by an index.
func (s search) find(ctx context.Context, keys interval, limit int, hint bool) ([]bson.Raw, error) {
	opts := options.Find().SetSort(s.order()).SetLimit(int64(limit))
	if hint && s.index != "" {
		opts.SetHint(s.index)
	}
	cursor, err := s.from.Find(ctx, s.conditions(keys), opts)
	if err != nil {
		return nil, err
	}
	var documents []bson.Raw
	err = cursor.All(ctx, &documents)
	return documents, err
}

// count counts the matching documents, up to the limit.
func (e *Engine) count(ctx context.Context, s search) (int, error) {
	if s.number && s.keys.empty() {
		return 0, nil
	}
	opts := options.Count().SetLimit(int64(s.limit))
	if e.windows == nil && s.index != "" {
		opts.SetHint(s.index)
	}
	count, err := s.from.CountDocuments(ctx, s.conditions(s.keys), opts)
	return int(count), err
}
