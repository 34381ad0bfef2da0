package stream

import (
	"context"
	"sync"
)

// Position is where a subscription stands, for transports that tell it with each event, and resume by it.
type Position struct {
	resume string

	mu     sync.Mutex
	passed []string // of events that were not asked for yet: one or two
}

type positionKey struct{}

// WithPosition returns a context whose subscription tells its position; resume is the one to go on behind, empty for none.
func WithPosition(ctx context.Context, resume string) (context.Context, *Position) {
	position := &Position{resume: resume}
	return context.WithValue(ctx, positionKey{}, position), position
}

// ResumeFrom returns the position that the context's subscription has to go on behind; empty for none.
func ResumeFrom(ctx context.Context) string {
	if position, ok := ctx.Value(positionKey{}).(*Position); ok {
		return position.resume
	}
	return ""
}

// Passes notes the position of the event that the context's subscription sends next, where the transport tells positions.
// Events are sent in this order. Its error is that of position.
func Passes(ctx context.Context, position func() (string, error)) error {
	p, ok := ctx.Value(positionKey{}).(*Position)
	if !ok {
		return nil
	}
	passed, err := position()
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.passed = append(p.passed, passed)
	return nil
}

// Next returns the position of the next event that has come; empty for one that has none.
func (p *Position) Next() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.passed) == 0 {
		return ""
	}
	next := p.passed[0]
	p.passed = p.passed[1:]
	return next
}
