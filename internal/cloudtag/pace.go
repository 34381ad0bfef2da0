package cloudtag

import "context"

// Pace is how background work gives way: it is done in small pieces, and between two of them the pace is asked.
type Pace interface {
	// Yield returns when the work may go on; its error is the context's cause.
	Yield(ctx context.Context) error
}

type paceKey struct{}

// WithPace returns a context whose work gives way. Work that somebody waits for has no pace, and never does.
func WithPace(ctx context.Context, pace Pace) context.Context {
	return context.WithValue(ctx, paceKey{}, pace)
}

// Yield lets more urgent work go ahead, where the context has a pace; call it between pieces of background work. Its error is
// that of [Pace.Yield].
func Yield(ctx context.Context) error {
	if pace, paced := ctx.Value(paceKey{}).(Pace); paced {
		return pace.Yield(ctx)
	}
	return nil
}
