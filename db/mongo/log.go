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

// LastSeq is the number of the newest entry up to which all can be read.
func (e *Engine) LastSeq(ctx context.Context) (int64, error) {
	if err := e.usable(ctx); err != nil {
		return 0, err
	}
	seq, err := e.readable(ctx)
	return seq, explain("find the log's end", err)
}

// readable is the number up to which all entries are there. Commits may be applied in any order, so that behind it there can
// be entries with others missing before them; nobody is shown those yet.
func (e *Engine) readable(ctx context.Context) (int64, error) {
	if e.progress.readable() == 0 { // the log need not begin with 1
		place, err := e.noted(ctx)
		if err != nil {
			return 0, err
		}
		e.progress.saw(place.Seq)
	}
	for {
		known := e.progress.readable()
		seq, more, err := e.runBehind(ctx, known)
		if err != nil {
			return 0, err
		}
		e.progress.saw(seq)
		if !more {
			return max(seq, known), nil
		}
		place, err := e.noted(ctx) // a long way behind: perhaps there is a shorter one
		if err != nil {
			return 0, err
		}
		e.progress.saw(place.Seq)
	}
}

// runBehind returns the end of the entries that follow on a number without a gap, and whether there may be more.
func (e *Engine) runBehind(ctx context.Context, seq int64) (end int64, more bool, err error) {
	cursor, err := e.entries.Find(ctx, byID(bson.D{{Key: "$gt", Value: seq}}),
		options.Find().SetSort(byID(1)).SetProjection(byID(1)).SetLimit(keysAtOnce))
	if err != nil {
		return 0, false, err
	}
	var docs []struct {
		Seq int64 `bson:"_id"`
	}
	if err := cursor.All(ctx, &docs); err != nil {
		return 0, false, err
	}
	for _, doc := range docs {
		if doc.Seq != seq+1 {
			return seq, false, nil
		}
		seq = doc.Seq
	}
	return seq, len(docs) == keysAtOnce, nil
}

// DropLog deletes the entries below a number. What the log begins with is noted first: instances learn it within a second,
// and count and search what is no more there until then.
func (e *Engine) DropLog(ctx context.Context, below int64) error {
	if err := e.usable(ctx); err != nil {
		return err
	}
	return explain("drop the log's beginning", e.dropLog(ctx, below))
}

func (e *Engine) dropLog(ctx context.Context, below int64) error {
	if err := e.note(ctx); err != nil {
		return err
	}
	err := e.mortal.write(ctx, "note where the log begins", func(ctx context.Context) error {
		_, err := e.meta.UpdateOne(ctx, byID(placeID), bson.D{{Key: "$max", Value: bson.D{{Key: "first", Value: below}}}})
		return err
	})
	if err != nil {
		return err
	}
	e.progress.begins(below)
	for {
		cursor, err := e.entries.Find(ctx, byID(bson.D{{Key: "$lt", Value: below}}),
			options.Find().SetSort(byID(1)).SetProjection(byID(1)).SetLimit(keysAtOnce))
		if err != nil {
			return err
		}
		var docs []struct {
			Seq int64 `bson:"_id"`
		}
		if err := cursor.All(ctx, &docs); err != nil || len(docs) == 0 {
			return err
		}
		oldest := byID(bson.D{{Key: "$lte", Value: docs[len(docs)-1].Seq}})
		err = e.mortal.write(ctx, "drop entries of the log", func(ctx context.Context) error {
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

// CountLog counts the entries that a query selects.
func (e *Engine) CountLog(ctx context.Context, query store.LogQuery) (int, error) {
	if err := e.usable(ctx); err != nil {
		return 0, err
	}
	search, err := e.logSearch(ctx, query)
	if err == nil && len(search.filter) == 0 { // numbers have no gap
		return int(max(0, min(int64(query.Limit), search.stretch.hi-search.stretch.lo))), nil
	}
	count := 0
	if err == nil {
		search.limit = query.Limit
		count, err = e.count(ctx, search)
	}
	return count, explain("count the log", err)
}

// logSearch says where entries that match are looked for: by a key if there is one, else by action, by actor, or by number.
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
		stretch: span{max(query.Above+1, e.progress.first()), last + 1},
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
