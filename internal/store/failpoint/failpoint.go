package failpoint

import (
	"fmt"
	"sync/atomic"
)

// Failpoint is consulted by an engine before each physical write. It is safe for concurrent use.
type Failpoint struct {
	fault func(step string) error // nil: nothing fails
	cause atomic.Pointer[error]
}

// New returns a failpoint that asks fault, which may be nil, before each write.
func New(fault func(step string) error) *Failpoint { return &Failpoint{fault: fault} }

// Step must be called before every physical write, commits included. Once it has returned an error, it always does.
func (f *Failpoint) Step(name string) error {
	if err := f.Err(); err != nil || f.fault == nil {
		return err
	}
	if err := f.fault(name); err != nil {
		f.Fail(fmt.Errorf("died before step %q: %w", name, err))
	}
	return f.Err()
}

// Fail makes every later call fail; the first cause is kept.
func (f *Failpoint) Fail(cause error) { f.cause.CompareAndSwap(nil, &cause) }

// Err returns why the engine has failed; nil if it has not.
func (f *Failpoint) Err() error {
	if cause := f.cause.Load(); cause != nil {
		return *cause
	}
	return nil
}
