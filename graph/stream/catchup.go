package stream

import "context"

// CatchUp waits until a subscription may read or send some of what happened before it stands at the log's end, and returns
// what says that it is done, which may be called again. Errors: the context's.
type CatchUp func(ctx context.Context) (done func(), err error)

type catchUpKey struct{}

// WithCatchUp returns a context whose subscription has to ask before it reads what happened before.
func WithCatchUp(ctx context.Context, catchUp CatchUp) context.Context {
	return context.WithValue(ctx, catchUpKey{}, catchUp)
}

// BeginCatchUp asks the context's CatchUp; without one, everybody may at once.
func BeginCatchUp(ctx context.Context) (done func(), err error) {
	catchUp, _ := ctx.Value(catchUpKey{}).(CatchUp)
	if catchUp == nil {
		return func() {}, nil
	}
	return catchUp(ctx)
}
