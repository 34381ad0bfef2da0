// Package telemetry holds the metrics of GraphQL operations and of the log's tail, and the export of traces. Nothing here
// names a person, a shop, an order or a token.
//
// What must not live here: metrics of a single package; those are defined there.
package telemetry
