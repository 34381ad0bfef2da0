package main

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// recorder collects the durations of operations.
type recorder struct {
	mu    sync.Mutex
	began time.Time
	ops   map[string]*operation
	total int
}

// operation holds the measurements of one kind of operation.
type operation struct {
	durations *hdrhistogram.Histogram // of successful ones, in microseconds
	errors    int
	first     string // the first error
}

// The largest distinguished duration, and the precision in digits.
const (
	longestRecorded = time.Minute
	recordedDigits  = 3
)

func newRecorder() *recorder { return &recorder{began: time.Now(), ops: map[string]*operation{}} }

// took records the duration or the error of an operation.
func (r *recorder) took(name string, duration time.Duration, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	op := r.ops[name]
	if op == nil {
		op = &operation{durations: hdrhistogram.New(1, longestRecorded.Microseconds(), recordedDigits)}
		r.ops[name] = op
	}
	r.total++
	if err != nil {
		if op.errors++; op.first == "" {
			op.first = fmt.Sprintf("%.300s", err)
		}
		return
	}
	micros := min(max(1, duration.Microseconds()), longestRecorded.Microseconds())
	_ = op.durations.RecordValue(micros) // within bounds
}

// count returns the number of operations.
func (r *recorder) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.total
}

// operationFigures are the reported figures of an operation. Times are in milliseconds.
type operationFigures struct {
	Name      string  `json:"name"`
	PerSecond float64 `json:"perSecond"`
	Count     int64   `json:"count"`
	Errors    int     `json:"errors"`
	P50       float64 `json:"p50Millis"`
	P99       float64 `json:"p99Millis"`
	P999      float64 `json:"p999Millis"`
	Max       float64 `json:"maxMillis"`
	Error     string  `json:"firstError,omitempty"`
}

// figures returns those of all operations, by name.
func (r *recorder) figures(over time.Duration) []operationFigures {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []operationFigures
	for _, name := range slices.Sorted(maps.Keys(r.ops)) {
		op := r.ops[name]
		at := func(percent float64) float64 { return float64(op.durations.ValueAtQuantile(percent)) / 1000 }
		count := op.durations.TotalCount()
		all = append(all, operationFigures{
			Name: name, PerSecond: float64(count) / over.Seconds(), Count: count, Errors: op.errors,
			P50: at(50), P99: at(99), P999: at(99.9), Max: float64(op.durations.Max()) / 1000, Error: op.first,
		})
	}
	return all
}
