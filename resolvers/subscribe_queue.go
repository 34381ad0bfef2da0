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
	// queuePace is how often the numbers of the queue are told at most. All who watch count at the same beats of the
	// clock, so that one count serves them all.
	queuePace = time.Second
	// queueDrift is after how long the numbers are counted without a new entry: time alone brings cases closer to their
	// due time and ends claims.
	queueDrift = 15 * time.Second
)

// errDrift ends a wait for entries that has lasted queueDrift.
var errDrift = errors.New("no entry for a while")

// queueStats sends the numbers of the queue now, and whenever they have changed. The goroutine it starts ends, and closes
// the channel, when the subscriber leaves, when its session expires, and when the log can't be followed.
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

// watchQueue sends numbers until it can't, and returns why.
func (r *Resolver) watchQueue(ctx context.Context, session auth.Session, reader *live.Reader, stats queueCount, sent chan<- *model.QueueStats) error {
	for told := (*model.QueueStats)(nil); ; {
		if _, err := r.liveSession(ctx); err != nil {
			return err
		}
		current := convertStats(stats, session.Caller)
		if told == nil || *told != *current {
			select {
			case sent <- current:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
			told = current
		}
		if err := awaitEntry(ctx, reader); err != nil {
			return err
		}
		beat := r.Clock.Now().Truncate(queuePace).Add(queuePace)
		if err := pause(ctx, beat.Sub(r.Clock.Now())); err != nil {
			return err
		}
		reader.Skip() // what has happened until now is in the numbers
		var err error
		if stats, err = r.queue.read(ctx, session.Caller, beat); err != nil {
			return err
		}
	}
}

// awaitEntry returns when there is something new in the log, or after queueDrift.
func awaitEntry(ctx context.Context, reader *live.Reader) error {
	waiting, cancel := context.WithTimeoutCause(ctx, queueDrift, errDrift)
	defer cancel()
	if err := reader.Await(waiting); err != nil && !errors.Is(err, errDrift) {
		return err
	}
	return nil
}

// pause waits for a while; its error is the context's cause.
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
