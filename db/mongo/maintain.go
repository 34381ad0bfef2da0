package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// maintainInterval is how often an engine maintains the journal.
const maintainInterval = time.Second

// abandonedAfter is the number of consecutive rounds in which the first unapplied block must be the same before it counts as
// abandoned by an instance that has died.
const abandonedAfter = 3

// maintainer saves the checkpoint, applies blocks that other instances have abandoned and deletes old ones.
type maintainer struct {
	engine  *Engine
	rounds  int
	applied int64 // the stored checkpoint in the last round
	same    int   // rounds with that checkpoint and unapplied blocks
	failing bool
}

func (e *Engine) maintain(ctx context.Context) {
	ticker := time.NewTicker(maintainInterval)
	defer ticker.Stop()
	m := &maintainer{engine: e}
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		err := m.round(ctx)
		if failed := err != nil && ctx.Err() == nil && e.failpoint.Err() == nil; failed && !m.failing {
			e.log.Warn("maintaining the journal failed; retrying", "error", err)
		}
		m.failing = err != nil
	}
}

func (m *maintainer) round(ctx context.Context) error {
	e := m.engine
	if err := e.failpoint.Err(); err != nil {
		return err
	}
	stored, err := e.loadCheckpoint(ctx)
	if err != nil {
		return err
	}
	e.progress.skip(stored.Applied)
	if e.progress.isBehind() {
		if _, err := e.readable(ctx); err != nil {
			return err
		}
	}
	if applied, _ := e.progress.checkpoint(); applied > stored.Applied {
		if err := e.saveProgress(ctx); err != nil {
			return err
		}
	}
	if err := m.applyAbandoned(ctx, stored.Applied); err != nil {
		return err
	}
	if m.rounds++; m.rounds%60 == 0 {
		return e.trim(ctx, stored.Applied)
	}
	return nil
}

// applyAbandoned applies blocks that have been unapplied for too long.
func (m *maintainer) applyAbandoned(ctx context.Context, applied int64) error {
	newest, err := m.engine.newest(ctx)
	if err != nil {
		return err
	}
	if newest <= applied || applied != m.applied {
		m.applied, m.same = applied, 0
		return nil
	}
	if m.same++; m.same < abandonedAfter {
		return nil
	}
	recovered, err := m.engine.recoverBlocks(ctx)
	if recovered > 0 {
		m.engine.log.Info("applied commits that another instance had abandoned", "commits", recovered)
	}
	return err
}

// trim deletes blocks that are applied and old.
func (e *Engine) trim(ctx context.Context, applied int64) error {
	return e.write(ctx, "delete old blocks", func(ctx context.Context) error {
		_, err := e.journal.DeleteMany(ctx, bson.D{
			{Key: fieldID, Value: bson.D{{Key: "$lt", Value: applied}}},
			{Key: "at", Value: bson.D{{Key: "$lt", Value: e.options.clock.Now().Add(-keepBlocks)}}},
		})
		return err
	})
}
