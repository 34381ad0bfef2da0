// Package mongo is the engine of production: MongoDB, which several instances share.
//
// A commit is one insert. What waits is gathered into a group, decided on what was read by key, and inserted into the
// collection "journal" as one document, whose _id is the number of the commit: of several instances that insert at once one
// gets the number, the others read what it committed and decide again where that concerns what they had read. Then anybody
// may apply the block to the collections, in any state and any number of times: each write of it is of one document, under
// the condition that its revision (the number of the commit that wrote it last) is smaller. The log is the last thing that is
// written of a block, so that whoever has seen an entry can see all that it tells of.
//
// Records are documents with the members of their JSON, so that they read well in a MongoDB shell.
//
// What must not live here: rules, and the names of kinds. See docs/decisions.md.
package mongo
