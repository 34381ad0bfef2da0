package cloudtag

import (
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
)

// PanicError is a recovered panic.
type PanicError struct {
	Cause any
	Stack []byte // of the goroutine that panicked
}

func (p *PanicError) Error() string { return fmt.Sprintf("panic: %v\n%s", p.Cause, p.Stack) }

// Protected runs a function and converts a panic to a [*PanicError], so that background work that panics is logged and
// retried like work that returns an error.
func Protected(run func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = panicOf(cause)
		}
	}()
	return run()
}

// panicOf must be called in the deferred function that recovered, so that the stack is that of the panic.
func panicOf(cause any) *PanicError {
	if known, is := cause.(*PanicError); is {
		return known
	}
	return &PanicError{Cause: cause, Stack: debug.Stack()}
}

// Parallel calls do for each number below n, on goroutines of their own, up to limit at once, and returns when all have
// returned. The first panic is re-raised in the caller, which could not recover it on another goroutine.
func Parallel(n, limit int, do func(i int)) {
	var running sync.WaitGroup
	var first sync.Once
	var panicked *PanicError
	free := make(chan struct{}, limit)
	for i := range n {
		free <- struct{}{}
		running.Go(func() {
			defer func() { <-free }()
			if err := Protected(func() error { do(i); return nil }); err != nil {
				first.Do(func() { errors.As(err, &panicked) })
			}
		})
	}
	running.Wait()
	if panicked != nil {
		panic(panicked)
	}
}
