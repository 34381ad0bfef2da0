// Package sqlite is the embedded engine, in a file of db/sqlitefile.
//
// A kind of record is a table: the key, a column for each field that an index has, and the record as JSON. Indexes are
// plain, a list is one statement that names its index, and a page begins behind a key, so that it costs the same wherever
// it is and however much there is.
//
// The log is one table of blocks of entries, and one of keys that lead from a shop, an actor or an action to blocks. Entries
// about an account are found through the rows of its cases, which are written with them.
//
// What must not live here: rules, and the names of kinds.
package sqlite
