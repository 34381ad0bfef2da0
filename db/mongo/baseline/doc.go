// Package baseline does with the driver alone what a store has to do at the least: it stores tags, counts them for
// their cases and tells the log, in the collections of db/mongo with their indexes and validators, and asks for pages.
// Measurements put it beside db/mongo, so that the ratio shows what the product's promises cost: nothing here survives a
// crash half way, keeps a submission from being made twice, chains the log, or tells when a case flips.
//
// What must not live here: anything that the product uses.
package baseline
