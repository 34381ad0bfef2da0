// Package webhooks sends endpoints their messages: it signs them, dials no address that is not the internet's, and runs
// the deliveries as the log grows.
//
// What must not live here: what is sent to whom, when a refusal is tried again and what is stored of it, which are the
// domain's.
package webhooks
