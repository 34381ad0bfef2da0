package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
)

// The indexes of the log.
const (
	logByKey    = "by_key"
	logByAction = "by_action"
	logByActor  = "by_actor"
)

// LastSeq returns the sequence number up to which all entries can be read.
func (e *Engine) LastSeq(ctx context.Context) (int64, error) {
	if err := e.usable(ctx); err != nil {
		return 0, err
	}
	seq, err := e.readable(ctx)
	return seq, explain("find the log's end", err)
}

// readable returns the sequence number up to which there is no gap. Blocks may be applied in any order, so that there can be
// later entries after a gap, which are not returned to readers yet.
func (e *Engine) readable(ctx context.Context) (int64, error) {
	if e.progress.readable() == 0 { // the log need not begin with 1
		checkpoint, err := e.loadCheckpoint(ctx)
		if err != nil {
			return 0, err
		}
		e.progress.observe(checkpoint.Seq)
	}
	for {
		known := e.progress.readable()
		seq, more, err := e.endOfRun(ctx, known)
		if err != nil {
			return 0, err
		}
		e.progress.observe(seq)
		if !more {
			return max(seq, known), nil
		}
		checkpoint, err := e.loadCheckpoint(ctx) // far behind: the checkpoint may be further
		if err != nil {
			return 0, err
		}
		e.progress.observe(checkpoint.Seq)
	}
}

// endOfRun returns the end of the gapless run of entries after a sequence number, and whether there may be more.
func (e *Engine) endOfRun(ctx context.Context, seq int64) (end int64, more bool, err error) {
	seqs, err := e.sequence(ctx, "$gt", seq)
	for _, next := range seqs {
		if next != seq+1 {
			return seq, false, err
		}
		seq = next
	}
	return seq, len(seqs) == keysAtOnce, err
}

// sequence returns the sequence numbers of the first entries that compare with one as asked for.
func (e *Engine) sequence(ctx context.Context, comparison string, seq int64) ([]int64, error) {
	cursor, err := e.entries.Find(ctx, byID(bson.D{{Key: comparison, Value: seq}}),
		options.Find().SetSort(byID(1)).SetProjection(byID(1)).SetLimit(keysAtOnce))
	if err != nil {
		return nil, err
	}
	var docs []struct {
		Seq int64 `bson:"_id"`
	}
	err = cursor.All(ctx, &docs)
	seqs := make([]int64, len(docs))
	for i, doc := range docs {
		seqs[i] = doc.Seq
	}
	return seqs, err
}

// DropLog deletes the entries below a sequence number. The new beginning of the log is stored first; other instances learn
// it within a second, and until then include dropped entries in counts and searches.
func (e *Engine) DropLog(ctx context.Context, below int64) error {
	if err := e.usable(ctx); err != nil {
		return err
	}
	return explain("drop the log's beginning", e.dropLog(ctx, below))
}

func (e *Engine) dropLog(ctx context.Context, below int64) error {
	if err := e.saveProgress(ctx); err != nil {
		return err
	}
	err := e.write(ctx, "store where the log begins", func(ctx context.Context) error {
		_, err := e.meta.UpdateOne(ctx, byID(checkpointID), bson.D{{Key: "$max", Value: bson.D{{Key: "first", Value: below}}}})
		return err
	})
	if err != nil {
		return err
	}
	e.progress.dropped(below)
	for {
		seqs, err := e.sequence(ctx, "$lt", below)
		if err != nil || len(seqs) == 0 {
			return err
		}
		oldest := byID(bson.D{{Key: "$lte", Value: seqs[len(seqs)-1]}})
		err = e.write(ctx, "drop entries of the log", func(ctx context.Context) error {
			_, err := e.entries.DeleteMany(ctx, oldest)
			return err
		})
		if err != nil {
			return err
		}
	}
}

// Log returns the entries that a query selects.
func (e *Engine) Log(ctx context.Context, query store.LogQuery) (entries []cloudtag.Entry, more bool, err error) {
	if err := e.usable(ctx); err != nil {
		return nil, false, err
	}
	entries, more, err = e.readLog(ctx, query)
	return entries, more, explain("read the log", err)
}

func (e *Engine) readLog(ctx context.Context, query store.LogQuery) (entries []cloudtag.Entry, more bool, err error) {
	search, err := e.logSearch(ctx, query)
	if err != nil {
		return nil, false, err
	}
	search.limit = query.Limit + 1
	documents, err := e.search(ctx, search)
	for _, document := range documents[:min(query.Limit, len(documents))] {
		var doc entryDoc
		if err := bson.Unmarshal(document, &doc); err != nil {
			return nil, false, err
		}
		entries = append(entries, doc.entry())
	}
	return entries, len(documents) > query.Limit, err
}

// CountLog returns the number of entries that a query selects.
func (e *Engine) CountLog(ctx context.Context, query store.LogQuery) (int, error) {
	if err := e.usable(ctx); err != nil {
		return 0, err
	}
	search, err := e.logSearch(ctx, query)
	if err == nil && len(search.filter) == 0 { // sequence numbers have no gaps
		return int(max(0, min(int64(query.Limit), search.keys.hi-search.keys.lo))), nil
	}
	count := 0
	if err == nil {
		search.limit = query.Limit
		count, err = e.count(ctx, search)
	}
	return count, explain("count the log", err)
}

// logSearch chooses the index for a query: by key if there is one, else by action, actor, or sequence number.
func (e *Engine) logSearch(ctx context.Context, query store.LogQuery) (search, error) {
	last := query.Below - 1
	if known := e.progress.readable(); query.Below <= 0 || last > known {
		readable, err := e.readable(ctx)
		if err != nil {
			return search{}, err
		}
		if last = readable; query.Below > 0 {
			last = min(last, query.Below-1)
		}
	}
	s := search{
		from: e.entries, key: fieldID, number: true, windowed: true, descending: query.Descending,
		keys: interval{max(query.Above+1, e.progress.first()), last + 1},
	}
	add := func(index, field string, value any) {
		if s.index == "" {
			s.index = index
		}
		s.filter = append(s.filter, bson.E{Key: field, Value: value})
	}
	if query.Key != "" {
		add(logByKey, "keys", query.Key)
	}
	if query.Subject != "" && query.Subject != query.Key {
		s.filter = append(s.filter, bson.E{Key: "subjects", Value: query.Subject})
	}
	if query.Action != "" {
		add(logByAction, "action", query.Action)
	}
	if query.Actor != "" {
		add(logByActor, "actor", query.Actor)
	}
	return s, nil
}
