package main

import (
	"sync"
	"sync/atomic"
	"time"
)

// inTurn distributes work items [from, to) over several workers and returns their durations. After an error no further
// items are started, and it is returned.
func inTurn(from, to, workers int, do func(k int) error) ([]time.Duration, error) {
	durations := make([]time.Duration, to-from)
	var next atomic.Int64
	var failed atomic.Pointer[error]
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for {
				k := from + int(next.Add(1)) - 1
				if k >= to || failed.Load() != nil {
					return
				}
				began := time.Now()
				if err := do(k); err != nil {
					failed.Store(&err)
					return
				}
				durations[k-from] = time.Since(began)
			}
		})
	}
	group.Wait()
	if err := failed.Load(); err != nil {
		return nil, *err
	}
	return durations, nil
}
