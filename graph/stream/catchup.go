package stream

import "context"

// CatchUp waits until a subscription may read or send a batch of past entries. done ends that and may be called more than once.
// Errors: the context's.
type CatchUp func(ctx context.Context) (done func(), err error)

type catchUpKey struct{}

// WithCatchUp returns a context whose subscription calls catchUp before it reads past entries.
func WithCatchUp(ctx context.Context, catchUp CatchUp) context.Context {
	return context.WithValue(ctx, catchUpKey{}, catchUp)
}

// BeginCatchUp calls the context's CatchUp; without one it returns at once.
func BeginCatchUp(ctx context.Context) (done func(), err error) {
	catchUp, _ := ctx.Value(catchUpKey{}).(CatchUp)
	if catchUp == nil {
		return func() {}, nil
	}
	return catchUp(ctx)
}
