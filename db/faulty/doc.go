// Package faulty wraps an engine so that its calls, and what its edits read, are delayed, fail, half succeed and are cut
// off, by a plan that is drawn from a seed: what a network, a disk and a database do on a bad day. Tests of services over
// a store use it.
//
// What must not live here: anything that the product imports, and faults between two writes of one call, which only the
// engine itself can stage (db/dbtest).
package faulty
