package graph

import (
	"context"

	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/ratelimit"
)

type addressKey struct{}

// withAddress returns a context that carries the address of a request's client, with or without port.
func withAddress(ctx context.Context, address string) context.Context {
	return context.WithValue(ctx, addressKey{}, address)
}

// callerFrom says whose request it is, as limits count: a shop's people together, every other subject by itself, and who
// is not signed in by address. The kinds can't be mistaken for each other.
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
