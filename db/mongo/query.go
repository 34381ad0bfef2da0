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

// Count counts the records that a query selects.
func (e *Engine) Count(ctx context.Context, query store.Query) (int, error) {
	if err := e.usable(ctx); err != nil {
		return 0, err
	}
	search := e.recordSearch(query)
	search.limit = query.Limit
	count, err := e.count(ctx, search)
	return count, explain("count "+query.Kind.Name, err)
}

// recordSearch says what a query selects in the server's words.
func (e *Engine) recordSearch(query store.Query) search {
	kind := query.Kind
	s := search{from: e.records[kind], key: fieldID, descending: query.Descending, stretch: everything()}
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

// bound narrows a search that is sorted by a field to the query's stretch. Where the field is equal the identifiers decide;
// none comes before an empty one.
func (s *search) bound(field store.Field, query store.Query) {
	texts := bson.D{}
	if place := query.Above; place != nil && place.Key != nil {
		if key, is := place.Key.(int64); is {
			s.stretch.lo = max(s.stretch.lo, key)
		} else {
			texts = append(texts, bson.E{Key: "$gte", Value: place.Key})
		}
		s.tie("$gt", valueOf(field, place.Key), place.ID)
	}
	if place := query.Below; place != nil && place.Key != nil {
		key, is := place.Key.(int64)
		switch {
		case is && place.ID == "":
			s.stretch.hi = min(s.stretch.hi, key)
		case is:
			s.stretch.hi = min(s.stretch.hi, above(key, 1))
		case place.ID == "":
			texts = append(texts, bson.E{Key: "$lt", Value: place.Key})
		default:
			texts = append(texts, bson.E{Key: "$lte", Value: place.Key})
		}
		s.tie("$lt", valueOf(field, place.Key), place.ID)
	}
	switch {
	case len(texts) > 0:
		s.filter = append(s.filter, bson.E{Key: s.key, Value: texts})
	case field.Optional && s.stretch == everything():
		s.filter = append(s.filter, bson.E{Key: s.key, Value: existing()})
	}
}

// tie lets the identifiers decide where the key is that of a place.
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

// between bounds a field, from inclusive, to exclusive.
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

// valueOf is a value of a field as it is stored.
func valueOf(field store.Field, value any) any {
	if field.Type == store.FieldTime {
		return bson.NewDateTimeFromTime(time.UnixMilli(value.(int64)))
	}
	return value
}
