// Package copying copies everything from one store to another, page by page, so that an interrupted copy can be resumed, and
// compares the two when it is done.
//
// It holds the kinds of rows of a store, their order, and the comparison. What must not live here: how a store reads or
// writes rows, and rules: a copy changes nothing. The interfaces in copy.go are implemented by internal/store and db/mongo.
package copying
