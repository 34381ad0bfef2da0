// Package ratelimit counts what callers do in token buckets, one for each, in bounded memory.
//
// It knows neither HTTP nor GraphQL nor who callers are: they are keys. Buckets are of one process: several instances
// each have their own.
package ratelimit
