package mongo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"cloudtag/internal/cloudtag"
)

// mortal lets tests end the life of an engine at a chosen write.
type mortal struct {
	fault func(step string) error
	death atomic.Pointer[error]
}

// step is called before every write command. Once it has failed, it always fails.
func (m *mortal) step(name string) error {
	if err := m.alive(); err != nil || m.fault == nil {
		return err
	}
	if err := m.fault(name); err != nil {
		m.die(fmt.Errorf("died before step %q: %w", name, err))
	}
	return m.alive()
}

// die ends the engine; the first cause stays.
func (m *mortal) die(cause error) { m.death.CompareAndSwap(nil, &cause) }

// alive returns what the engine died of.
func (m *mortal) alive() error {
	if death := m.death.Load(); death != nil {
		return *death
	}
	return nil
}

// write runs one write command. It runs it again when the server gave it up to free others (a deadlock, a write
// conflict): such a command has changed nothing, or, in bulk, each row of it can be repeated.
func (m *mortal) write(ctx context.Context, step string, do func(ctx context.Context) error) error {
	for attempt := range attempts {
		if err := m.step(step); err != nil {
			return err
		}
		if err := do(ctx); err == nil || !gaveWay(err) {
			return err
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
	return errContended()
}

// attempts bounds how often a step is tried again that others got in the way of. With the pauses between them it
// takes about 20 seconds to run out.
const attempts = 60

// errContended is the cause when others got in the way again and again.
func errContended() error {
	return cloudtag.Refuse(cloudtag.CodeUnavailable, cloudtag.Text{
		ZH: "同一数据正被频繁修改，请稍后重试。",
		EN: "The same data is being changed too often at the moment. Please try again later.",
	})
}

// pause waits before another attempt: longer each time, up to half a second, and at random, so that those who got in
// each other's way part.
func pause(ctx context.Context, attempt int) error {
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
