// Package memory is an engine that stores everything in memory: the fake of all tests, and what --db memory: opens.
//
// It scans all records of a kind, without indexes, so that it is the reference for the results of the other engines. It
// stores records encoded, so that modifying a record after it was put or read does not affect the store.
package memory
