// Package store implements the ports of the domain, once, over a small [Engine].
//
// Here live the catalogue of kinds (what is stored, by which fields it is found), the finders, and the commits: what the
// domain asks of a store in its own types, said as reads by key, lists by an index, and changes that are made as one. An
// engine knows kinds, fields and indexes from the catalogue and no rule of the domain: store/memory is the fake of all
// tests, db/sqlite keeps data.
//
// What must not live here: SQL, BSON, and rules.
package store
