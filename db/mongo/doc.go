// Package mongo keeps everything in MongoDB: the store of production, which several instances share.
//
// Here live the documents, every query, and the adaption of the domain's ports to them; bson stays inside. What must
// not live here: rules. What a tag or a case becomes is decided by [cloudtag.CaseFile].
//
// Nothing needs a transaction over several documents. The unit of change is one document, written under the
// condition that its revision is the one that was read; that write decides. What it still has to carry elsewhere
// (new forms of tags, entries of the log) travels in the same document as its "spread", and whoever meets a spread
// may complete it: each of its steps can be repeated. So a document has at most one spread: no change is made on top
// of one, and the log tells the changes of a document in their order.
//
// A submission is a document too (batches): it holds all that is needed to complete it, claims its orders, asks what
// the shop may do, and is decided by one conditional write. Tags that are claimed and not yet carried are invisible.
//
// The log is a chain of blocks: a block begins where the one before ends, and its identifier is its first number,
// so that of several instances that append at once one wins each place. See docs/decisions-mongo.md.
package mongo
