package graph

import (
	"context"
	"net/http"

	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/ratelimit"
)

type addressKey struct{}

// withAddress notes where a request comes from.
func withAddress(r *http.Request) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), addressKey{}, ratelimit.AddressKey(r.RemoteAddr)))
}

// callerFrom says whose request it is, as limits count: a shop's people together, every other subject by itself, and who
// is not signed in by address. The kinds can't be mistaken for each other.
func callerFrom(ctx context.Context) (key string, signedIn bool) {
	if session, signedIn := auth.SessionFrom(ctx); signedIn {
		return callerKey(session.Caller), true
	}
	key, _ = ctx.Value(addressKey{}).(string)
	return key, false
}

func callerKey(caller cloudtag.Caller) string {
	if caller.MerchantID != "" {
		return "merchant " + string(caller.MerchantID)
	}
	return "subject " + caller.Subject
}
