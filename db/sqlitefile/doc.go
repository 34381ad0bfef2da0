// Package sqlitefile manages one open SQLite file on modernc.org/sqlite, in WAL mode with synchronous FULL.
//
// One goroutine writes, with group commit: it runs the queued jobs in one transaction, commits once and returns their
// outcomes, so that they share the cost of making a change durable. Four connections read concurrently with it, each call
// from a snapshot. A connection of its own runs checkpoints. Several processes may open the same file: every write
// transaction acquires SQLite's write lock before it reads.
//
// The package also holds what operators do with such a file (backup, inspection) and the failpoint by which tests crash it
// at any physical write. What must not live here: tables, their statements and their contents, which are the engines'.
package sqlitefile
