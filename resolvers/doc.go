// Package resolvers answers the schema's fields: it asks a service, which decides what the caller may see or do, and
// converts what comes back. One *.resolvers.go per schema file; conversions are in convert_*.go.
//
// What must not live here: rules, permissions, stores, transports.
package resolvers
