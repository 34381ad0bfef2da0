// Package store implements the ports of the domain, once, over a small [Engine].
//
// Here live the catalogue of kinds (what is stored, and by which fields it is found), the queries and the commits: the
// domain's calls, in its own types, as reads by key, lists along an index, and atomic changes. An engine knows kinds, fields
// and indexes from the catalogue, and no rule of the domain: db/sqlite and db/mongo store data, store/memory is the fake of
// all tests.
//
// What must not live here: SQL, BSON, and rules.
package store
