// Package web is the HTTP server: routes, bearer authentication, cross-origin rules, limits of time and size, request
// identifiers, the access log, metrics, health, the browser pages, and graceful shutdown.
//
// The GraphQL handler is passed in; errors of this package have the shape of GraphQL errors where clients of the API read
// them. What must not live here: anything about tags, cases or merchants, and gqlgen.
package web
