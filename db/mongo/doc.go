// Package mongo is the engine of production: MongoDB, which several instances share.
//
// A commit is one insert (optimistic concurrency over a write-ahead journal). The queued edits are run as a group on records
// read by key, and their changes are inserted into the collection "journal" as one document, a block, whose _id is the number
// of the commit. Of several instances that insert concurrently one gets the number; the others read its block, and run their
// edits again if it changed what they had read. Any instance may then apply a block to the collections, idempotently: each
// write is of one document, on condition that its revision (the number of the commit that wrote it last) is smaller. The log
// entries of a block are written last, so that whatever an entry reports can be read.
//
// Records are documents with the members of their JSON, so that they read well in a MongoDB shell.
//
// What must not live here: rules, and the names of kinds. See docs/decisions.md.
package mongo
