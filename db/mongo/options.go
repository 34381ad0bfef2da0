package mongo

import (
	"log/slog"
	"time"

	"go.mongodb.org/mongo-driver/v2/event"

	"cloudtag/internal/cloudtag"
)

// Options are what a store is told beside the place.
type Options struct {
	Log *slog.Logger // nil: nothing is logged
	// Appended is called after log entries became durable, by this store or by another instance. It must not block,
	// and only wakes readers. May be nil.
	Appended func()
	// Poll is how often the log is looked at for entries of other instances where the server has no change streams.
	// 0: [DefaultPoll].
	Poll time.Duration
	// Grace is how old unfinished work must be before Recover takes it for left behind: what is younger is probably
	// being done. It saves work, nothing depends on it. Below 0: [DefaultGrace].
	Grace time.Duration
	// Clock tells how old unfinished work is. nil: the machine's.
	Clock cloudtag.Clock
	// Fault is for tests: it is called before every single write command. An error means that the process died
	// there: the step does not happen, and every later call on the store fails too. May be nil.
	Fault func(step string) error
	// Copying lets a store be opened that a copy was begun in.
	Copying bool

	monitor *event.CommandMonitor // tests look at the commands
}

// The defaults of [Options].
const (
	DefaultPoll  = 250 * time.Millisecond
	DefaultGrace = 30 * time.Second
)

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Poll <= 0 {
		o.Poll = DefaultPoll
	}
	if o.Grace < 0 {
		o.Grace = DefaultGrace
	}
	if o.Clock == nil {
		o.Clock = cloudtag.SystemClock{}
	}
	return o
}
