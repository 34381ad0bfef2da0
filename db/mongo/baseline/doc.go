// Package baseline performs the least work of a store with the driver alone: it stores tags, counts them in their cases,
// appends to the log, in the collections of db/mongo with their indexes and validators, and reads pages. Benchmarks compare
// it with db/mongo, so that the ratio is the cost of the product's guarantees: nothing here is atomic or idempotent, chains
// the log, or evaluates cases.
//
// What must not live here: anything that the product uses.
package baseline
