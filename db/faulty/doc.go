// Package faulty injects faults into an engine, for tests of services: its calls, and the reads of its edits, are delayed,
// fail, fail after they succeeded, or are cut off, according to a plan that is drawn from a seed.
//
// What must not live here: anything that the product imports, and crashes between two writes of one call, which need a
// failpoint within the engine (db/dbtest).
package faulty
