// Package storefacts holds the facts about a store by which operators diagnose it, in a form that every store can give and
// that reveals no credentials.
//
// What must not live here: judgement of the facts, and anything about the data.
package storefacts

import "time"

// Facts are what inspecting a store found, without changing it.
type Facts struct {
	Place   string // kind of store and location: the file, or hosts and database
	Version string // of the server or the library
	Found   bool   // whether the product's data exist; otherwise only Disk and ClockAhead are known
	Schema  int    // current version of the schema
	Newest  int    // version of the schema that this program needs
	// Missing are the expected tables, collections and indexes that do not exist.
	Missing []string
	// Damage is what an integrity check found; empty when there is none or it was not checked.
	Damage []string
	// ClockAhead is by how much the store's clock is ahead of this machine's; nil when the store has none of its own.
	ClockAhead *time.Duration
	Disk       *Disk // nil: unknown
}

// Disk is the disk usage of a store, in bytes.
type Disk struct {
	Used  uint64 // by the store
	Free  uint64 // for it
	Total uint64
}
