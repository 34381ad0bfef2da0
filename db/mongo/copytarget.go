package mongo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/copying"
)

// copyID is the document of meta that says how far a copy into the database is; there is none once it has ended.
const copyID = "copy"

// copyDoc is a [copying.State].
type copyDoc struct {
	ID     string `bson:"_id"`
	Source string `bson:"source"`
	Kind   string `bson:"kind"`
	After  string `bson:"after"`
	Rows   int    `bson:"rows"`
}

func newCopyDoc(state copying.State) copyDoc {
	return copyDoc{ID: copyID, Source: state.Source, Kind: string(state.Kind), After: state.After, Rows: state.Rows}
}

func (d copyDoc) state() copying.State {
	return copying.State{Source: d.Source, Kind: copying.Kind(d.Kind), After: d.After, Rows: d.Rows}
}

// errCopyBegun is why such a database can't be used.
var errCopyBegun = errors.New("a copy into it was begun and has not ended: run the same cloudtag copy again, or drop the database")

func (s *Store) copyDoc(ctx context.Context) (doc copyDoc, begun bool, err error) {
	err = s.meta.FindOne(ctx, byID(copyID)).Decode(&doc)
	if errors.Is(err, driver.ErrNoDocuments) {
		return doc, false, nil
	}
	return doc, err == nil, err
}

func (s *Store) copyBegun(ctx context.Context) (bool, error) {
	_, begun, err := s.copyDoc(ctx)
	return begun, err
}

// BeginCopy returns how far the copy into the store is, or begins one.
func (s *Store) BeginCopy(ctx context.Context, first copying.State) (copying.State, error) {
	state, err := s.beginCopy(ctx, first)
	return state, explain("begin a copy", err)
}

func (s *Store) beginCopy(ctx context.Context, first copying.State) (copying.State, error) {
	if doc, begun, err := s.copyDoc(ctx); err != nil || begun {
		return doc.state(), err
	}
	for _, plan := range s.schema() {
		err := plan.collection.FindOne(ctx, bson.D{}, options.FindOne().SetProjection(byID(1))).Err()
		if err == nil {
			return first, copying.ErrNotEmpty
		}
		if !errors.Is(err, driver.ErrNoDocuments) {
			return first, err
		}
	}
	return first, s.keepCopyState(ctx, first)
}

func (s *Store) keepCopyState(ctx context.Context, state copying.State) error {
	return s.write(ctx, "keep the state of the copy", func(ctx context.Context) error {
		_, err := s.meta.ReplaceOne(ctx, byID(copyID), newCopyDoc(state), options.Replace().SetUpsert(true))
		return err
	})
}

// PutRows stores rows of a copy, and then its state: what is stored already, since the last attempt ended in between,
// stays as it is.
func (s *Store) PutRows(ctx context.Context, kind copying.Kind, rows []copying.Row, next copying.State) error {
	err := s.putRows(ctx, kind, rows)
	if err == nil {
		err = s.keepCopyState(ctx, next)
	}
	return explain("store copied rows", err)
}

// EndCopy makes the store one like any other.
func (s *Store) EndCopy(ctx context.Context) error {
	err := s.write(ctx, "end a copy", func(ctx context.Context) error {
		_, err := s.meta.DeleteOne(ctx, byID(copyID))
		return err
	})
	return explain("end a copy", err)
}

// putRows stores rows of a kind.
func (s *Store) putRows(ctx context.Context, kind copying.Kind, rows []copying.Row) error {
	if len(rows) == 0 {
		return nil
	}
	if kind == copying.Log {
		return s.putLog(ctx, rows)
	}
	byCollection := make(map[*driver.Collection][]any)
	for _, row := range rows {
		if err := s.addCopied(byCollection, row.Value); err != nil {
			return fmt.Errorf("row %s: %w", row.Key, err)
		}
	}
	// Tags before their cases, whose live tags they are.
	for _, into := range []*driver.Collection{
		s.policies, s.merchants, s.orders, s.risks, s.tags, s.cases, s.batches, s.documents,
	} {
		for docs := range slices.Chunk(byCollection[into], keysAtOnce) {
			err := s.write(ctx, "insert copied "+into.Name(), func(ctx context.Context) error {
				_, err := into.InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
				_, err = duplicates(err)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// addCopied adds the documents of a row to those to insert.
func (s *Store) addCopied(to map[*driver.Collection][]any, value any) error {
	add := func(into *driver.Collection, doc any) { to[into] = append(to[into], doc) }
	switch value := value.(type) {
	case cloudtag.Policy:
		add(s.policies, asCopied(newPolicyDoc(value)))
	case copying.Merchant:
		add(s.merchants, asCopied(newMerchantDoc(value.Merchant, value.Recount)))
	case cloudtag.Order:
		add(s.orders, asCopied(newOrderDoc(value)))
	case copying.Risk:
		doc := asCopied(newRiskDoc(value.RiskProfile))
		doc.Evaluate = value.Evaluate
		add(s.risks, doc)
	case copying.Case:
		s.addCopiedCase(add, value)
	case cloudtag.Batch:
		add(s.batches, newCopiedBatch(value))
	case cloudtag.Document:
		add(s.documents, asCopied(newDocumentDoc(value)))
	default:
		return fmt.Errorf("no document is made of a %T", value)
	}
	return nil
}

// asCopied makes a document one that nothing has changed since it was copied.
func asCopied[D row](doc D) D {
	*doc.head() = rowHead{Revision: 1, Change: copyID}
	return doc
}

func (s *Store) addCopiedCase(add func(*driver.Collection, any), c copying.Case) {
	doc := newCaseDoc(c.Case)
	doc.Revision, doc.Live = 1, []tagDoc{}
	for _, tag := range c.Tags {
		tagged := newTagDoc(tag, doc.Revision, copyID)
		add(s.tags, tagged)
		if tag.Live {
			doc.Live = append(doc.Live, tagged)
		}
	}
	add(s.cases, doc)
}

func newCopiedBatch(batch cloudtag.Batch) batchDoc {
	return batchDoc{
		ID: batchID(batch.MerchantID, batch.Key), Claim: copyID, State: batchDone, Batch: string(batch.ID),
		Merchant: string(batch.MerchantID), Key: batch.Key, InputHash: batch.InputHash, Scenario: string(batch.Scenario),
		SubmittedAt: batch.SubmittedAt, Results: newResultDocs(batch.Results),
	}
}

// putLog appends entries as they are, with their numbers and hashes, behind those that are there.
func (s *Store) putLog(ctx context.Context, rows []copying.Row) error {
	newest, err := s.newestBlock(ctx, s.blocks)
	if err != nil {
		return err
	}
	for page := range slices.Chunk(rows, maxBlockEntries) {
		entries := make([]cloudtag.Entry, len(page))
		for i, row := range page {
			entries[i] = row.Value.(cloudtag.Entry)
		}
		first, last := entries[0], entries[len(entries)-1]
		if last.Seq <= newest.last() {
			continue // from the attempt before
		}
		block := newBlock(newest.last()+1, newest.Head,
			[]*change{{ids: []string{fmt.Sprint(copyID, "/", first.Seq)}, entries: newEntryDocs(entries)}})
		if block.First != first.Seq || !bytes.Equal(block.Head, last.Hash) {
			return fmt.Errorf("the log does not hold: entries %d to %d came to %d with another hash; see cloudtag verify-log",
				first.Seq, last.Seq, block.First)
		}
		err := s.write(ctx, "append to the log", func(ctx context.Context) error {
			_, err := s.blocks.InsertOne(ctx, block)
			return err
		})
		if err != nil {
			return err
		}
		newest = block
	}
	return nil
}
