package mongo

import (
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"cloudtag/internal/store"
)

// List returns the records that a query selects.
func (e *Engine) List(ctx context.Context, query store.Query) (records []any, more bool, err error) {
	if err := e.usable(ctx); err != nil {
		return nil, false, err
	}
	search := e.recordSearch(query)
	search.limit = query.Limit + 1
	documents, err := e.search(ctx, search)
	if err != nil {
		return nil, false, explain("list "+query.Kind.Name, err)
	}
	records = make([]any, min(query.Limit, len(documents)))
	for i := range records {
		if records[i], _, err = e.codec.decode(query.Kind, documents[i]); err != nil {
			return nil, false, explain("list "+query.Kind.Name, err)
		}
	}
	return records, len(documents) > query.Limit, nil
}

// Count returns the number of records that a query selects.
func (e *Engine) Count(ctx context.Context, query store.Query) (int, error) {
	if err := e.usable(ctx); err != nil {
		return 0, err
	}
	search := e.recordSearch(query)
	search.limit = query.Limit
	count, err := e.count(ctx, search)
	return count, explain("count "+query.Kind.Name, err)
}

// recordSearch translates a query.
func (e *Engine) recordSearch(query store.Query) search {
	kind := query.Kind
	s := search{from: e.records[kind], key: fieldID, descending: query.Descending, keys: everything()}
	if query.Index != "" {
		index := kind.Index(query.Index)
		s.index = index.Name
		for n, name := range index.Fields {
			field, _ := kind.Field(name)
			switch {
			case n < len(query.Equal):
				s.filter = append(s.filter, bson.E{Key: name, Value: valueOf(field, query.Equal[n])})
			case n == len(query.Equal) && len(query.AnyOf) > 0:
				s.filter = append(s.filter, bson.E{Key: name, Value: among(field, query.AnyOf)})
			case field.Optional && name != query.Sort:
				s.filter = append(s.filter, bson.E{Key: name, Value: existing()})
			}
		}
	}
	for _, where := range query.Where {
		field, _ := kind.Field(where.Field)
		if len(where.AnyOf) > 0 {
			s.filter = append(s.filter, bson.E{Key: field.Name, Value: among(field, where.AnyOf)})
		}
		if bounds := between(field, where.From, where.To); len(bounds) > 0 {
			s.filter = append(s.filter, bson.E{Key: field.Name, Value: bounds})
		}
	}
	if query.Sort == "" {
		s.filter = append(s.filter, idBounds(query)...)
		return s
	}
	field, _ := kind.Field(query.Sort)
	s.key, s.number, s.time = field.Name, field.Type != store.FieldText, field.Type == store.FieldTime
	s.windowed = s.number && s.index != "" && kind.Index(s.index).Fields[0] == field.Name
	s.bound(field, query)
	return s
}

// bound restricts a search that is sorted by a field to the query's range. Records with the field's value at a bound are
// compared by identifier; the empty one is the smallest.
func (s *search) bound(field store.Field, query store.Query) {
	texts := bson.D{}
	if above := query.Above; above != nil && above.Key != nil {
		if key, is := above.Key.(int64); is {
			s.keys.lo = max(s.keys.lo, key)
		} else {
			texts = append(texts, bson.E{Key: "$gte", Value: above.Key})
		}
		s.tie("$gt", valueOf(field, above.Key), above.ID)
	}
	if below := query.Below; below != nil && below.Key != nil {
		key, is := below.Key.(int64)
		switch {
		case is && below.ID == "":
			s.keys.hi = min(s.keys.hi, key)
		case is:
			s.keys.hi = min(s.keys.hi, plus(key, 1))
		case below.ID == "":
			texts = append(texts, bson.E{Key: "$lt", Value: below.Key})
		default:
			texts = append(texts, bson.E{Key: "$lte", Value: below.Key})
		}
		s.tie("$lt", valueOf(field, below.Key), below.ID)
	}
	switch {
	case len(texts) > 0:
		s.filter = append(s.filter, bson.E{Key: s.key, Value: texts})
	case field.Optional && s.keys == everything():
		s.filter = append(s.filter, bson.E{Key: s.key, Value: existing()})
	}
}

// tie compares the identifiers of records whose key equals that of a bound.
func (s *search) tie(beyond string, key any, id string) {
	if id != "" {
		s.ties = append(s.ties, bson.D{{Key: "$or", Value: bson.A{
			bson.D{{Key: s.key, Value: bson.D{{Key: beyond, Value: key}}}},
			bson.D{{Key: fieldID, Value: bson.D{{Key: beyond, Value: id}}}},
		}}})
	}
}

func idBounds(query store.Query) (filter bson.D) {
	bounds := bson.D{}
	if query.Above != nil {
		bounds = append(bounds, bson.E{Key: "$gt", Value: query.Above.ID})
	}
	if query.Below != nil {
		bounds = append(bounds, bson.E{Key: "$lt", Value: query.Below.ID})
	}
	if len(bounds) > 0 {
		filter = byID(bounds)
	}
	return filter
}

func existing() bson.D { return bson.D{{Key: "$exists", Value: true}} }

// between restricts a field to values from one, inclusive, to another, exclusive.
func between(field store.Field, from, to any) (bounds bson.D) {
	if from != nil {
		bounds = append(bounds, bson.E{Key: "$gte", Value: valueOf(field, from)})
	}
	if to != nil {
		bounds = append(bounds, bson.E{Key: "$lt", Value: valueOf(field, to)})
	}
	return bounds
}

func among(field store.Field, values []any) any {
	if len(values) == 1 {
		return valueOf(field, values[0])
	}
	list := slices.Clone(values)
	for i, value := range list {
		list[i] = valueOf(field, value)
	}
	return bson.D{{Key: "$in", Value: list}}
}

// valueOf returns a field's value as it is stored.
func valueOf(field store.Field, value any) any {
	if field.Type == store.FieldTime {
		return bson.NewDateTimeFromTime(time.UnixMilli(value.(int64)))
	}
	return value
}
