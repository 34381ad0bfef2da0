package mongo

import (
	"context"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"cloudtag/internal/store"
)

// keysAtOnce is how many keys one command asks for, and how many documents one writes.
const keysAtOnce = 1000

// fieldFrom tells, in what one command found in several collections, where it was.
const fieldFrom = "from"

// Get returns those of the records that there are.
func (e *Engine) Get(ctx context.Context, refs []store.Ref) (map[store.Ref]any, error) {
	if err := e.usable(ctx); err != nil {
		return nil, err
	}
	found, err := e.find(ctx, refs)
	if err != nil {
		return nil, explain("read records", err)
	}
	records := make(map[store.Ref]any, len(found))
	for ref, s := range found {
		records[ref] = s.record
	}
	return records, nil
}

// find reads records by key, each kind of a thousand with one look.
func (e *Engine) find(ctx context.Context, refs []store.Ref) (map[store.Ref]seen, error) {
	found := make(map[store.Ref]seen, len(refs))
	for chunk := range slices.Chunk(refs, keysAtOnce) {
		if err := e.findChunk(ctx, chunk, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// findChunk sends one command whatever the number of kinds: what is beside a command's own work costs more than another look.
func (e *Engine) findChunk(ctx context.Context, refs []store.Ref, found map[store.Ref]seen) error {
	byKind := make(map[*store.Kind][]string)
	for _, ref := range refs {
		byKind[ref.Kind] = append(byKind[ref.Kind], ref.ID)
	}
	var first *store.Kind
	var pipeline bson.A
	for _, kind := range e.kinds {
		ids := byKind[kind]
		switch {
		case len(ids) == 0:
		case first == nil:
			first, pipeline = kind, bson.A{bson.D{{Key: "$match", Value: amongIDs(ids)}}}
		default:
			pipeline = append(pipeline, bson.D{{Key: "$unionWith", Value: bson.D{
				{Key: "coll", Value: kind.Name},
				{Key: "pipeline", Value: bson.A{
					bson.D{{Key: "$match", Value: amongIDs(ids)}},
					bson.D{{Key: "$set", Value: bson.D{{Key: fieldFrom, Value: kind.Name}}}},
				}},
			}}})
		}
	}
	if first == nil {
		return nil
	}
	cursor, err := e.records[first].Aggregate(ctx, pipeline)
	if err != nil {
		return err
	}
	defer func() { _ = cursor.Close(ctx) }()
	for cursor.Next(ctx) {
		if err := e.take(first, cursor.Current, found); err != nil {
			return err
		}
	}
	return cursor.Err()
}

func (e *Engine) take(kind *store.Kind, document bson.Raw, found map[store.Ref]seen) error {
	if name, elsewhere := document.Lookup(fieldFrom).StringValueOK(); elsewhere {
		kind = e.kinds[slices.IndexFunc(e.kinds, func(k *store.Kind) bool { return k.Name == name })]
	}
	id, known := document.Lookup(fieldID).StringValueOK()
	if !known {
		return fmt.Errorf("%s has a document without a text for its _id", kind.Name)
	}
	record, commit, err := e.codec.decode(kind, document)
	found[store.Ref{Kind: kind, ID: id}] = seen{record, commit, len(document)}
	return err
}

func amongIDs(ids []string) bson.D {
	if len(ids) == 1 {
		return byID(ids[0])
	}
	return byID(bson.D{{Key: "$in", Value: ids}})
}
