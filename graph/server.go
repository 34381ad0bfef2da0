package graph

import (
	"context"
	"net/http"

	"cloudtag/graph/generated"
	"cloudtag/internal/auth"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// server is the handler with what its transports share.
type server struct {
	config    Config
	presenter *presenter
	gqlgen    *handler.Server
	sockets   openSockets
}

// NewHandler returns a handler that serves the schema at whatever path it is mounted. Over HTTP it takes who is
// calling, the language and the request id from the request's context; over WebSocket it authenticates itself.
//
// It guards itself: bodies, documents and sockets are bounded by Limits, callers by Rates, and all together by Load.
// What it leaves to its surroundings: CORS, and a request's RemoteAddr, which has to be the client's. A socket's handler
// returns before the socket ends, where the request carries a [handover.Handover]; the socket keeps that until it is closed.
func NewHandler(config Config) http.Handler {
	config = config.withDefaults()
	s := &server{config: config, presenter: &presenter{log: config.Log, limits: config.Limits, meter: config.Meter}}
	s.gqlgen = handler.New(generated.NewExecutableSchema(generated.Config{
		Resolvers:  config.Resolvers,
		Directives: generated.DirectiveRoot{HasRole: hasRole},
	}))
	s.gqlgen.AddTransport(socketTransport{server: s})
	s.gqlgen.AddTransport(transport.SSE{KeepAlivePingInterval: config.Limits.PingInterval})
	s.gqlgen.AddTransport(answerTransport{server: s})

	s.gqlgen.SetErrorPresenter(s.presenter.present)
	s.gqlgen.SetRecoverFunc(s.presenter.recovered)
	s.gqlgen.SetParserTokenLimit(config.Limits.Tokens)
	documents := config.Limits.documentCache()
	s.gqlgen.SetQueryCache(documents)
	s.gqlgen.Use(rateGate{server: s})
	s.gqlgen.Use(trustGate{known: config.Documents})
	s.gqlgen.Use(documentGate{limits: config.Limits, known: documents})
	s.gqlgen.Use(&priceGate{most: config.Limits.Complexity})
	s.gqlgen.Use(operationGate{development: config.Development})
	s.gqlgen.AroundOperations(s.observeOperation)
	s.gqlgen.AroundOperations(s.aroundOperation)
	s.gqlgen.AroundResponses(tellRates)
	if config.Tracer != nil {
		s.gqlgen.AroundRootFields(s.traceRootField)
	}
	return s
}

// documentGate refuses documents that are too large to look at closely. Those it has let pass before are known.
type documentGate struct {
	limits Limits
	known  graphql.Cache[*ast.QueryDocument]
}

// ExtensionName names the gate among gqlgen's extensions.
func (documentGate) ExtensionName() string { return "DocumentGate" }

// Validate finds nothing wrong with any schema.
func (documentGate) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters refuses the document, or lets it pass.
func (g documentGate) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	if _, known := g.known.Get(ctx, params.Query); known {
		return nil
	}
	if refusal := g.limits.check(params.Query); refusal != nil {
		return aboutDocument(refusal)
	}
	return nil
}

// operationGate decides about a whole operation before it runs: introspection is for signed-in callers, GET for
// queries, and subscriptions are for the transports that can stream.
type operationGate struct{ development bool }

// ExtensionName names the gate among gqlgen's extensions.
func (operationGate) ExtensionName() string { return "OperationGate" }

// Validate finds nothing wrong with any schema.
func (operationGate) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext refuses the operation, or lets it pass.
func (g operationGate) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	_, signedIn := auth.SessionFrom(ctx)
	operation.DisableIntrospection = !signedIn && !g.development
	kind := operation.Operation.Operation
	switch via := transportFrom(ctx); {
	case via == viaGET && kind != ast.Query:
		return aboutDocument(badRequest("GET 只能用于查询，请使用 POST。", "GET is for queries only; use POST."))
	case via == viaPOST && kind == ast.Subscription:
		return aboutDocument(badRequest("订阅须使用 WebSocket，或以 Accept: text/event-stream 使用 SSE。",
			"Subscriptions need a WebSocket, or server-sent events with Accept: text/event-stream."))
	}
	return nil
}
