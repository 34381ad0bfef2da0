// Package sending sends the messages of package webhooks: it signs them, posts them to public addresses only, and runs the
// loops that deliver events as the log grows, retries as they become due, and pings as they are queued. It counts and logs
// what became of them.
//
// What must not live here: what is sent to whom, when a refusal is retried, and what is stored of it, which are those of
// package webhooks.
package sending
