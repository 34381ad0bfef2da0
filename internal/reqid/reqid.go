// Package reqid passes on a request's identifier, by which a caller's report is matched with its lines in the log. The server
// makes the identifiers.
package reqid

import "context"

type idKey struct{}

// With returns a context with the identifier.
func With(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, idKey{}, id)
}

// From returns the context's identifier, "" without one.
func From(ctx context.Context) string {
	id, _ := ctx.Value(idKey{}).(string)
	return id
}
