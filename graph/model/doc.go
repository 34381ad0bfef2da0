// Package model holds the Go side of the schema's types: what resolvers return and take.
//
// gqlgen.yml binds types of the domain where the API's are the same; models_gen.go has inputs, payloads and edges. Written by
// hand are the scalars, and the records whose fields depend on the language or the caller, or lead to other records: they embed
// the domain's record, and share the loaders of all records that were read with them, so that related records of a whole page
// are read at once (see [Batch]). What must not live here: rules, stores, and how records are converted (resolvers).
package model
