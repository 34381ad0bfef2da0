// Package ratelimit limits rates by token buckets, one per key, in bounded memory.
//
// It knows neither HTTP nor GraphQL nor callers: they are keys. Buckets are local to the process: each instance has its own.
package ratelimit
