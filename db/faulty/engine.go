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

// Fault is a fault that is injected into a call.
type Fault int

// The faults.
const (
	None   Fault = iota
	Delay        // the call is made after a delay
	Fail         // the call is not made
	Half         // the call is made, but its answer is lost
	Cut          // the call's context ends while it runs; it may have been made or not
	faults int   = iota
)

// String names the fault.
func (f Fault) String() string {
	return [faults]string{"none", "delay", "fail", "half", "cut"}[f]
}

// Secret is part of the cause of every failure. It must not reach a user.
const Secret = "disk controller at 10.0.0.7 lost sector 42"

// errBroken is the cause of every failure.
var errBroken = errors.New("faulty: " + Secret)

// longestDelay bounds the delay of a call.
const longestDelay = 2 * time.Millisecond

// Plan draws the fault of each call. It is safe for concurrent use; within one goroutine the same seed draws the same faults.
type Plan struct {
	mu     sync.Mutex
	random *rand.Rand
	share  float64
	calm   bool
	drawn  [faults]int
}

// NewPlan returns a plan that injects faults into a share of the calls, from 0 to 1.
func NewPlan(seed uint64, share float64) *Plan {
	return &Plan{random: rand.New(rand.NewPCG(seed, 0)), share: share} //nolint:gosec // reproducible
}

// Clear stops injecting faults.
func (p *Plan) Clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calm = true
}

// Break injects faults into a share of the calls from now on.
func (p *Plan) Break(share float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calm, p.share = false, share
}

// Drawn returns how often a fault was drawn.
func (p *Plan) Drawn(fault Fault) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.drawn[fault]
}

// draw returns the fault of the next call, and its duration.
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

// Engine is an engine with injected faults.
type Engine struct {
	engine store.Engine
	plan   *Plan
}

var _ store.Engine = (*Engine)(nil)

// Wrap injects the faults of a plan into an engine.
func Wrap(engine store.Engine, plan *Plan) *Engine { return &Engine{engine, plan} }

// Update implements [store.Engine]. Faults are also injected into the reads of the edit.
func (e *Engine) Update(ctx context.Context, name string, edit func(store.Tx) error) error {
	return e.during(ctx, func(ctx context.Context) error {
		return e.engine.Update(ctx, name, func(inner store.Tx) error {
			return edit(tx{inner, func() error { return e.duringRead(ctx) }})
		})
	})
}

// tx is a transaction with faults in its reads.
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

// duringRead injects a fault into a read of an edit, which is delayed or fails.
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

// Close implements [store.Engine], without faults.
func (e *Engine) Close() error { return e.engine.Close() }

// orNothing discards the result of a call whose answer is lost.
func orNothing[T any](value T, err error) (T, error) {
	if err != nil {
		var nothing T
		return nothing, err
	}
	return value, nil
}

// during makes a call with a fault.
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

// wait waits for a duration, or until the context ends.
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

// unavailable is the error of a store that fails temporarily.
func unavailable(what string) error {
	return cloudtag.Unavailable(fmt.Errorf("%s: %w", what, errBroken))
}
