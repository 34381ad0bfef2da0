package mongo

import (
	"context"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"cloudtag/internal/store"
)

// keysAtOnce bounds the documents that one command reads by key or writes.
const keysAtOnce = 1000

// fieldFrom names the collection in a document that was read from one of several.
const fieldFrom = "from"

// Get returns the existing ones of the records.
func (e *Engine) Get(ctx context.Context, refs []store.Ref) (map[store.Ref]any, error) {
	if err := e.usable(ctx); err != nil {
		return nil, err
	}
	found, err := e.find(ctx, refs)
	if err != nil {
		return nil, explain("read records", err)
	}
	records := make(map[store.Ref]any, len(found))
	for ref, r := range found {
		records[ref] = r.record
	}
	return records, nil
}

// find reads records by key, up to a thousand with one command.
func (e *Engine) find(ctx context.Context, refs []store.Ref) (map[store.Ref]revision, error) {
	found := make(map[store.Ref]revision, len(refs))
	for chunk := range slices.Chunk(refs, keysAtOnce) {
		if err := e.findChunk(ctx, chunk, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// findChunk sends one command for all kinds: the overhead of a command exceeds the cost of reading another collection.
func (e *Engine) findChunk(ctx context.Context, refs []store.Ref, found map[store.Ref]revision) error {
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
		if err := e.decodeFound(first, cursor.Current, found); err != nil {
			return err
		}
	}
	return cursor.Err()
}

func (e *Engine) decodeFound(kind *store.Kind, document bson.Raw, found map[store.Ref]revision) error {
	if name, elsewhere := document.Lookup(fieldFrom).StringValueOK(); elsewhere {
		kind = e.kinds[slices.IndexFunc(e.kinds, func(k *store.Kind) bool { return k.Name == name })]
	}
	id, known := document.Lookup(fieldID).StringValueOK()
	if !known {
		return fmt.Errorf("%s has a document whose _id is not a string", kind.Name)
	}
	record, commit, err := e.codec.decode(kind, document)
	found[store.Ref{Kind: kind, ID: id}] = revision{record, commit, len(document)}
	return err
}

func amongIDs(ids []string) bson.D {
	if len(ids) == 1 {
		return byID(ids[0])
	}
	return byID(bson.D{{Key: "$in", Value: ids}})
}
