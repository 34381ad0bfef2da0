package live

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"cloudtag/internal/cloudtag"
)

// Source is the log as the tail, and readers that are behind, read it. Reads must be monotonic: once a call has returned an
// entry, every later call sees it, and entries come in the order of their sequence numbers. All stores guarantee this.
type Source interface {
	LogPage(ctx context.Context, filter cloudtag.LogFilter, slice cloudtag.Slice) (entries []cloudtag.Entry, more bool, err error)
	LastSeq(ctx context.Context) (int64, error)
}

// Options adjust a tail; zero fields mean the default.
type Options struct {
	// Keep is how many of the newest entries stay in memory, 8192 by default (a few MB).
	Keep int
	// Page is the most entries that are read, and returned to a reader, at once: 256 by default.
	Page int
	// Poll is how long the tail waits for a wake-up before it reads the log anyway, a second by default: another process may
	// have appended, or an earlier read may have failed.
	Poll time.Duration
	// Wake is sent by whoever appends to the log; by default one that [Tail.Wake] alone sends.
	Wake Signal
	Log  *slog.Logger // slog.Default() by default
	// Read is called with the entries that the tail has read, each once, in order. It must not block. May be nil.
	Read func([]cloudtag.Entry)
}

func (o Options) withDefaults() Options {
	if o.Keep <= 0 {
		o.Keep = 8192
	}
	if o.Page <= 0 {
		o.Page = 256
	}
	if o.Poll <= 0 {
		o.Poll = time.Second
	}
	if o.Wake == nil {
		o.Wake = NewSignal()
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Read == nil {
		o.Read = func([]cloudtag.Entry) {}
	}
	return o
}

// Tail reads the log as it grows and wakes readers. Make one with [New] and run it with [Tail.Run].
type Tail struct {
	source  Source
	options Options
	ended   chan struct{} // closed when Run has returned

	mu      sync.RWMutex
	ring    ring
	readers map[cloudtag.Subject]map[*Reader]struct{}
}

// New returns a tail that has read nothing yet.
func New(source Source, options Options) *Tail {
	options = options.withDefaults()
	return &Tail{
		source: source, options: options,
		ended:   make(chan struct{}),
		ring:    ring{entries: make([]cloudtag.Entry, options.Keep), oldest: 1},
		readers: make(map[cloudtag.Subject]map[*Reader]struct{}),
	}
}

// Wake notifies the tail that the log has grown: see [Signal.Send].
func (t *Tail) Wake() { t.options.Wake.Send() }

// Run follows the log until ctx is done, then returns nil. A failed read is logged and retried, and no reader misses an
// entry because of it. Run must be called once; after it has returned every reader's Next returns UNAVAILABLE.
func (t *Tail) Run(ctx context.Context) error {
	defer t.end()
	timer := time.NewTimer(0)
	defer timer.Stop()
	started, failing := false, false
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-t.options.Wake:
		case <-timer.C:
		}
		err := t.advance(ctx, &started)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && !failing:
			t.options.Log.ErrorContext(ctx, "cannot read the log; live events wait", "error", err)
		case err == nil && failing:
			t.options.Log.InfoContext(ctx, "the log can be read again")
		}
		failing = err != nil
		timer.Reset(t.options.Poll)
	}
}

// end wakes the readers to find that no more entries come.
func (t *Tail) end() {
	close(t.ended)
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, readers := range t.readers {
		for reader := range readers {
			reader.woken()
		}
	}
}

// advance reads all new entries. The first call starts at the log's end.
func (t *Tail) advance(ctx context.Context, started *bool) error {
	if !*started {
		last, err := t.source.LastSeq(ctx)
		if err != nil {
			return fmt.Errorf("find the log's end: %w", err)
		}
		t.begin(last)
		*started = true
	}
	for {
		entries, more, err := t.source.LogPage(ctx, cloudtag.LogFilter{}, cloudtag.Slice{
			Limit: t.options.Page, After: &cloudtag.Position{Key: t.Place()},
		})
		if err != nil {
			return fmt.Errorf("read the log: %w", err)
		}
		t.append(entries)
		t.options.Read(entries)
		if !more {
			return nil
		}
	}
}

// Place is the sequence number of the newest entry that the tail has read; 0 before it has found the log's end.
func (t *Tail) Place() int64 {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.ring.newest
}

// begin starts at the log's end, and wakes the readers that were opened before: what they missed is in the store.
func (t *Tail) begin(last int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ring.newest, t.ring.oldest = last, last+1
	for _, readers := range t.readers {
		for reader := range readers {
			reader.caughtUp = false
			reader.woken()
		}
	}
}

// append adds entries to the ring and wakes the readers of their subjects only.
func (t *Tail) append(entries []cloudtag.Entry) {
	if len(entries) == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, entry := range entries {
		t.ring.add(entry)
		t.notify("", entry.Seq)
		for _, subject := range entry.Subjects {
			t.notify(subject, entry.Seq)
		}
	}
}

// notify wakes the readers of a subject. A reader that was caught up moves to just before the entry: nothing in between is
// for it.
func (t *Tail) notify(subject cloudtag.Subject, seq int64) {
	for reader := range t.readers[subject] {
		if reader.caughtUp {
			reader.caughtUp = false
			reader.place = max(reader.place, seq-1)
		}
		reader.woken()
	}
}

// Follow returns a reader of the entries of a subject, or of all entries for the empty one: those after a sequence number,
// or, for nil, those appended from now on. Follow does not check that the log has that number, see [Tail.Check]. The caller
// must close the reader.
func (t *Tail) Follow(ctx context.Context, subject cloudtag.Subject, after *int64) (*Reader, error) {
	var place int64
	if after != nil {
		place = *after
	} else {
		last, err := t.source.LastSeq(ctx)
		if err != nil {
			return nil, fmt.Errorf("find the log's end: %w", err)
		}
		place = last
	}
	wake := NewSignal()
	reader := &Reader{tail: t, subject: subject, wake: wake, woken: wake.Send, place: place}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.readers[subject] == nil {
		t.readers[subject] = make(map[*Reader]struct{})
	}
	t.readers[subject][reader] = struct{}{}
	return reader, nil
}

// Check is [cloudtag.LogPlace.Check] without a look at the store for the entries that are kept.
func (t *Tail) Check(ctx context.Context, place cloudtag.LogPlace) error {
	t.mu.RLock()
	entry, kept := t.ring.at(place.Seq)
	t.mu.RUnlock()
	if kept && place.Of(entry) {
		return nil
	}
	return place.Check(ctx, t.source, "after")
}

// Readers is how many readers there are.
func (t *Tail) Readers() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	count := 0
	for _, readers := range t.readers {
		count += len(readers)
	}
	return count
}

func errEnded() error {
	return cloudtag.Refuse(cloudtag.CodeUnavailable, cloudtag.Text{
		ZH: "服务正在停止：请用最后收到的游标重新订阅。",
		EN: "The server is stopping: subscribe again with the last cursor received.",
	})
}
