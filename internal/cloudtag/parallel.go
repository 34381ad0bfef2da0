package cloudtag

import (
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
)

// PanicError is a panic that left the goroutine it began on.
type PanicError struct {
	Cause any
	Stack []byte // where it began
}

func (p *PanicError) Error() string { return fmt.Sprintf("panic: %v\n%s", p.Cause, p.Stack) }

// Protected runs what goes on in the background and makes an error, a [*PanicError], of its panic: what failed is logged and
// tried again by its owner, whichever way it failed.
func Protected(run func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = panicOf(cause)
		}
	}()
	return run()
}

// panicOf must be called by what recovered, so that the stack is that of the panic.
func panicOf(cause any) *PanicError {
	if known, is := cause.(*PanicError); is {
		return known
	}
	return &PanicError{Cause: cause, Stack: debug.Stack()}
}

// Parallel calls do for each number below n, each call on a goroutine of its own and limit of them at once, and returns
// when all have returned. The first panic goes on in the caller, who survives it as one of its own; nobody could recover it
// on the other goroutines.
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
