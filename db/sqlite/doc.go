// Package sqlite is the embedded engine, in one file managed by db/sqlitefile.
//
// Each kind of record is a table with the key, a column for each indexed field, and the record as JSON. A list is one
// statement that names its index, and pages are delimited by keys (keyset pagination), so that a page costs the same
// wherever it is and however many records there are.
//
// The log consists of a table of blocks of entries, and a table of keys that lead from a shop, an actor or an action to
// blocks. Entries about an account are found through the rows of its cases, which are written together with them.
//
// What must not live here: rules, and the names of kinds.
package sqlite
