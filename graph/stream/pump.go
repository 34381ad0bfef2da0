package stream

import (
	"context"
	"sync"
)

// Pump runs a subscription only while there is something to send: between events it has no goroutine. A transport that can
// be notified of events puts one into the context; a resolver that can produce on being woken attaches itself to it.
//
// A subscription produces on one goroutine at a time, so that its events keep their order, and on one of its own, so that a
// slow subscriber holds up no other.
//
// The reason is memory alone: a goroutine per subscription that waits for entries makes an idle socket 4 to 9 kB larger,
// beyond the 25 kB that it may take, and gqlgen's own two 15 kB. An event costs as much processor time either way: see
// docs/figures.md.
type Pump struct {
	mu      sync.Mutex
	state   pumpState
	produce func(deliver func() bool) bool
	sink    Sink
}

type pumpState int

const (
	pumpWaiting pumpState = iota // not started; Start produces anyway
	pumpIdle
	pumpRunning
	pumpAgain // running, and woken since it looked
	pumpEnded
)

// Sink is where a pump's events go.
type Sink interface {
	// Deliver sends the event that the resolver has put into its channel; false: nobody takes it any more.
	Deliver() bool
	// End is called once, when the channel is closed.
	End()
	// Panicked is called, with what was recovered, in place of End.
	Panicked(cause any)
}

type pumpKey struct{}

// WithPump returns a context whose subscription may attach to the pump.
func WithPump(ctx context.Context) (context.Context, *Pump) {
	pump := &Pump{}
	return context.WithValue(ctx, pumpKey{}, pump), pump
}

// PumpFrom returns the context's pump; nil where the transport waits for events itself.
func PumpFrom(ctx context.Context) *Pump {
	pump, _ := ctx.Value(pumpKey{}).(*Pump)
	return pump
}

// Attach makes produce what is called, on some goroutine, when the pump is woken. For each event that is there it puts
// the event into its channel, which must have room for one, and calls deliver. It returns false when the subscription
// has ended; it has closed the channel then, and released all that it held, even if it panics.
func (p *Pump) Attach(produce func(deliver func() bool) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.produce = produce
}

// Attached reports whether a resolver produces by this pump.
func (p *Pump) Attached() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.produce != nil
}

// Start produces what there is already, on this goroutine, and from then on whenever the pump is woken.
func (p *Pump) Start(sink Sink) {
	p.mu.Lock()
	p.sink, p.state = sink, pumpRunning
	p.mu.Unlock()
	p.run()
}

// Wake has the pump look for events. It never blocks; wake-ups that come while it looks are one.
func (p *Pump) Wake() {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch p.state {
	case pumpIdle:
		p.state = pumpRunning
		go p.run()
	case pumpRunning:
		p.state = pumpAgain
	case pumpWaiting, pumpAgain, pumpEnded:
	}
}

// run produces until nobody has woken the pump meanwhile.
func (p *Pump) run() {
	for p.turn() {
		if p.rests() {
			return
		}
	}
}

// rests ends the run unless the pump was woken meanwhile.
func (p *Pump) rests() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state == pumpAgain {
		p.state = pumpRunning
		return false
	}
	p.state = pumpIdle
	return true
}

// turn produces once. When the subscription has ended, or panicked, the sink is told and there are no more turns.
func (p *Pump) turn() (goesOn bool) {
	defer func() {
		if cause := recover(); cause != nil {
			goesOn = false
			p.end()
			p.sink.Panicked(cause)
		}
	}()
	if p.produce(p.sink.Deliver) {
		return true
	}
	p.end()
	p.sink.End()
	return false
}

func (p *Pump) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state = pumpEnded
}
