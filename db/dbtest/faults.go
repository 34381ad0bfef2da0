package dbtest

import (
	"errors"
	"sync"
)

// errDied is what a store gets where the process is to die.
var errDied = errors.New("dbtest: the process died here")

// faults counts the physical writes of one open store, and acts at a chosen one.
type faults struct {
	mu   sync.Mutex
	plan faultPlan
}

type faultPlan struct {
	at     int    // the write to act at, from 1; 0: none
	act    func() // what to do right before it; may be nil
	deadly bool   // the write and every later one fail
	count  int    // writes since it was armed
	fired  bool
	step   string // what the store was about to do when it fired
}

// dieAt lets the n-th write from now on, and every one after it, fail.
func (f *faults) dieAt(n int) { f.arm(faultPlan{at: n, deadly: true}) }

// callAt calls act once, before the n-th write from now on, which then happens.
func (f *faults) callAt(n int, act func()) { f.arm(faultPlan{at: n, act: act}) }

func (f *faults) arm(plan faultPlan) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.plan = plan
}

// calm ends what was armed, and tells whether it happened and at which step. Who died stays dead.
func (f *faults) calm() (fired bool, step string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	fired, step = f.plan.fired, f.plan.step
	if !f.plan.deadly || !fired {
		f.plan = faultPlan{}
	}
	return fired, step
}

// fault is what the store calls before each write.
func (f *faults) fault(step string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	plan := &f.plan
	plan.count++
	if plan.at == 0 || plan.count < plan.at {
		return nil
	}
	if !plan.fired {
		plan.fired, plan.step = true, step
		if plan.act != nil {
			plan.act()
		}
	}
	if plan.deadly {
		return errDied
	}
	return nil
}
