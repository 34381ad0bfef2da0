package mongo

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"cloudtag/internal/store"
)

// apply applies consecutive blocks to the collections: the records of all kinds concurrently, then the log. It is idempotent
// and may run on several instances: a document is written only if its revision is smaller, and entries never change. It
// reports whether anything was missing.
func (e *Engine) apply(ctx context.Context, blocks []*block) (changed bool, err error) {
	wrote, err := e.applyRecords(ctx, blocks)
	if err != nil {
		return false, err
	}
	appended, err := e.appendLog(ctx, blocks)
	return wrote || appended, err
}

// applyRecords writes the newest revision of each record in blocks.
func (e *Engine) applyRecords(ctx context.Context, blocks []*block) (wrote bool, err error) {
	byKind := make(map[*store.Kind]map[string]change)
	for _, b := range blocks {
		for _, c := range b.changes {
			of := byKind[c.ref.Kind]
			if of == nil {
				of = make(map[string]change)
				byKind[c.ref.Kind] = of
			}
			if before, again := of[c.ref.ID]; again {
				c.fresh = before.fresh
			}
			of[c.ref.ID] = c
		}
	}
	var any atomic.Bool
	var applying sync.WaitGroup
	failures := make([]error, len(e.kinds))
	for n, kind := range e.kinds {
		if len(byKind[kind]) > 0 {
			applying.Go(func() {
				wrote, err := e.applyKind(ctx, kind, byKind[kind])
				failures[n] = err
				if wrote {
					any.Store(true)
				}
			})
		}
	}
	applying.Wait()
	return any.Load(), errors.Join(failures...)
}

// applyKind writes records of a kind in the order of their keys, so that concurrent calls do not deadlock. New records are
// inserted, which costs the server a fraction of a replacement.
func (e *Engine) applyKind(ctx context.Context, kind *store.Kind, byID map[string]change) (wrote bool, err error) {
	var fresh, known []change
	for _, c := range byID {
		if c.fresh {
			fresh = append(fresh, c)
		} else {
			known = append(known, c)
		}
	}
	byKey := func(a, b change) int { return cmp.Compare(a.ref.ID, b.ref.ID) }
	slices.SortFunc(fresh, byKey)
	for chunk := range slices.Chunk(fresh, keysAtOnce) {
		left, err := e.insertRecords(ctx, kind, chunk)
		if err != nil {
			return false, err
		}
		wrote, known = wrote || len(left) < len(chunk), append(known, left...)
	}
	slices.SortFunc(known, byKey)
	for chunk := range slices.Chunk(known, keysAtOnce) {
		replaced, err := e.replaceRecords(ctx, kind, chunk)
		if err != nil {
			return false, err
		}
		wrote = wrote || replaced
	}
	return wrote, nil
}

// insertRecords inserts new records, and returns those that another instance has inserted meanwhile.
func (e *Engine) insertRecords(ctx context.Context, kind *store.Kind, changes []change) (left []change, err error) {
	documents := make([]bson.Raw, len(changes))
	for i, c := range changes {
		documents[i] = c.document
	}
	existing, err := e.insertMissing(ctx, "apply "+kind.Name, e.records[kind], documents)
	for _, i := range existing {
		left = append(left, changes[i])
	}
	return left, err
}

// insertMissing inserts the documents that do not exist, and returns the indexes of those that do.
func (e *Engine) insertMissing(ctx context.Context, step string, into *driver.Collection, documents []bson.Raw) (existing []int, err error) {
	err = e.write(ctx, step, func(ctx context.Context) error {
		_, err := into.InsertMany(ctx, documents, options.InsertMany().SetOrdered(false))
		existing, err = duplicates(err)
		return err
	})
	return existing, err
}

// replaceRecords replaces older revisions of records, or inserts them.
func (e *Engine) replaceRecords(ctx context.Context, kind *store.Kind, changes []change) (wrote bool, err error) {
	models := make([]driver.WriteModel, len(changes))
	for i, c := range changes {
		commit := c.document.Lookup(fieldCommit)
		models[i] = driver.NewReplaceOneModel().SetReplacement(c.document).SetUpsert(true).SetFilter(bson.D{
			{Key: fieldID, Value: c.ref.ID}, {Key: fieldCommit, Value: bson.D{{Key: "$lt", Value: commit}}},
		})
	}
	err = e.write(ctx, "apply "+kind.Name, func(ctx context.Context) error {
		result, err := e.records[kind].BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
		if result != nil {
			wrote = wrote || result.MatchedCount+result.UpsertedCount > 0
		}
		_, err = duplicates(err) // the stored document is at least as new
		return err
	})
	return wrote, err
}

// appendLog writes the entries of blocks that do not exist.
func (e *Engine) appendLog(ctx context.Context, blocks []*block) (wrote bool, err error) {
	var entries []bson.Raw
	for _, b := range blocks {
		entries = append(entries, b.entries...)
	}
	for chunk := range slices.Chunk(entries, keysAtOnce) {
		existing, err := e.insertMissing(ctx, "append to the log", e.entries, chunk)
		if err != nil {
			return false, err
		}
		wrote = wrote || len(existing) < len(chunk)
	}
	return wrote, nil
}
