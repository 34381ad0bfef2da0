// Package memory is an engine that keeps everything in memory: the one fake of all tests, and what --db memory: opens.
//
// It finds records by looking at all of a kind, so that it needs no index and says what the others must answer. It keeps
// records encoded, so that whoever changes what it was given, or has got, changes nothing that is stored.
package memory
