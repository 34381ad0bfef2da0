package mongo

import (
	"log/slog"
	"time"

	"go.mongodb.org/mongo-driver/v2/event"

	"cloudtag/internal/cloudtag"
)

// Options are what an engine is told beside the place.
type Options struct {
	Log *slog.Logger // nil: nothing is logged
	// Appended is called after log entries became durable, by this engine or by another instance. It must not block,
	// and only wakes readers. May be nil.
	Appended func()
	// Awaited is told what a start waits for when that takes long. May be nil.
	Awaited func(what string)
	// Poll is how often the log is looked at for entries of other instances where the server has no change streams.
	// 0: [DefaultPoll].
	Poll time.Duration
	// Clock tells how old a block of the journal is. nil: the machine's.
	Clock cloudtag.Clock
	// Fault is for tests: it is called before every single write command. An error means that the process died
	// there: the step does not happen, and every later call on the engine fails too. May be nil.
	Fault func(step string) error

	monitor *event.CommandMonitor // tests look at the commands
}

// DefaultPoll is the default of [Options].
const DefaultPoll = 250 * time.Millisecond

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Awaited == nil {
		o.Awaited = func(string) {}
	}
	if o.Poll <= 0 {
		o.Poll = DefaultPoll
	}
	if o.Clock == nil {
		o.Clock = cloudtag.SystemClock{}
	}
	return o
}
