package graph

import (
	"context"

	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/ratelimit"
)

type addressKey struct{}

// withAddress returns a context with the address of a request's client, with or without port.
func withAddress(ctx context.Context, address string) context.Context {
	return context.WithValue(ctx, addressKey{}, address)
}

// callerFrom returns the key that limits count a request under: the shop for its staff, the subject for everybody else who
// is signed in, and the client address for unauthenticated requests. The kinds of keys are disjoint.
func callerFrom(ctx context.Context) (key string, signedIn bool) {
	if session, signedIn := auth.SessionFrom(ctx); signedIn {
		return callerKey(session.Caller), true
	}
	address, _ := ctx.Value(addressKey{}).(string)
	return ratelimit.AddressKey(address), false
}

func callerKey(caller cloudtag.Caller) string {
	if caller.MerchantID != "" {
		return "merchant " + string(caller.MerchantID)
	}
	return "subject " + caller.Subject
}
