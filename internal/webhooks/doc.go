// Package webhooks delivers events of the log to HTTP endpoints of shops and of the platform: it keeps the endpoints and
// what became of their deliveries, decides what each one is sent and in which order, and when a refused event is retried
// or its endpoint disabled. Everything is kept as documents of the domain's store.
//
// What must not live here: HTTP, signatures and the loops that run deliveries, which are those of the package sending.
package webhooks
