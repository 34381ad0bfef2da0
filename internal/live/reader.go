package live

import (
	"context"
	"fmt"

	"cloudtag/internal/cloudtag"
)

// Reader is one place in the log. It costs the same whether its owner reads or not. One goroutine at a time may call
// Next, Poll, Fetched, Await and Skip; Close may be called from any.
type Reader struct {
	tail    *Tail
	subject cloudtag.Subject
	wake    chan struct{} // holds at most one wake-up; nil once there is woken
	fetched bool          // see Fetched
	woken   func()        // called in place of a wake-up; nil: the reader waits for wake. Guarded by the tail's lock

	// Guarded by the tail's lock: the tail changes them holding it, the reader's owner holding it for reading, which
	// excludes the tail and nobody else who would touch them.
	place    int64 // every entry up to here was handed out, or is none of this reader's
	caughtUp bool  // nothing for this reader was appended since it looked last
}

// OnWake has woken called, from now on, whenever there may be something for Poll: for those who do not wait. It is called
// once at least for each entry that Poll has not returned yet, and when the tail ends; with the tail's lock held, so that
// it must not block nor call the reader. Such a reader must not call Next or Await.
func (r *Reader) OnWake(woken func()) {
	r.tail.mu.Lock()
	defer r.tail.mu.Unlock()
	r.woken, r.wake = woken, nil
}

// signal leaves a wake-up unless one is waiting. The tail's lock is held.
func (r *Reader) signal() {
	if r.woken != nil {
		r.woken()
		return
	}
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

// Poll returns what Next does, and nothing where Next would wait.
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

// Fetched reports whether what Poll or Next returned last was read from the store, for this reader alone: the tail's
// memory did not reach back to its place any more.
func (r *Reader) Fetched() bool { return r.fetched }

// Await waits until there are entries after the reader's place and goes to the end of what the tail has read: for those
// who want to know that something happened, and not what. Errors: the context's, UNAVAILABLE when the tail has ended.
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

// Skip goes to the end of what the tail has read, and reports whether there was anything after the reader's place.
func (r *Reader) Skip() bool {
	t := r.tail
	t.mu.RLock()
	defer t.mu.RUnlock()
	fresh := !r.caughtUp && r.place < t.ring.newest
	r.place, r.caughtUp = max(r.place, t.ring.newest), true
	return fresh
}

// Behind reports whether more than a page of entries was appended after the reader's place, as far as the tail has read:
// whoever reads them is catching up.
func (r *Reader) Behind() bool {
	t := r.tail
	t.mu.RLock()
	defer t.mu.RUnlock()
	return !r.caughtUp && t.ring.newest-r.place > int64(t.options.Page)
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
