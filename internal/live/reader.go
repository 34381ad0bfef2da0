package live

import (
	"context"
	"fmt"

	"cloudtag/internal/cloudtag"
)

// Reader is one place in the log. It costs the same whether its owner reads or not. One goroutine at a time may call
// Next; Close may be called from any.
type Reader struct {
	tail    *Tail
	subject cloudtag.Subject
	wake    chan struct{} // holds at most one wake-up

	// Guarded by the tail's lock: the tail changes them holding it, the reader's owner holding it for reading, which
	// excludes the tail and nobody else who would touch them.
	place    int64 // every entry up to here was handed out, or is none of this reader's
	caughtUp bool  // nothing for this reader was appended since it looked last
}

// signal leaves a wake-up unless one is waiting.
func (r *Reader) signal() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Next returns the entries after the reader's place, in order and each once, at most a page; it waits until there
// are some. Errors: the context's, UNAVAILABLE when the tail has ended, and failures to read the log, after which
// the place is unchanged and Next may be called again.
func (r *Reader) Next(ctx context.Context) ([]cloudtag.Entry, error) {
	for {
		entries, behind, place, newest := r.look()
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
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-r.tail.ended:
			return nil, errEnded()
		case <-r.wake:
		}
	}
}

// look takes what the ring has for the reader. behind tells that the ring no longer reaches back to its place.
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

// catchUp reads a page from the store. Everything up to newest was there before it read, so that with no more to
// come there is nothing for this reader up to newest either, and it goes on from the ring without gap.
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

// Close ends the reader; nothing of it is left in the tail. Closing again does nothing.
func (r *Reader) Close() {
	t := r.tail
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.readers[r.subject], r)
	if len(t.readers[r.subject]) == 0 {
		delete(t.readers, r.subject)
	}
}
