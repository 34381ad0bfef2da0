package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// keepEvery is how often an engine looks after the journal.
const keepEvery = time.Second

// patience is how many looks in a row must show the same commit at the head of those that are not applied before it counts as
// left behind by an instance that is gone.
const patience = 3

// keeper looks after the journal: it notes how far it is applied, applies what others left behind and deletes what is old.
type keeper struct {
	engine  *Engine
	looks   int
	applied int64 // all up to it was noted as applied, as of the last look
	same    int   // how many looks showed that, with more behind it
	failing bool
}

func (e *Engine) keep(ctx context.Context) {
	ticker := time.NewTicker(keepEvery)
	defer ticker.Stop()
	k := &keeper{engine: e}
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		err := k.look(ctx)
		if failed := err != nil && ctx.Err() == nil && e.mortal.alive() == nil; failed && !k.failing {
			e.log.Warn("looking after the journal failed; trying on", "error", err)
		}
		k.failing = err != nil
	}
}

func (k *keeper) look(ctx context.Context) error {
	e := k.engine
	if err := e.mortal.alive(); err != nil {
		return err
	}
	place, err := e.noted(ctx)
	if err != nil {
		return err
	}
	e.progress.pass(place.Applied)
	if e.progress.waits() {
		if _, err := e.readable(ctx); err != nil {
			return err
		}
	}
	if applied, _, _ := e.progress.place(); applied > place.Applied {
		if err := e.note(ctx); err != nil {
			return err
		}
	}
	if err := k.mend(ctx, place.Applied); err != nil {
		return err
	}
	if k.looks++; k.looks%60 == 0 {
		return e.trim(ctx, place.Applied)
	}
	return nil
}

// mend applies what has been waiting for too long.
func (k *keeper) mend(ctx context.Context, applied int64) error {
	newest, err := k.engine.newest(ctx)
	if err != nil {
		return err
	}
	if newest <= applied || applied != k.applied {
		k.applied, k.same = applied, 0
		return nil
	}
	if k.same++; k.same < patience {
		return nil
	}
	recovered, err := k.engine.recoverBlocks(ctx)
	if recovered > 0 {
		k.engine.log.Info("applied commits that another instance had left behind", "commits", recovered)
	}
	return err
}

// trim deletes blocks that are applied and old.
func (e *Engine) trim(ctx context.Context, applied int64) error {
	return e.mortal.write(ctx, "delete old blocks", func(ctx context.Context) error {
		_, err := e.journal.DeleteMany(ctx, bson.D{
			{Key: fieldID, Value: bson.D{{Key: "$lt", Value: applied}}},
			{Key: "at", Value: bson.D{{Key: "$lt", Value: e.options.Clock.Now().Add(-keepBlocks)}}},
		})
		return err
	})
}
