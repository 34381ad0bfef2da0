package mongo

import (
	"context"
	"log/slog"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
)

// Entries of other instances: a change stream where the server has them, else a look at the end of the log now and
// then. Both only wake the readers of the log. One that is lost costs time, never an entry.

// streamSource opens change streams; the tests script one.
type streamSource interface {
	Watch(ctx context.Context) (stream, error)
}

// stream is what is asked of a change stream.
type stream interface {
	Next(ctx context.Context) bool
	Err() error
	Close(ctx context.Context) error
}

// logStreams opens change streams of the log.
type logStreams struct{ blocks *driver.Collection }

func (l logStreams) Watch(ctx context.Context) (stream, error) {
	return l.blocks.Watch(ctx, driver.Pipeline{
		{{Key: "$match", Value: bson.D{{Key: "operationType", Value: "insert"}}}},
		{{Key: "$project", Value: bson.D{{Key: "_id", Value: 1}}}}, // the resume token; nothing else is needed
	})
}

// followStream wakes readers whenever the stream tells of a block. When the stream ends it opens another, and wakes
// them once more for what may have come in between.
func followStream(ctx context.Context, source streamSource, wake func(), log *slog.Logger) {
	for attempt := 0; ctx.Err() == nil; attempt++ {
		opened, err := source.Watch(ctx)
		if err == nil {
			attempt = 0
			wake()
			for opened.Next(ctx) {
				wake()
			}
			err = opened.Err()
			_ = opened.Close(context.WithoutCancel(ctx)) // its failure is that of the stream
		}
		if ctx.Err() == nil {
			log.Warn("the change stream of the log ended; opening another", "error", err)
			_ = pause(ctx, attempt+6) // from a tenth of a second on; it fails only with the context
		}
	}
}

// pollLog wakes readers whenever the log has grown since it looked last.
func (s *Store) pollLog(ctx context.Context) {
	ticker := time.NewTicker(s.options.Poll)
	defer ticker.Stop()
	var seen int64
	failing := false
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		seq, err := s.lastSeq(ctx, s.blocksRead)
		if err != nil {
			if !failing && ctx.Err() == nil {
				s.log.Warn("looking for new log entries failed; trying on", "error", err)
			}
			failing = true
			continue
		}
		failing = false
		if seq > seen {
			seen = seq
			s.options.Appended()
		}
	}
}
