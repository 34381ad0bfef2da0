// Package storefacts holds what a store tells about itself to whoever looks for what is wrong: words that every store
// can answer in, and that name no credentials.
//
// What must not live here: judgement of what is told, and anything about the data.
package storefacts

import "time"

// Facts are what a store found out about its place without changing anything there.
type Facts struct {
	Place   string // kind of store and where it is: the file, or hosts and database
	Version string // of the server or the library
	Found   bool   // whether the product's data are there; nothing below is known otherwise, but for Disk and ClockAhead
	Schema  int    // version of the schema there is
	Newest  int    // version of the schema that this program makes
	// Missing are tables, collections and indexes that this program makes and that are not there.
	Missing []string
	// Damage is what a check of the files found wrong; empty when all is well or when it was not looked at.
	Damage []string
	// ClockAhead is by how much the store's clock is ahead of this machine's; nil when the store has none of its own.
	ClockAhead *time.Duration
	Disk       *Disk // nil: unknown
}

// Disk is where a store keeps its data, in bytes.
type Disk struct {
	Used  uint64 // by the store
	Free  uint64 // for it
	Total uint64
}
