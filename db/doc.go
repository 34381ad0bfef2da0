// Package db opens the store that a URI names.
//
// Here live the sum of the ports that a store implements and the choice between the stores. The stores themselves
// live below: db/sqlite is the embedded default, db/mongo the store of production; db/dbtest is the one suite that
// every store passes. What must not live here: rules, SQL and BSON.
package db
