// Package graph serves the schema over HTTP: POST, GET for queries, server-sent events and WebSocket
// (graphql-transport-ws). Here live the transports, the limits on what a document may ask, and the one place where
// errors become what clients see. The schema is in graph/schema, the executor generated from it in graph/generated.
//
// What must not live here: what a field answers (resolvers), who a token belongs to (the Authenticate function), and
// everything about HTTP that is not GraphQL (internal/web).
package graph

//go:generate go run cloudtag/graph/executorgen
