package sending

import (
	"context"
	"log/slog"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/webhooks"
)

// The pace of pings.
const (
	pingEvery   = 2 * time.Second // due pings are read without being woken: those of other instances, and of one that died
	pingsAtOnce = 32
)

// pingSender finds and sends due pings: a [webhooks.Deliverer].
type pingSender interface {
	DuePings(ctx context.Context) ([]webhooks.DuePing, error)
	SendPing(ctx context.Context, due webhooks.DuePing) error
}

// Pinger sends the queued pings, one at a time to each endpoint. They have a loop of their own, since they are sent to stopped
// endpoints too, and must not delay events.
type Pinger struct {
	pings pingSender
	log   *slog.Logger
	wake  chan struct{}
}

// NewPinger returns a pinger; give it a goroutine with [Pinger.Run].
func NewPinger(pings pingSender, log *slog.Logger) *Pinger {
	return &Pinger{pings: pings, log: log, wake: make(chan struct{}, 1)}
}

// Wake notifies the pinger that a ping was queued. It never blocks.
func (p *Pinger) Wake() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// pinged is the outcome of sending a ping.
type pinged struct {
	endpoint string
	err      error
}

// Run sends pings until the context ends; those that are under way then get to finish, which takes [SendTimeout] and the
// store's time at most. It returns nil.
func (p *Pinger) Run(ctx context.Context) error {
	sending, ended := map[string]bool{}, make(chan pinged) // by endpoint
	timer := time.NewTimer(0)
	defer timer.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			for range sending {
				<-ended
			}
			return nil
		case done := <-ended:
			delete(sending, done.endpoint)
			if done.err != nil {
				continue // it is read again after pingEvery
			}
		case <-timer.C:
		case <-p.wake:
		}
		due, err := p.pings.DuePings(ctx)
		if err != nil && ctx.Err() == nil && !failing {
			p.log.ErrorContext(ctx, "cannot find the pings of webhooks; they wait", "error", err)
		}
		failing = err != nil
		for _, ping := range due {
			if sending[ping.Endpoint] || len(sending) == pingsAtOnce {
				continue
			}
			sending[ping.Endpoint] = true
			go p.send(ctx, ping, ended)
		}
		timer.Reset(pingEvery)
	}
}

// send sends one ping, and always reports its end: Run waits for it.
func (p *Pinger) send(ctx context.Context, ping webhooks.DuePing, ended chan<- pinged) {
	err := cloudtag.Protected(func() error { return p.pings.SendPing(ctx, ping) })
	if err != nil {
		p.log.ErrorContext(ctx, "cannot send a ping", "endpoint", ping.Endpoint, "error", err)
	}
	ended <- pinged{ping.Endpoint, err}
}
