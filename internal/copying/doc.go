// Package copying moves everything from one store to another, page by page, so that it can go on after any end, and
// compares the two when it is done.
//
// Here live the kinds of rows that a store holds, the walk through them, and the comparison. What must not live here:
// how a store reads or writes them, and rules: a copy decides nothing, it repeats what is there. The ports at the end
// of copy.go are implemented by internal/store and db/mongo.
package copying
