package mongo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"cloudtag/internal/cloudtag"
)

// mortal lets tests end the life of a store at a chosen write.
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

// die ends the store; the first cause stays.
func (m *mortal) die(cause error) { m.death.CompareAndSwap(nil, &cause) }

// alive returns what the store died of.
func (m *mortal) alive() error {
	if death := m.death.Load(); death != nil {
		return *death
	}
	return nil
}

// attempts bounds how often a step is tried again that others got in the way of. With the pauses between them it
// takes about 20 seconds to run out.
const attempts = 60

// errContended is the cause when others got in the way again and again.
var errContended = cloudtag.Refuse(cloudtag.CodeUnavailable, cloudtag.Text{
	ZH: "同一数据正被频繁修改，请稍后重试。",
	EN: "The same data is being changed too often at the moment. Please try again later.",
})

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

// write runs one write command. It runs it again when the server gave it up to free others (a deadlock, a write
// conflict): such a command has changed nothing, or, in bulk, each row of it can be repeated.
func (s *Store) write(ctx context.Context, step string, do func(ctx context.Context) error) error {
	for attempt := range attempts {
		if err := s.usable(ctx); err != nil {
			return err
		}
		if err := s.mortal.step(step); err != nil {
			return err
		}
		err := do(ctx)
		if err == nil || !gaveWay(err) {
			return err
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
	return errContended
}

// usable says why nothing can be asked of the store: it was closed, it died, or the caller has given up.
func (s *Store) usable(ctx context.Context) error {
	if err := s.mortal.alive(); err != nil {
		return err
	}
	if s.life.isClosing() && ctx.Value(unfinishedWork{}) == nil {
		return explain("use the store", errClosed)
	}
	return ctx.Err()
}

// finishWithin is how long a change that has begun is worked on at most, also after its caller has given up.
const finishWithin = time.Minute

// unfinishedWork marks the contexts of work that goes on while the store is closing.
type unfinishedWork struct{}

// finishing returns the context for what follows a decisive write: neither a caller that gives up nor the end of the
// store must leave a change half done until a recovery comes by. The function ends the work.
func (s *Store) finishing(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishWithin)
	if !s.life.begin() {
		return ctx, cancel // too late: it is left to the recovery
	}
	return context.WithValue(ctx, unfinishedWork{}, true), func() {
		cancel()
		s.life.running.Done()
	}
}

// life knows whether the store is closing, and the work that its end waits for.
type life struct {
	mu      sync.Mutex
	closing bool
	running sync.WaitGroup
}

func (l *life) isClosing() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closing
}

// begin counts a piece of work in, unless the store is closing.
func (l *life) begin() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closing {
		l.running.Add(1)
	}
	return !l.closing
}

// end lets no more work begin, and waits for what has.
func (l *life) end() {
	l.mu.Lock()
	l.closing = true
	l.mu.Unlock()
	l.running.Wait()
}
