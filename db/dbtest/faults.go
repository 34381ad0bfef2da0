package dbtest

import (
	"errors"
	"sync"
)

// errDied simulates the death of the process.
var errDied = errors.New("dbtest: the process died here")

// faults counts the physical writes of an open store, and triggers a fault at a chosen one.
type faults struct {
	mu   sync.Mutex
	plan faultPlan
}

type faultPlan struct {
	at     int    // number of the write that triggers, from 1; 0: none
	act    func() // called right before it; may be nil
	deadly bool   // this and every later write fail
	count  int    // writes since it was armed
	fired  bool
	step   string // of the triggering write
}

// dieAt makes the n-th write from now on, and every later one, fail.
func (f *faults) dieAt(n int) { f.arm(faultPlan{at: n, deadly: true}) }

// callAt calls act once, before the n-th write from now on, which then happens.
func (f *faults) callAt(n int, act func()) { f.arm(faultPlan{at: n, act: act}) }

func (f *faults) arm(plan faultPlan) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.plan = plan
}

// calm disarms the fault, and returns whether it fired and at which step. A crashed store stays crashed.
func (f *faults) calm() (fired bool, step string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	fired, step = f.plan.fired, f.plan.step
	if !f.plan.deadly || !fired {
		f.plan = faultPlan{}
	}
	return fired, step
}

// fault is called by the store before each write.
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
