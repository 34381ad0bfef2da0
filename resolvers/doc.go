// Package resolvers resolves the schema's fields: it calls a service, which decides what the caller may see or do, and
// converts the result. One *.resolvers.go per schema file; conversions are in convert_*.go.
//
// It holds no rules, permission checks, stores or transports.
package resolvers
