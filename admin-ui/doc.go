// Package adminui holds the browser pages of CloudTag as files: the start page (later the console) at index.html,
// GraphiQL at graphiql/index.html, and the scripts, styles and fonts of both under assets, named by their content so
// that they can be cached for ever.
//
// With the build tag "console" the package embeds dist, which `npm run build` makes. Without it, it embeds a page that
// says how to build, so that `go build` and `go test` need no Node. What does not belong here: serving (headers,
// routes, compression), which is the web package's, and anything that knows the API on the Go side.
package adminui
