package dbtest

import (
	"errors"
	"sync"
)

// errDied is what a store gets where the process is to die.
var errDied = errors.New("dbtest: the process died here")

// faults counts the physical writes of one open store, and acts at a chosen one.
type faults struct {
	mu     sync.Mutex
	count  int // writes since it was armed
	at     int // the write to act at, from 1; 0: none
	act    func()
	deadly bool // the write and every later one fail
	fired  bool
	step   string // what the store was about to do
}

// dieAt lets the n-th write from now on, and every one after it, fail.
func (f *faults) dieAt(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	*f = faults{at: n, deadly: true}
}

// callAt calls act once, before the n-th write from now on, which then happens.
func (f *faults) callAt(n int, act func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	*f = faults{at: n, act: act}
}

// calm ends what was armed, and tells whether it happened and at which step.
func (f *faults) calm() (fired bool, step string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	fired, step = f.fired, f.step
	if !f.deadly || !fired {
		f.at = 0
	}
	return fired, step
}

// fault is what the store calls.
func (f *faults) fault(step string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.count++
	if f.at == 0 || f.count < f.at {
		return nil
	}
	if !f.fired {
		f.fired, f.step = true, step
		if f.act != nil {
			f.act()
		}
	}
	if f.deadly {
		return errDied
	}
	return nil
}
