package stream

import (
	"context"
	"sync"
)

// Pump runs a subscription only while there are events: between them it has no goroutine. A transport that accepts events by
// callback puts a pump into the context; a resolver that can produce events when woken attaches itself to it.
//
// A subscription produces on one goroutine at a time, which keeps its events in order, and on its own, so that a subscriber
// that does not read blocks nobody else.
//
// The reason is memory alone, of which an idle socket should take 25 kB: a goroutine per subscription that waits for entries
// adds 1 to 10 kB, and gqlgen's own two add 15 kB. An event costs as much processor time either way: see docs/figures.md.
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
	pumpAgain // running, and woken during the turn
	pumpEnded
)

// Sink is where a pump's events go.
type Sink interface {
	// Deliver sends the event that the resolver has put into its channel; false: the subscription has ended.
	Deliver() bool
	// End is called once, when the channel is closed.
	End()
	// Panicked is called with the recovered value instead of End.
	Panicked(cause any)
}

type pumpKey struct{}

// WithPump returns a context whose subscription may attach to the pump.
func WithPump(ctx context.Context) (context.Context, *Pump) {
	pump := &Pump{}
	return context.WithValue(ctx, pumpKey{}, pump), pump
}

// PumpFrom returns the context's pump; nil if the transport receives from the channel itself.
func PumpFrom(ctx context.Context) *Pump {
	pump, _ := ctx.Value(pumpKey{}).(*Pump)
	return pump
}

// Attach sets the function that is called, on some goroutine, when the pump is woken. For each pending event, produce puts the
// event into its channel, which must have a buffer of one, and calls deliver. It returns false when the subscription has ended;
// by then it has closed the channel and released its resources, even if it panics.
func (p *Pump) Attach(produce func(deliver func() bool) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.produce = produce
}

// Attached reports whether a resolver has attached itself.
func (p *Pump) Attached() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.produce != nil
}

// Start produces pending events on this goroutine, and from then on whenever the pump is woken.
func (p *Pump) Start(sink Sink) {
	p.mu.Lock()
	p.sink, p.state = sink, pumpRunning
	p.mu.Unlock()
	p.run()
}

// Wake makes the pump look for events. It never blocks; wake-ups during a turn are merged into one.
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

// run produces until there was no wake-up during the last turn.
func (p *Pump) run() {
	for p.turn() {
		if p.rests() {
			return
		}
	}
}

// rests makes the pump idle unless it was woken during the turn.
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

// turn produces once. If the subscription ends or panics it notifies the sink, and there are no more turns.
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
