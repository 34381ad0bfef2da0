package web

import "net/http"

// routes registers the handlers, each behind its middleware.
func (s *Server) routes() (http.Handler, error) {
	api, err := s.api(s.config.GraphQL)
	if err != nil {
		return nil, err
	}
	schema, err := s.api(http.HandlerFunc(s.schema))
	if err != nil {
		return nil, err
	}
	pages, err := newPages(s.config.Pages)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	handle := func(pattern, route string, handler http.Handler) {
		mux.Handle(pattern, s.observe(route, s.traced(route, handler)))
	}
	handle("/graphql", "/graphql", api)
	handle("/graphql/{$}", "/graphql", api)
	handle("GET /schema.graphql", "/schema.graphql", schema)
	handle("GET /graphiql", "/graphiql", ordinary(pages.page("graphiql/index.html", graphiqlPolicy, s.providerOrigins)))
	console := ordinary(pages.page("index.html", consolePolicy, s.providerOrigins))
	handle("GET /{$}", "/", console)
	handle("GET /signin.json", "/signin.json", ordinary(noStore(http.HandlerFunc(s.signInSettings))))
	handle("GET /assets/", "/assets", ordinary(pages.assets()))
	handle("GET /healthz", "/healthz", ordinary(notForwarded(alive)))
	handle("GET /readyz", "/readyz", ordinary(notForwarded(s.ready)))
	if s.config.SignInAs != nil {
		handle("GET /as/{role}", "/as", ordinary(s.signInAs("/")))
		handle("GET /as/{role}/graphiql", "/as", ordinary(s.signInAs("/graphiql")))
	}
	handle("/", "other", pagePaths(console))

	var handler http.Handler = mux
	if s.config.LoopbackOnly {
		handler = loopbackHosts(handler)
	}
	return s.identify(s.closingConnections(securityHeaders(handler))), nil
}

// api puts a handler of the API behind the middleware of the API.
func (s *Server) api(handler http.Handler) (http.Handler, error) {
	handler = s.signIn(handler)
	handler, err := compressed(handler)
	if err != nil {
		return nil, err
	}
	handler, err = crossOrigin(ordinary(handler), s.config.AllowedOrigins)
	if err != nil {
		return nil, err
	}
	return inCallersLanguage(noStore(clientAddress(handler, s.config.TrustedProxies))), nil
}
