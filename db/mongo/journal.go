package mongo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"cloudtag/internal/store"
)

// How long blocks are kept once they are applied, and how old what an instance knows of the journal may be when it commits:
// an instance that was stopped for longer could take a number again whose block is gone.
const (
	keepBlocks = time.Hour
	freshPlace = keepBlocks / 2
)

// errBehind says that the blocks behind a place are not all there any more.
var errBehind = errors.New("the journal does not go on where this instance left it")

// insert commits a block. It returns the blocks of others where they were first, and the error of an attempt that may have
// been made or not.
func (e *Engine) insert(ctx context.Context, b *block) (others []*block, err error) {
	for attempt := range attempts {
		err := e.mortal.write(ctx, "commit", func(ctx context.Context) error {
			_, err := e.journal.InsertOne(ctx, b.doc(e.options.Clock.Now()))
			return err
		})
		taken := driver.IsDuplicateKeyError(err)
		if err == nil || !taken && !isPassing(err) {
			return nil, err
		}
		// The number may be taken by this very block, of an attempt without an answer.
		blocks, readErr := e.blocksBehind(ctx, b.number-1)
		switch {
		case readErr != nil:
			return nil, errors.Join(err, readErr)
		case len(blocks) > 0 && blocks[0].by == b.by:
			return nil, nil
		case len(blocks) > 0:
			return blocks, nil
		case !taken && attempt > 0:
			return nil, err
		}
		// Taken, but not by a majority yet: it may still go either way.
		if err := pause(ctx, attempt); err != nil {
			return nil, err
		}
	}
	return nil, errContended()
}

// blocksBehind reads the blocks behind a commit.
func (e *Engine) blocksBehind(ctx context.Context, number int64) ([]*block, error) {
	cursor, err := e.journal.Find(ctx, byID(bson.D{{Key: "$gt", Value: number}}), options.Find().SetSort(byID(1)))
	if err != nil {
		return nil, err
	}
	defer func() { _ = cursor.Close(ctx) }()
	var blocks []*block
	for cursor.Next(ctx) {
		var doc blockDoc
		if err := cursor.Decode(&doc); err != nil {
			return nil, err
		}
		if number++; doc.Number != number {
			return nil, errBehind
		}
		b, err := doc.block(e.codec, e.kinds)
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, b)
	}
	return blocks, cursor.Err()
}

// newest is the number of the newest block; 0 where there is none.
func (e *Engine) newest(ctx context.Context) (int64, error) {
	var doc struct {
		Number int64 `bson:"_id"`
	}
	err := e.journal.FindOne(ctx, bson.D{}, options.FindOne().SetSort(byID(-1)).SetProjection(byID(1))).Decode(&doc)
	if errors.Is(err, driver.ErrNoDocuments) {
		err = nil
	}
	return doc.Number, err
}

// placeDoc says up to which commit all are applied, and where the log ends there. It may lag behind.
type placeDoc struct {
	Applied int64  `bson:"applied"`
	Seq     int64  `bson:"seq"`
	Head    []byte `bson:"head"`
	First   int64  `bson:"first,omitempty"` // number of the first entry that is kept; 0: of the first of all
}

const placeID = "journal"

// noted reads the place.
func (e *Engine) noted(ctx context.Context) (doc placeDoc, err error) {
	err = e.meta.FindOne(ctx, byID(placeID)).Decode(&doc)
	if errors.Is(err, driver.ErrNoDocuments) {
		err = nil
	}
	e.progress.begins(doc.First)
	return doc, err
}

// note stores the place, unless a later one is stored.
func (e *Engine) note(ctx context.Context) error {
	applied, seq, head := e.progress.place()
	return e.notePlace(ctx, placeDoc{Applied: applied, Seq: seq, Head: head})
}

func (e *Engine) notePlace(ctx context.Context, doc placeDoc) error {
	if doc.Applied == 0 {
		return nil
	}
	return e.mortal.write(ctx, "note how far the journal is applied", func(ctx context.Context) error {
		_, err := e.meta.UpdateOne(ctx,
			bson.D{{Key: fieldID, Value: placeID}, {Key: "applied", Value: bson.D{{Key: "$lt", Value: doc.Applied}}}},
			bson.D{{Key: "$set", Value: doc}}, options.UpdateOne().SetUpsert(true))
		if driver.IsDuplicateKeyError(err) { // a later one is there
			return nil
		}
		return err
	})
}

// Recover applies the commits that a crash left to be applied, and returns how many there were.
func (e *Engine) Recover(ctx context.Context) (int, error) {
	if err := e.usable(ctx); err != nil {
		return 0, err
	}
	recovered, err := e.recoverBlocks(ctx)
	return recovered, explain("recover", err)
}

func (e *Engine) recoverBlocks(ctx context.Context) (recovered int, err error) {
	place, err := e.noted(ctx)
	if err != nil {
		return 0, err
	}
	known, _, _ := e.progress.place()
	blocks, err := e.blocksBehind(ctx, max(place.Applied, known))
	if err != nil {
		return 0, err
	}
	for n, b := range blocks {
		if e.applies.works(b.by) {
			blocks = blocks[:n] // from here on they are being applied
			break
		}
		changed, err := e.apply(ctx, []*block{b})
		if err != nil {
			return recovered, fmt.Errorf("commit %d: %w", b.number, err)
		}
		if changed {
			recovered++
		}
	}
	if len(blocks) == 0 {
		return 0, nil
	}
	e.progress.finish(blocks)
	last := blocks[len(blocks)-1]
	return recovered, e.notePlace(ctx, placeDoc{Applied: last.number, Seq: last.chain.Seq, Head: last.chain.Head})
}

// reload reads where the journal is: a view of its end, with all in it that may not be applied.
func (e *Engine) reload(ctx context.Context) (*view, error) {
	place, err := e.noted(ctx)
	if err != nil {
		return nil, fmt.Errorf("read how far the journal is applied: %w", err)
	}
	blocks, err := e.blocksBehind(ctx, place.Applied)
	if err != nil {
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	e.progress.reset(place.Applied, place.Seq, place.Head)
	v := newView(place.Applied, store.Chain{Seq: place.Seq, Head: place.Head})
	for _, b := range blocks {
		v.add(b)
		e.progress.add(b)
	}
	return v, nil
}
