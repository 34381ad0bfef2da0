package command

import (
	"context"
	"sync/atomic"
	"time"

	"cloudtag/internal/cloudtag"
)

const (
	// workPiece is how long background work goes on before it rests: about what a page takes.
	workPiece = 10 * time.Millisecond
	// workShare is the part of the time, one in so many, that all background work together has while requests run.
	workShare = 5
	// restAtMost bounds one rest, whatever a piece took: no piece makes the work stand still.
	restAtMost = 2 * time.Second
	// requestsEcho is how long after an answer the next request is expected.
	requestsEcho = time.Second
)

// Pacer has background work give way to requests: while some are answered, all of it together works a fifth of the time,
// so that it takes five times as long at most; otherwise as fast as it can.
type Pacer struct {
	clock    cloudtag.Clock
	answered atomic.Int64 // when a request was last, in milliseconds
	working  atomic.Int64 // how many work
}

// NewPacer returns a pacer of requests that are yet to come.
func NewPacer(clock cloudtag.Clock) *Pacer { return &Pacer{clock: clock} }

// Answered notes that a request has been answered.
func (p *Pacer) Answered() { p.answered.Store(p.clock.Now().UnixMilli()) }

// Begin returns a context for work on one goroutine, which must call end when it is done.
func (p *Pacer) Begin(ctx context.Context) (paced context.Context, end func()) {
	p.working.Add(1)
	return cloudtag.WithPace(ctx, &pacedWork{pacer: p, began: p.clock.Now()}), func() { p.working.Add(-1) }
}

// pacedWork is one goroutine's work.
type pacedWork struct {
	pacer *Pacer
	began time.Time // the piece that is being worked at
}

// Yield implements [cloudtag.Pace]: it rests for as long as keeps the share, when the piece was long enough to be one.
func (w *pacedWork) Yield(ctx context.Context) error {
	now := w.pacer.clock.Now()
	took := now.Sub(w.began)
	if took < workPiece {
		return context.Cause(ctx)
	}
	if now.UnixMilli()-w.pacer.answered.Load() <= requestsEcho.Milliseconds() {
		rest := took * time.Duration(workShare*max(1, w.pacer.working.Load())-1)
		timer := time.NewTimer(min(rest, restAtMost))
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
