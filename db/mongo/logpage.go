package mongo

import (
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"cloudtag/internal/cloudtag"
)

// LastSeq is the number of the newest entry.
func (s *Store) LastSeq(ctx context.Context) (int64, error) {
	seq, err := s.lastSeq(ctx, s.blocksRead)
	return seq, explain("read the end of the log", err)
}

// lastSeq is the number of the newest entry, as the given view of the log has it.
func (s *Store) lastSeq(ctx context.Context, blocks *driver.Collection) (int64, error) {
	newest, err := s.newestBlock(ctx, blocks)
	return newest.last(), err
}

// newestBlock is the end of the log without its entries; before the first block, one that ends with number 0.
func (s *Store) newestBlock(ctx context.Context, blocks *driver.Collection) (blockDoc, error) {
	if err := s.usable(ctx); err != nil {
		return noBlock(), err
	}
	newest := noBlock()
	err := blocks.FindOne(ctx, bson.D{}, options.FindOne().SetSort(sorting(-1, "_id")).
		SetProjection(bson.D{{Key: "n", Value: 1}, {Key: "head", Value: 1}})).Decode(&newest)
	if errors.Is(err, driver.ErrNoDocuments) {
		return noBlock(), nil
	}
	return newest, err
}

// noBlock ends where the first block begins.
func noBlock() blockDoc { return blockDoc{First: 1} }

// CountActions counts the entries of an action since a time. It looks at the blocks that hold any.
func (s *Store) CountActions(ctx context.Context, action cloudtag.Action, since time.Time) (int, error) {
	count, err := s.countActions(ctx, action, nextMilli(since))
	return count, explain("count entries of an action", err)
}

func (s *Store) countActions(ctx context.Context, action cloudtag.Action, since time.Time) (int, error) {
	if err := s.usable(ctx); err != nil {
		return 0, err
	}
	counted := bson.D{{Key: "$filter", Value: bson.D{{Key: "input", Value: "$entries"}, {Key: "cond", Value: bson.D{
		{Key: "$and", Value: bson.A{
			bson.D{{Key: "$eq", Value: bson.A{"$$this.action", string(action)}}},
			bson.D{{Key: "$gte", Value: bson.A{"$$this.at", since}}},
		}},
	}}}}}
	cursor, err := s.blocksRead.Aggregate(ctx, driver.Pipeline{
		{{Key: "$match", Value: bson.D{
			{Key: "actions", Value: string(action)}, {Key: "until", Value: bson.D{{Key: "$gte", Value: since}}},
		}}},
		{{Key: "$group", Value: bson.D{
			{Key: "_id", Value: nil}, {Key: "n", Value: bson.D{{Key: "$sum", Value: bson.D{{Key: "$size", Value: counted}}}}},
		}}},
	})
	if err != nil {
		return 0, err
	}
	var sums []struct {
		Count int `bson:"n"`
	}
	if err := cursor.All(ctx, &sums); err != nil || len(sums) == 0 {
		return 0, err
	}
	return sums[0].Count, nil
}

// LogPage returns a page of the entries that match.
func (s *Store) LogPage(
	ctx context.Context, filter cloudtag.LogFilter, slice cloudtag.Slice,
) (entries []cloudtag.Entry, more bool, err error) {
	numbers := span{1, math.MaxInt64}
	if slice.After != nil {
		numbers.lo = max(1, slice.After.Key+1)
	}
	if slice.Before != nil {
		numbers.hi = slice.Before.Key
	}
	err = s.walkLog(ctx, filter, numbers, slice.Backward, nil, func(entry entryDoc, seq int64) bool {
		if len(entries) == slice.Limit {
			more = true
			return false
		}
		entries = append(entries, entry.entry(seq))
		return true
	})
	if slice.Backward {
		slices.Reverse(entries)
	}
	return entries, more, explain("read a page of the log", err)
}

// CountLog counts the entries that match.
func (s *Store) CountLog(ctx context.Context, filter cloudtag.LogFilter, limit int) (int, error) {
	if filter == (cloudtag.LogFilter{}) {
		last, err := s.LastSeq(ctx)
		return int(min(last, int64(limit))), err
	}
	count := 0
	err := s.walkLog(ctx, filter, span{1, math.MaxInt64}, false, onlyNames(), func(entryDoc, int64) bool {
		count++
		return count < limit
	})
	return count, explain("count entries of the log", err)
}

// onlyNames leaves out what no filter asks about.
func onlyNames() bson.D {
	return bson.D{
		{Key: "entries.before", Value: 0}, {Key: "entries.after", Value: 0}, {Key: "entries.reason", Value: 0},
		{Key: "entries.hash", Value: 0},
		{Key: "changes", Value: 0}, {Key: "subjects", Value: 0},
	}
}

// firstStretch is how many numbers the first window of a filtered walk holds.
const firstStretch = 4 * maxBlockEntries

// walkLog visits the entries that match, of the numbers given, upward or downward, until visit has enough. With a
// filter it reads windows that grow, so that a server that sorts what an index selects has little to sort.
func (s *Store) walkLog(
	ctx context.Context, filter cloudtag.LogFilter, numbers span, down bool, leaveOut bson.D,
	visit func(entry entryDoc, seq int64) bool,
) error {
	last, err := s.lastSeq(ctx, s.blocksRead)
	if err != nil {
		return err
	}
	numbers.hi = min(numbers.hi, last+1)
	if numbers.empty() {
		return nil
	}
	blocks, err := s.blocksOf(ctx, numbers)
	if err != nil {
		return err
	}
	width := int64(firstStretch)
	for !blocks.empty() {
		window := blocks
		if filter != (cloudtag.LogFilter{}) {
			if down {
				window.lo = max(blocks.lo, blocks.hi-width)
			} else {
				window.hi = min(blocks.hi, blocks.lo+width)
			}
		}
		enough, err := s.visitBlocks(ctx, filter, window, numbers, down, leaveOut, visit)
		if err != nil || enough {
			return err
		}
		if down {
			blocks.hi = window.lo
		} else {
			blocks.lo = window.hi
		}
		width *= growth
	}
	return nil
}

// blocksOf is the span of identifiers of the blocks that hold numbers: the first of them may be in the midst of one.
func (s *Store) blocksOf(ctx context.Context, numbers span) (span, error) {
	if numbers.lo == 1 {
		return numbers, nil
	}
	var holder blockDoc
	err := s.blocksRead.FindOne(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$lte", Value: numbers.lo}}}},
		options.FindOne().SetSort(sorting(-1, "_id")).SetProjection(byID(1))).Decode(&holder)
	return span{holder.First, numbers.hi}, err
}

// visitBlocks visits the matching entries of the blocks of a window.
func (s *Store) visitBlocks(
	ctx context.Context, filter cloudtag.LogFilter, window, numbers span, down bool, leaveOut bson.D,
	visit func(entry entryDoc, seq int64) bool,
) (enough bool, err error) {
	condition := bson.D{{Key: "_id", Value: bson.D{{Key: "$gte", Value: window.lo}, {Key: "$lt", Value: window.hi}}}}
	for field, value := range map[string]string{
		"subjects": string(filter.Subject), "actions": string(filter.Action), "actors": filter.Actor,
	} {
		if value != "" {
			condition = append(condition, bson.E{Key: field, Value: value})
		}
	}
	direction := 1
	if down {
		direction = -1
	}
	opts := options.Find().SetSort(sorting(direction, "_id")).SetBatchSize(4)
	if leaveOut != nil {
		opts.SetProjection(leaveOut)
	}
	cursor, err := s.blocksRead.Find(ctx, condition, opts)
	if err != nil {
		return false, err
	}
	for cursor.Next(ctx) {
		var block blockDoc
		if err := cursor.Decode(&block); err != nil {
			return false, errors.Join(err, cursor.Close(ctx))
		}
		if enough = !block.visit(filter, numbers, down, visit); enough {
			break
		}
	}
	return enough, errors.Join(cursor.Err(), cursor.Close(ctx))
}

// visit visits the block's matching entries; it returns false when the visitor has enough.
func (b blockDoc) visit(filter cloudtag.LogFilter, numbers span, down bool, visit func(entryDoc, int64) bool) bool {
	for i := range b.Entries {
		if down {
			i = len(b.Entries) - 1 - i
		}
		seq := b.First + int64(i)
		if seq >= numbers.lo && seq < numbers.hi && b.Entries[i].matches(filter) && !visit(b.Entries[i], seq) {
			return false
		}
	}
	return true
}

func (d entryDoc) matches(filter cloudtag.LogFilter) bool {
	return (filter.Subject == "" || slices.Contains(d.Subjects, string(filter.Subject))) &&
		(filter.Action == "" || d.Action == string(filter.Action)) &&
		(filter.Actor == "" || d.Actor == filter.Actor)
}
