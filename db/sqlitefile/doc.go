// Package sqlitefile is one SQLite file in use, on modernc.org/sqlite: WAL, synchronous FULL.
//
// One goroutine writes. It takes the jobs that wait, runs them in one transaction, commits once and answers them all
// (group commit), so that the price of making a change durable is shared. Four connections read beside it, each call on
// a snapshot. The write-ahead log is carried into the file by a connection of its own. Several processes may have the
// file open: each transaction takes SQLite's write lock before it reads.
//
// Here also live what an operator does with such a file (backup, inspection) and what a test does (an end of its life at
// any physical write). What must not live here: tables, their statements and their contents, which are the stores'.
package sqlitefile
