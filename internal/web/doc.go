// Package web is the program as HTTP sees it: routes, sign-in by bearer token, cross-origin rules, limits of time and
// size, request identifiers, the access log, metrics, health, the browser pages, and an end that lets requests finish.
//
// GraphQL is a handler that it is given; what it says by itself is shaped like GraphQL errors where clients of the API
// read it. What must not live here: anything about tags, cases or merchants, and gqlgen.
package web
