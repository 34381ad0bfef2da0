// Package webhooks delivers log events to HTTP endpoints of shops and of the platform. It keeps the endpoints and the history of
// their deliveries, selects and orders the events of each one, and decides when a refused event is retried and when an endpoint
// is disabled. Its records are documents of the domain's store.
//
// HTTP, signatures and the loops that run deliveries belong to the package sending.
package webhooks
