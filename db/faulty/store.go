package faulty

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"cloudtag/db"
	"cloudtag/internal/cloudtag"
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

// Store passes calls on to a store, as its plan lets it.
type Store struct {
	db.Store
	plan *Plan
}

// Wrap returns a store whose calls meet the faults of a plan.
func Wrap(store db.Store, plan *Plan) *Store { return &Store{Store: store, plan: plan} }

// during makes a call, or what its fault leaves of it.
func during[T any](ctx context.Context, s *Store, call func(ctx context.Context) (T, error)) (T, error) {
	var nothing T
	fault, while := s.plan.draw()
	switch fault {
	case Delay:
		if err := wait(ctx, while); err != nil {
			return nothing, err
		}
		return call(ctx)
	case Fail:
		return nothing, unavailable("the call was not made")
	case Half:
		if _, err := call(ctx); err != nil {
			return nothing, err
		}
		return nothing, unavailable("the answer was lost")
	case Cut:
		cut, cancel := context.WithTimeout(ctx, while)
		defer cancel()
		got, err := call(cut)
		if err != nil && cut.Err() != nil && ctx.Err() == nil {
			return nothing, unavailable("the connection was cut")
		}
		return got, err
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
