// Package model holds the Go side of the schema's types: what resolvers return and take.
//
// models_gen.go is generated. Written by hand are the scalars, and the records whose fields depend on the language
// or lead to other records: those share the loaders of all records that were read with them, so that related records of
// a whole page are read at once (see [Batch]). What must not live here: rules, stores, and how records are converted (resolvers).
package model
