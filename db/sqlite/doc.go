// Package sqlite is the embedded engine, in a file of db/sqlitefile.
//
// A kind of record is a table: the key, a column for each field that an index has, and the record as JSON. Indexes are
// plain, a list is one statement that names its index, and a page begins behind a key, so that it costs the same wherever
// it is and however much there is.
//
// The log is one table, and rows that say in which stretches of it a subject, an actor or an action occurs.
//
// What must not live here: rules, and the names of kinds.
package sqlite
