package mongo

import (
	"context"
	"log/slog"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
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

// A silent server answers that there is nothing new after streamWait. One that does not answer at all is given up after
// streamPatience, and not after the time that other calls have.
const (
	streamWait     = 20 * time.Second
	streamPatience = 2 * time.Minute
)

// logStreams opens change streams of the log.
type logStreams struct{ entries *driver.Collection }

func (l logStreams) Watch(ctx context.Context) (stream, error) {
	opened, err := l.entries.Watch(ctx, driver.Pipeline{
		{{Key: "$match", Value: bson.D{{Key: "operationType", Value: "insert"}}}},
		{{Key: "$project", Value: bson.D{{Key: "_id", Value: 1}}}}, // the resume token; nothing else is needed
	}, options.ChangeStream().SetMaxAwaitTime(streamWait))
	if err != nil {
		return nil, err
	}
	return patientStream{opened}, nil
}

// patientStream waits for the next event however long there is none.
type patientStream struct{ *driver.ChangeStream }

func (s patientStream) Next(ctx context.Context) bool {
	for ctx.Err() == nil && s.ID() != 0 {
		one, cancel := context.WithTimeout(ctx, streamPatience)
		found := s.TryNext(one)
		cancel()
		if found || s.Err() != nil {
			return found
		}
	}
	return false
}

// followStream wakes readers whenever the stream tells of entries. When the stream ends it opens another, and wakes
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
func (e *Engine) pollLog(ctx context.Context) {
	ticker := time.NewTicker(e.options.Poll)
	defer ticker.Stop()
	var seen int64
	failing := false
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		seq, err := e.readable(ctx)
		if err != nil {
			if !failing && ctx.Err() == nil {
				e.log.Warn("looking for new log entries failed; trying on", "error", err)
			}
			failing = true
			continue
		}
		failing = false
		if seq > seen {
			seen = seq
			e.options.Appended()
		}
	}
}
