package stream

import (
	"context"
	"sync"
)

// Position is a subscription's position, for transports that send it with each event and resume from it.
type Position struct {
	resume string

	mu     sync.Mutex
	passed []string // positions that Next has not returned yet: one or two
}

type positionKey struct{}

// WithPosition returns a context whose subscription reports its positions; resume is the one to resume after, empty for none.
func WithPosition(ctx context.Context, resume string) (context.Context, *Position) {
	position := &Position{resume: resume}
	return context.WithValue(ctx, positionKey{}, position), position
}

// ResumeFrom returns the position after which the context's subscription resumes; empty for none.
func ResumeFrom(ctx context.Context) string {
	if position, ok := ctx.Value(positionKey{}).(*Position); ok {
		return position.resume
	}
	return ""
}

// Passes reports the position of the next event that the context's subscription sends, in order, if the transport uses positions.
// Errors: those of position.
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

// Next returns the position of the next event received; empty if it has none.
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
