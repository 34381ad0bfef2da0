package command

import (
	"context"
	"sync/atomic"
	"time"

	"cloudtag/internal/cloudtag"
)

const (
	// workSlice is how long background work runs before it pauses: about as long as one page takes.
	workSlice = 10 * time.Millisecond
	// workShare limits all background work together to 1/workShare of the time while requests run.
	workShare = 5
	// maxPause bounds one pause, however long the slice before it took, so that the work always makes progress.
	maxPause = 2 * time.Second
	// busyAfterRequest is how long after an answer the server still counts as busy.
	busyAfterRequest = time.Second
)

// Pacer throttles background work in favour of requests: while requests are answered, all background work together runs a
// fifth of the time, so that it takes at most five times as long; otherwise it runs at full speed.
type Pacer struct {
	clock    cloudtag.Clock
	answered atomic.Int64 // time of the last answer, in Unix milliseconds
	workers  atomic.Int64 // goroutines that do background work
}

// NewPacer returns a pacer that has seen no request yet.
func NewPacer(clock cloudtag.Clock) *Pacer { return &Pacer{clock: clock} }

// Answered records that a request has been answered.
func (p *Pacer) Answered() { p.answered.Store(p.clock.Now().UnixMilli()) }

// Begin returns a context for background work on one goroutine, which must call end when it is done.
func (p *Pacer) Begin(ctx context.Context) (paced context.Context, end func()) {
	p.workers.Add(1)
	return cloudtag.WithPace(ctx, &pacedWork{pacer: p, began: p.clock.Now()}), func() { p.workers.Add(-1) }
}

// pacedWork is the work of one goroutine.
type pacedWork struct {
	pacer *Pacer
	began time.Time // start of the current slice
}

// Yield implements [cloudtag.Pace]: at the end of a slice it pauses for as long as workShare requires.
func (w *pacedWork) Yield(ctx context.Context) error {
	now := w.pacer.clock.Now()
	took := now.Sub(w.began)
	if took < workSlice {
		return context.Cause(ctx)
	}
	if now.UnixMilli()-w.pacer.answered.Load() <= busyAfterRequest.Milliseconds() {
		pause := took * time.Duration(workShare*max(1, w.pacer.workers.Load())-1)
		timer := time.NewTimer(min(pause, maxPause))
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	w.began = w.pacer.clock.Now()
	return context.Cause(ctx)
}
