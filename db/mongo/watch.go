package mongo

import (
	"context"
	"log/slog"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Entries of other instances are noticed through a change stream if the server has them, else by polling the end of the log.
// Both only wake the readers of the log: a lost notification delays an entry but never loses it.

// streamSource opens change streams; tests replace it.
type streamSource interface {
	Watch(ctx context.Context) (stream, error)
}

// stream is the used part of a change stream.
type stream interface {
	Next(ctx context.Context) bool
	Err() error
	Close(ctx context.Context) error
}

// Without events the server answers after streamWait. The stream is closed if there is no answer for streamTimeout, which
// replaces the client's timeout.
const (
	streamWait    = 20 * time.Second
	streamTimeout = 2 * time.Minute
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
	return quietStream{opened}, nil
}

// quietStream waits for the next event however long there is none.
type quietStream struct{ *driver.ChangeStream }

func (s quietStream) Next(ctx context.Context) bool {
	for ctx.Err() == nil && s.ID() != 0 {
		one, cancel := context.WithTimeout(ctx, streamTimeout)
		found := s.TryNext(one)
		cancel()
		if found || s.Err() != nil {
			return found
		}
	}
	return false
}

// followStream wakes readers for each event. When the stream ends it opens another one, and wakes them for the entries that
// it may have missed.
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
			_ = opened.Close(context.WithoutCancel(ctx)) // fails only with the stream
		}
		if ctx.Err() == nil {
			log.Warn("the change stream of the log ended; opening another", "error", err)
			_ = backoff(ctx, attempt+6) // from a tenth of a second on; fails only with the context
		}
	}
}

// pollLog wakes readers whenever the log has grown.
func (e *Engine) pollLog(ctx context.Context) {
	ticker := time.NewTicker(e.options.poll)
	defer ticker.Stop()
	var last int64
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
				e.log.Warn("polling the log failed; retrying", "error", err)
			}
			failing = true
			continue
		}
		failing = false
		if seq > last {
			last = seq
			e.options.Appended()
		}
	}
}
