// Package sqlite keeps everything in one SQLite file: the embedded default store.
//
// Here live the schema, every SQL statement of the product, and the adaption of the domain's ports to them. What
// must not live here: rules. What a tag or a case becomes is decided by [cloudtag.CaseFile]; this package loads
// files, lets them be edited and stores the outcome.
//
// The file, its one writer and its readers are db/sqlitefile's. Every job of the writer is whole: the transaction holds the
// tags, their cases and the log entries, and nothing of it is seen before all of it is. What is kept in memory between
// transactions never changes once stored (words, policy versions), since other processes may write in between.
//
// A case keeps the numbers of its latest log entries in its own row, and log_terms keeps those of actions, actors and
// other subjects as lists, one row per job. So a new tag costs one scattered page (the identifier of its case) where an
// index of subjects would cost six; everything else is written where the latest rows are. That is what keeps the
// rate of writing from falling as the file grows.
//
// The log is a chain: an entry gets its hash with its number, from the entry before. Files of the schema before get
// theirs when they are opened (see completeChain).
//
// Lists are walks along indexes from a position (keyset), never offsets: a list with several kinds of rows is merged from
// one walk per kind, and a kind is a "lane", a small number that stands for everything the list can be filtered by.
package sqlite
