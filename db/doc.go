// Package db opens the store that a URI names.
//
// It chooses the engine: db/sqlite is the embedded default, db/mongo the engine of production. Every store passes the suite
// in db/dbtest. What must not live here: rules, SQL and BSON.
package db
