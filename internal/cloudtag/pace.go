package cloudtag

import "context"

// Pace throttles background work, which calls Yield between small steps.
type Pace interface {
	// Yield returns when the work may continue; its error is the context's cause.
	Yield(ctx context.Context) error
}

type paceKey struct{}

// WithPace returns a context for throttled work. Work that a caller waits for has no pace and is not throttled.
func WithPace(ctx context.Context, pace Pace) context.Context {
	return context.WithValue(ctx, paceKey{}, pace)
}

// Yield yields to more urgent work if the context has a pace; call it between steps of background work. Its error is that of
// [Pace.Yield].
func Yield(ctx context.Context) error {
	if pace, paced := ctx.Value(paceKey{}).(Pace); paced {
		return pace.Yield(ctx)
	}
	return nil
}
