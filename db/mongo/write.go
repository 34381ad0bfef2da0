package mongo

import (
	"context"
	"math/rand/v2"
	"time"

	"cloudtag/internal/cloudtag"
)

// write runs one write command. It is retried when the server aborted it in favour of another one (a deadlock, a write
// conflict): such a command has changed nothing or, in bulk, each of its writes is idempotent.
func (e *Engine) write(ctx context.Context, step string, do func(ctx context.Context) error) error {
	for attempt := range maxAttempts {
		if err := e.failpoint.Step(step); err != nil {
			return err
		}
		if err := do(ctx); err == nil || !isConflict(err) {
			return err
		}
		if err := backoff(ctx, attempt); err != nil {
			return err
		}
	}
	return errContended()
}

// maxAttempts bounds the attempts at a step that conflicts with others. With the backoff they take about 20 seconds.
const maxAttempts = 60

// errContended is returned when every attempt conflicted with others.
func errContended() error {
	return cloudtag.Refuse(cloudtag.CodeUnavailable, cloudtag.Text{
		ZH: "同一数据正被频繁修改，请稍后重试。",
		EN: "The same data is being changed too often at the moment. Please try again later.",
	})
}

// backoff waits before another attempt: exponentially, up to half a second, with full jitter.
func backoff(ctx context.Context, attempt int) error {
	longest := min(500*time.Millisecond, time.Millisecond<<min(attempt, 12))
	timer := time.NewTimer(time.Duration(rand.Int64N(int64(longest)) + 1))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
