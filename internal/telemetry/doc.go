// Package telemetry keeps what the program tells about itself: the measurements of GraphQL operations and of the log's
// way to subscribers, and the traces' way to a collector. Nothing here names a person, a shop, an order or a token.
//
// What must not live here: measurements that one part of the program alone knows how to make; those are made there.
package telemetry
