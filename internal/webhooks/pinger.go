package webhooks

import (
	"context"
	"log/slog"
	"time"

	"cloudtag/internal/cloudtag"
)

// The pace of pings.
const (
	pingEvery   = 2 * time.Second // it looks for pings that it was not told of: other instances', and those of one that died
	pingsAtOnce = 32
)

// Pings is the domain's part: which pings are to be sent, and sending one.
type Pings interface {
	DuePings(ctx context.Context) ([]cloudtag.WebhookPing, error)
	SendPing(ctx context.Context, due cloudtag.WebhookPing) error
}

// Pinger sends the pings that are queued, to one endpoint one at a time. They have a loop of their own, since they go to
// endpoints that get no events too, and hold up none.
type Pinger struct {
	pings Pings
	log   *slog.Logger
	wake  chan struct{}
}

// NewPinger returns a pinger; give it a goroutine with [Pinger.Run].
func NewPinger(pings Pings, log *slog.Logger) *Pinger {
	return &Pinger{pings: pings, log: log, wake: make(chan struct{}, 1)}
}

// Wake tells the pinger that a ping was queued. It never blocks.
func (p *Pinger) Wake() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// pinged is what became of sending a ping.
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
				continue // it is looked for again after pingEvery
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

// send sends one ping. Its end is always told: Run waits for it.
func (p *Pinger) send(ctx context.Context, ping cloudtag.WebhookPing, ended chan<- pinged) {
	err := cloudtag.Protected(func() error { return p.pings.SendPing(ctx, ping) })
	if err != nil {
		p.log.ErrorContext(ctx, "cannot send a ping", "endpoint", ping.Endpoint, "error", err)
	}
	ended <- pinged{ping.Endpoint, err}
}
