package mongo

import (
	"log/slog"
	"time"

	"go.mongodb.org/mongo-driver/v2/event"

	"cloudtag/internal/cloudtag"
)

// Options configure an engine.
type Options struct {
	Log *slog.Logger // nil: nothing is logged
	// Appended is called after log entries became durable, of this or another instance. It must not block; it only wakes
	// readers. May be nil.
	Appended func()
	// Awaited is called with what opening the store waits for, if that takes long. May be nil.
	Awaited func(what string)
	// Fault is for tests: it is called before every write command. An error simulates the death of the process at that
	// point: the step is not executed, and every later call fails too. May be nil.
	Fault func(step string) error

	// For tests:
	poll    time.Duration // how often the log is polled for entries of other instances if there are no change streams
	clock   cloudtag.Clock
	monitor *event.CommandMonitor
}

const defaultPoll = 250 * time.Millisecond

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Awaited == nil {
		o.Awaited = func(string) {}
	}
	if o.poll <= 0 {
		o.poll = defaultPoll
	}
	if o.clock == nil {
		o.clock = cloudtag.SystemClock{}
	}
	return o
}
