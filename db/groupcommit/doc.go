// Package groupcommit queues jobs for one goroutine that commits those waiting together, so that they share the cost of
// making a commit durable.
//
// What must not live here: what a job does and how it is committed, which are the engines'.
package groupcommit
