// Package live lets many readers follow the append-only log. One goroutine, the tail, reads new entries and keeps the
// newest in a ring; it wakes the readers of an entry's subjects and never waits for any of them. A reader is a position in
// the log: one that fell behind the ring catches up from the store, so that its memory is bounded however slow it is.
//
// What must not live here: what an entry means and who may see it; readers get the entries of the subject they name.
package live
