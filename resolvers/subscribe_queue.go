package resolvers

import (
	"context"
	"errors"
	"time"

	"cloudtag/graph/model"
	"cloudtag/graph/stream"
	"cloudtag/internal/auth"
	"cloudtag/internal/live"
)

const (
	// queuePace is the minimum interval between two messages. It is aligned to the clock, so that one count serves all
	// subscribers.
	queuePace = time.Second
	// queueDrift is the interval after which the queue is counted without a new entry: cases become due and claims expire
	// by time alone.
	queueDrift = 15 * time.Second
)

// errDrift ends a wait for entries after queueDrift.
var errDrift = errors.New("no entry for a while")

// queueStats sends the queue's statistics now and whenever they have changed. The goroutine it starts ends, and closes the
// channel, when the subscriber leaves, when its session expires, and when the log can't be followed.
func (r *Resolver) queueStats(ctx context.Context) (<-chan *model.QueueStats, error) {
	session, err := r.liveSession(ctx)
	if err != nil {
		return nil, err
	}
	reader, err := r.Tail.Follow(ctx, "", nil)
	if err != nil {
		return nil, err
	}
	first, err := r.queue.read(ctx, session.Caller, r.Clock.Now())
	if err != nil {
		reader.Close()
		return nil, err
	}
	sent := make(chan *model.QueueStats)
	go func() {
		defer close(sent)
		defer reader.Close()
		until, cancel := r.untilSessionEnds(ctx, session)
		defer cancel()
		if err := r.watchQueue(until, session, reader, first, sent); ctx.Err() == nil {
			stream.Fail(ctx, err)
		}
	}()
	return sent, nil
}

// watchQueue sends statistics that have changed until an error, which it returns.
func (r *Resolver) watchQueue(ctx context.Context, session auth.Session, reader *live.Reader, stats queueCount, sent chan<- *model.QueueStats) error {
	for previous := (*model.QueueStats)(nil); ; {
		if _, err := r.liveSession(ctx); err != nil {
			return err
		}
		current := convertStats(stats, session.Caller)
		if previous == nil || *previous != *current {
			select {
			case sent <- current:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
			previous = current
		}
		if err := awaitEntry(ctx, reader); err != nil {
			return err
		}
		beat := r.Clock.Now().Truncate(queuePace).Add(queuePace)
		if err := pause(ctx, beat.Sub(r.Clock.Now())); err != nil {
			return err
		}
		reader.Skip() // the count below includes these entries
		var err error
		if stats, err = r.queue.read(ctx, session.Caller, beat); err != nil {
			return err
		}
	}
}

// awaitEntry returns when the log has a new entry, or after queueDrift.
func awaitEntry(ctx context.Context, reader *live.Reader) error {
	waiting, cancel := context.WithTimeoutCause(ctx, queueDrift, errDrift)
	defer cancel()
	if err := reader.Await(waiting); err != nil && !errors.Is(err, errDrift) {
		return err
	}
	return nil
}

// pause waits for a duration, or returns the context's cause when the context ends first.
func pause(ctx context.Context, length time.Duration) error {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
