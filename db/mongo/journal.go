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

// How long applied blocks are kept, and how stale an instance's view of the journal may be when it commits: an instance that
// was suspended for longer could reuse the number of a deleted block.
const (
	keepBlocks   = time.Hour
	maxStaleness = keepBlocks / 2
)

// errStale means that blocks after the last known one were deleted.
var errStale = errors.New("the journal does not continue where this instance left it")

// insert commits a block. It returns the blocks of other instances if they were first, and the error of an attempt that may
// or may not have succeeded.
func (e *Engine) insert(ctx context.Context, b *block) (others []*block, err error) {
	for attempt := range maxAttempts {
		err := e.write(ctx, "commit", func(ctx context.Context) error {
			_, err := e.journal.InsertOne(ctx, b.doc(e.options.clock.Now()))
			return err
		})
		taken := driver.IsDuplicateKeyError(err)
		if err == nil || !taken && !isTemporary(err) {
			return nil, err
		}
		// The number may be taken by this very block, by an attempt whose answer was lost.
		blocks, readErr := e.blocksAfter(ctx, b.number-1)
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
		// Taken, but not yet replicated to a majority: it may still be rolled back.
		if err := backoff(ctx, attempt); err != nil {
			return nil, err
		}
	}
	return nil, errContended()
}

// blocksAfter reads the blocks after a commit.
func (e *Engine) blocksAfter(ctx context.Context, number int64) ([]*block, error) {
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
			return nil, errStale
		}
		b, err := doc.block(e.codec, e.kinds)
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, b)
	}
	return blocks, cursor.Err()
}

// newest returns the number of the newest block, 0 if there is none.
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

// checkpointDoc is the commit up to which all blocks are applied, and the end of the log with it. It may lag behind.
type checkpointDoc struct {
	Applied int64  `bson:"applied"`
	Seq     int64  `bson:"seq"`
	Head    []byte `bson:"head"`
	First   int64  `bson:"first,omitempty"` // sequence number of the first entry that was not dropped; 0: none was
}

func (d checkpointDoc) end() store.Chain { return store.Chain{Seq: d.Seq, Head: d.Head} }

const checkpointID = "journal"

func (e *Engine) loadCheckpoint(ctx context.Context) (doc checkpointDoc, err error) {
	err = e.meta.FindOne(ctx, byID(checkpointID)).Decode(&doc)
	if errors.Is(err, driver.ErrNoDocuments) {
		err = nil
	}
	e.progress.dropped(doc.First)
	return doc, err
}

// saveProgress stores this engine's progress as the checkpoint.
func (e *Engine) saveProgress(ctx context.Context) error {
	applied, end := e.progress.checkpoint()
	return e.saveCheckpoint(ctx, applied, end)
}

// saveCheckpoint stores a checkpoint, unless a later one is stored.
func (e *Engine) saveCheckpoint(ctx context.Context, applied int64, end store.Chain) error {
	if applied == 0 {
		return nil
	}
	return e.write(ctx, "save the checkpoint", func(ctx context.Context) error {
		_, err := e.meta.UpdateOne(ctx,
			bson.D{{Key: fieldID, Value: checkpointID}, {Key: "applied", Value: bson.D{{Key: "$lt", Value: applied}}}},
			bson.D{{Key: "$set", Value: checkpointDoc{Applied: applied, Seq: end.Seq, Head: end.Head}}}, options.UpdateOne().SetUpsert(true))
		if driver.IsDuplicateKeyError(err) { // a later one is stored
			return nil
		}
		return err
	})
}

// Recover applies the blocks that a crash left unapplied, and returns their number.
func (e *Engine) Recover(ctx context.Context) (int, error) {
	if err := e.usable(ctx); err != nil {
		return 0, err
	}
	recovered, err := e.recoverBlocks(ctx)
	return recovered, explain("recover", err)
}

func (e *Engine) recoverBlocks(ctx context.Context) (recovered int, err error) {
	checkpoint, err := e.loadCheckpoint(ctx)
	if err != nil {
		return 0, err
	}
	known, _ := e.progress.checkpoint()
	blocks, err := e.blocksAfter(ctx, max(checkpoint.Applied, known))
	if err != nil {
		return 0, err
	}
	for n, b := range blocks {
		if e.applies.isApplying(b.by) {
			blocks = blocks[:n] // the applier is at work from here on
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
	return recovered, e.saveCheckpoint(ctx, last.number, last.chain)
}

// reload reads the end of the journal into a view that contains everything that may be unapplied.
func (e *Engine) reload(ctx context.Context) (*view, error) {
	checkpoint, err := e.loadCheckpoint(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the checkpoint: %w", err)
	}
	blocks, err := e.blocksAfter(ctx, checkpoint.Applied)
	if err != nil {
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	e.progress.reset(checkpoint.Applied, checkpoint.end())
	v := newView(checkpoint.Applied, checkpoint.end())
	for _, b := range blocks {
		v.add(b)
		e.progress.add(b)
	}
	return v, nil
}
