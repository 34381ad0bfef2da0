package live

import (
	"context"
	"fmt"

	"cloudtag/internal/cloudtag"
)

// Reader is one position in the log. It costs the same whether its owner reads or not. One goroutine at a time may call
// Next, Poll, Fetched, Await and Skip; Close may be called from any.
type Reader struct {
	tail    *Tail
	subject cloudtag.Subject
	wake    Signal // what Next and Await wait for; nil after OnWake
	fetched bool   // see Fetched
	woken   func() // wakes the owner: wake.Send, or what OnWake set. Guarded by the tail's lock

	// Guarded by the tail's lock: the tail changes them holding it, the reader's owner holding it for reading, which
	// excludes the tail and nobody else who would touch them.
	place    int64 // every entry up to here was returned, or is of another subject
	caughtUp bool  // nothing for this reader was appended since it looked last
}

// OnWake sets the callback for owners that do not wait: it is called, from now on, whenever there may be something for
// Poll, at least once for each entry that Poll has not returned yet, and when the tail ends. It runs with the tail's lock
// held, so it must not block nor call the reader. Next and Await must not be called afterwards.
func (r *Reader) OnWake(woken func()) {
	r.tail.mu.Lock()
	defer r.tail.mu.Unlock()
	r.woken, r.wake = woken, nil
}

// Next waits for entries after the reader's position and returns them in order, each once, at most a page. Errors: the
// context's cause, UNAVAILABLE when the tail has ended, and failures to read the log, after which the position is
// unchanged and Next may be called again.
func (r *Reader) Next(ctx context.Context) ([]cloudtag.Entry, error) {
	for {
		if entries, err := r.Poll(ctx); len(entries) > 0 || err != nil {
			return entries, err
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-r.tail.ended:
			return nil, errEnded()
		case <-r.wake:
		}
	}
}

// Poll is Next without the wait: it returns no entries where Next would block.
func (r *Reader) Poll(ctx context.Context) ([]cloudtag.Entry, error) {
	for {
		entries, behind, place, newest := r.look()
		r.fetched = behind
		if behind {
			var err error
			if entries, err = r.catchUp(ctx, place, newest); err != nil {
				return nil, err
			}
		}
		if len(entries) > 0 {
			return entries, nil
		}
		if behind {
			continue
		}
		select {
		case <-r.tail.ended:
			return nil, errEnded()
		default:
			return nil, nil
		}
	}
}

// Fetched reports whether the entries that Poll or Next returned last were read from the store, for this reader alone,
// because the tail's memory no longer reached back to its position.
func (r *Reader) Fetched() bool { return r.fetched }

// Await waits until there are entries after the reader's position and skips them: for owners that need to know that
// something happened, not what. Errors: the context's cause, UNAVAILABLE when the tail has ended.
func (r *Reader) Await(ctx context.Context) error {
	for !r.Skip() {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-r.tail.ended:
			return errEnded()
		case <-r.wake:
		}
	}
	return nil
}

// Skip moves to the end of what the tail has read, and reports whether it skipped anything.
func (r *Reader) Skip() bool {
	t := r.tail
	t.mu.RLock()
	defer t.mu.RUnlock()
	fresh := !r.caughtUp && r.place < t.ring.newest
	r.place, r.caughtUp = max(r.place, t.ring.newest), true
	return fresh
}

// Behind reports whether the reader is catching up: more than a page of entries was appended after its position, as far as
// the tail has read.
func (r *Reader) Behind() bool {
	t := r.tail
	t.mu.RLock()
	defer t.mu.RUnlock()
	return !r.caughtUp && t.ring.newest-r.place > int64(t.options.Page)
}

// look returns what the ring has for the reader. behind is true when the ring no longer reaches back to its position.
func (r *Reader) look() (entries []cloudtag.Entry, behind bool, place, newest int64) {
	t := r.tail
	t.mu.RLock()
	defer t.mu.RUnlock()
	if r.caughtUp {
		r.place = max(r.place, t.ring.newest)
		return nil, false, r.place, t.ring.newest
	}
	if !t.ring.covers(r.place) {
		return nil, true, r.place, t.ring.newest
	}
	entries, r.place = t.ring.after(r.place, r.subject, t.options.Page)
	r.caughtUp = r.place >= t.ring.newest
	return entries, false, r.place, t.ring.newest
}

// catchUp reads a page from the store. Every entry up to newest was durable before the read, so a last page proves that
// nothing for this reader is left up to newest, and it continues from the ring without a gap.
func (r *Reader) catchUp(ctx context.Context, place, newest int64) ([]cloudtag.Entry, error) {
	entries, more, err := r.tail.source.LogPage(ctx, cloudtag.LogFilter{Subject: r.subject}, cloudtag.Slice{
		Limit: r.tail.options.Page, After: &cloudtag.Position{Key: place},
	})
	if err != nil {
		return nil, fmt.Errorf("catch up from the log: %w", err)
	}
	if len(entries) > 0 {
		place = entries[len(entries)-1].Seq
	}
	if !more {
		place = max(place, newest)
	}
	r.tail.mu.RLock()
	defer r.tail.mu.RUnlock()
	r.place = place
	return entries, nil
}

// Close removes the reader from the tail. Closing again does nothing.
func (r *Reader) Close() {
	t := r.tail
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.readers[r.subject], r)
	if len(t.readers[r.subject]) == 0 {
		delete(t.readers, r.subject)
	}
}
