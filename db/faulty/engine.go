package faulty

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/store"
)

// Fault is what happens to a call.
type Fault int

// The faults.
const (
	None   Fault = iota
	Delay        // the call is made after a while
	Fail         // the call is not made
	Half         // the call is made, and then said to have failed
	Cut          // the call's context ends while it runs; it may have been made or not
	faults int   = iota
)

// String names the fault.
func (f Fault) String() string {
	return [faults]string{"none", "delay", "fail", "half", "cut"}[f]
}

// Secret is in the cause of every failure. Nothing of it may reach a user.
const Secret = "disk controller at 10.0.0.7 lost sector 42"

// errBroken is the cause of every failure.
var errBroken = errors.New("faulty: " + Secret)

// longestDelay is how long a call is delayed at most.
const longestDelay = 2 * time.Millisecond

// Plan draws what happens to each call. It may be used by several goroutines; with one of them the same seed draws the
// same.
type Plan struct {
	mu     sync.Mutex
	random *rand.Rand
	share  float64
	calm   bool
	drawn  [faults]int
}

// NewPlan returns a plan that lets a share of the calls, from 0 to 1, meet one of the faults.
func NewPlan(seed uint64, share float64) *Plan {
	return &Plan{random: rand.New(rand.NewPCG(seed, 0)), share: share} //nolint:gosec // the same again for the same seed
}

// Clear ends all faults.
func (p *Plan) Clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calm = true
}

// Break lets a share of the calls from now on meet a fault.
func (p *Plan) Break(share float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calm, p.share = false, share
}

// Drawn is how often there was a fault.
func (p *Plan) Drawn(fault Fault) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.drawn[fault]
}

// draw returns what happens to the next call, and how long it takes.
func (p *Plan) draw() (Fault, time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fault := None
	if !p.calm && p.random.Float64() < p.share {
		fault = Fault(1 + p.random.IntN(faults-1))
	}
	p.drawn[fault]++
	return fault, time.Duration(p.random.Int64N(int64(longestDelay)))
}

// Engine passes calls on to an engine, as its plan lets it.
type Engine struct {
	engine store.Engine
	plan   *Plan
}

var _ store.Engine = (*Engine)(nil)

// Wrap returns an engine whose calls meet the faults of a plan.
func Wrap(engine store.Engine, plan *Plan) *Engine { return &Engine{engine, plan} }

// Update implements [store.Engine]. What the edit reads meets faults of its own.
func (e *Engine) Update(ctx context.Context, name string, edit func(store.Tx) error) error {
	return e.during(ctx, func(ctx context.Context) error {
		return e.engine.Update(ctx, name, func(inner store.Tx) error {
			return edit(tx{inner, func() error { return e.duringRead(ctx) }})
		})
	})
}

// tx is a transaction whose reads meet faults first.
type tx struct {
	store.Tx
	fault func() error
}

func (t tx) Get(refs ...store.Ref) (map[store.Ref]any, error) {
	if err := t.fault(); err != nil {
		return nil, err
	}
	return t.Tx.Get(refs...)
}

// duringRead is what a fault does to a read of an edit: it is slow or fails.
func (e *Engine) duringRead(ctx context.Context) error {
	switch fault, while := e.plan.draw(); fault {
	case None:
		return nil
	case Delay:
		return wait(ctx, while)
	default:
		return unavailable("the read failed")
	}
}

// Get implements [store.Engine].
func (e *Engine) Get(ctx context.Context, refs []store.Ref) (found map[store.Ref]any, err error) {
	err = e.during(ctx, func(ctx context.Context) (err error) {
		found, err = e.engine.Get(ctx, refs)
		return err
	})
	return orNothing(found, err)
}

// List implements [store.Engine].
func (e *Engine) List(ctx context.Context, query store.Query) (records []any, more bool, err error) {
	err = e.during(ctx, func(ctx context.Context) (err error) {
		records, more, err = e.engine.List(ctx, query)
		return err
	})
	records, err = orNothing(records, err)
	return records, more && err == nil, err
}

// Count implements [store.Engine].
func (e *Engine) Count(ctx context.Context, query store.Query) (count int, err error) {
	err = e.during(ctx, func(ctx context.Context) (err error) {
		count, err = e.engine.Count(ctx, query)
		return err
	})
	return orNothing(count, err)
}

// Log implements [store.Engine].
func (e *Engine) Log(ctx context.Context, query store.LogQuery) (entries []cloudtag.Entry, more bool, err error) {
	err = e.during(ctx, func(ctx context.Context) (err error) {
		entries, more, err = e.engine.Log(ctx, query)
		return err
	})
	entries, err = orNothing(entries, err)
	return entries, more && err == nil, err
}

// CountLog implements [store.Engine].
func (e *Engine) CountLog(ctx context.Context, query store.LogQuery) (count int, err error) {
	err = e.during(ctx, func(ctx context.Context) (err error) {
		count, err = e.engine.CountLog(ctx, query)
		return err
	})
	return orNothing(count, err)
}

// LastSeq implements [store.Engine].
func (e *Engine) LastSeq(ctx context.Context) (seq int64, err error) {
	err = e.during(ctx, func(ctx context.Context) (err error) {
		seq, err = e.engine.LastSeq(ctx)
		return err
	})
	return orNothing(seq, err)
}

// DropLog implements [store.Engine].
func (e *Engine) DropLog(ctx context.Context, below int64) error {
	return e.during(ctx, func(ctx context.Context) error { return e.engine.DropLog(ctx, below) })
}

// Recover implements [store.Engine].
func (e *Engine) Recover(ctx context.Context) (completed int, err error) {
	err = e.during(ctx, func(ctx context.Context) (err error) {
		completed, err = e.engine.Recover(ctx)
		return err
	})
	return orNothing(completed, err)
}

// Ping implements [store.Engine].
func (e *Engine) Ping(ctx context.Context) error { return e.during(ctx, e.engine.Ping) }

// Close implements [store.Engine]. The end meets no faults.
func (e *Engine) Close() error { return e.engine.Close() }

// orNothing keeps back what a call answered that is then said to have failed.
func orNothing[T any](value T, err error) (T, error) {
	if err != nil {
		var nothing T
		return nothing, err
	}
	return value, nil
}

// during makes a call, or what its fault leaves of it.
func (e *Engine) during(ctx context.Context, call func(ctx context.Context) error) error {
	fault, while := e.plan.draw()
	switch fault {
	case Delay:
		if err := wait(ctx, while); err != nil {
			return err
		}
		return call(ctx)
	case Fail:
		return unavailable("the call was not made")
	case Half:
		if err := call(ctx); err != nil {
			return err
		}
		return unavailable("the answer was lost")
	case Cut:
		cut, cancel := context.WithTimeout(ctx, while)
		defer cancel()
		err := call(cut)
		if err != nil && cut.Err() != nil && ctx.Err() == nil {
			return unavailable("the connection was cut")
		}
		return err
	default:
		return call(ctx)
	}
}

// wait waits a while, or until the context ends.
func wait(ctx context.Context, while time.Duration) error {
	timer := time.NewTimer(while)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// unavailable is what a store answers that can't work for now.
func unavailable(what string) error {
	return cloudtag.Unavailable(fmt.Errorf("%s: %w", what, errBroken))
}
