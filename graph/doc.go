// Package graph serves the schema over HTTP: POST, GET for queries, server-sent events and WebSocket
// (graphql-transport-ws). It contains the transports, the limits on requests and documents, and the only place that turns
// errors into what clients see. The schema is in graph/schema, the executor generated from it in graph/generated.
//
// What must not live here: the values of fields (resolvers), authentication (the Authenticate function), and everything
// about HTTP that is not GraphQL (internal/web).
package graph

//go:generate go run cloudtag/graph/executorgen
