// Package live lets many readers follow the append-only log. One goroutine, the tail, reads what is new and keeps
// the newest entries in memory; it wakes the readers that a new entry concerns and never waits for any of them. A
// reader is a place in the log: one that fell behind memory catches up from the store, so that its memory is
// bounded whatever it does and whatever happens.
//
// What must not live here: what an entry means and who may see it; readers get entries of the subject they name.
package live
