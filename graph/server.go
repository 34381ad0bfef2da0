package graph

import (
	"bytes"
	"context"
	"net/http"
	"sync"

	"cloudtag/graph/execution"
	"cloudtag/graph/generated"
	"cloudtag/internal/auth"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
)

// server is the handler and the state that its transports share.
type server struct {
	config    Config
	presenter *presenter
	gqlgen    *handler.Server

	sockets   quota // open sockets, of all callers
	signingIn quota // sockets that have not signed in yet, by address
	signedIn  quota // sockets that have, by subject
	streams   quota // event streams, by caller
	bodies    bodies
	buffers   sync.Pool // of *bytes.Buffer, for responses
	plans     *execution.Plans
}

// NewHandler returns a handler that serves the schema at whatever path it is mounted. Over HTTP it takes the session, the
// language and the request id from the request's context; WebSockets are authenticated by Config.Authenticate.
//
// It enforces Limits on bodies, documents and sockets, Rates on callers, and Load on all together. The caller is responsible
// for CORS and for a RemoteAddr that is the client's. If the request's context has a [handover.Handover], the handler of a socket
// returns before the socket ends, and the socket holds the handover until it is closed.
func NewHandler(config Config) http.Handler {
	config = config.withDefaults()
	sockets := config.Limits.Sockets
	s := &server{
		config: config, presenter: &presenter{log: config.Log, limits: config.Limits, meter: config.Meter, development: config.Development},
		sockets:   quota{total: int64(sockets.Total), each: unlimited},
		signingIn: quota{total: unlimited, each: int64(sockets.SigningIn)},
		signedIn:  quota{total: unlimited, each: int64(sockets.PerCaller)},
		streams:   quota{total: unlimited, each: int64(config.Limits.EventStreams)},
		bodies:    config.Limits.bodies(),
		plans:     execution.NewPlans(cachedPlans),
		buffers:   sync.Pool{New: func() any { return new(bytes.Buffer) }},
	}
	s.gqlgen = handler.New(generated.NewExecutableSchema(generated.Config{
		Resolvers:  config.Resolvers,
		Directives: generated.DirectiveRoot{HasRole: hasRole},
	}))
	s.gqlgen.AddTransport(socketTransport{server: s})
	s.gqlgen.AddTransport(answerTransport{server: s})

	s.gqlgen.SetErrorPresenter(s.presenter.present)
	s.gqlgen.SetRecoverFunc(s.presenter.recovered)
	s.gqlgen.SetValidationRulesFn(validationRules)
	s.gqlgen.SetParserTokenLimit(config.Limits.Tokens)
	documents := config.Limits.documentCache()
	s.gqlgen.SetQueryCache(documents)
	s.gqlgen.Use(rateGate{server: s})
	s.gqlgen.Use(trustGate{known: config.Documents})
	s.gqlgen.Use(&documentGate{limits: config.Limits, known: documents})
	s.gqlgen.Use(&priceGate{most: config.Limits.Complexity})
	s.gqlgen.Use(operationGate{development: config.Development})
	s.gqlgen.Use(complexityGate{rates: config.Rates}) // last: an operation that another gate refuses is not counted
	s.gqlgen.AroundOperations(s.observeOperation)
	s.gqlgen.AroundOperations(s.survive)
	s.gqlgen.AroundOperations(s.aroundOperation)
	s.gqlgen.AroundResponses(addRates)
	if config.Tracer != nil {
		s.gqlgen.AroundRootFields(s.traceRootField)
	}
	return s
}

// cachedPlans bounds the operations whose plans are cached: 10 MB of plans with as many fields as [Limits] allow.
const cachedPlans = 128

// documentGate refuses documents that exceed the limits on their shape, and invalid variables. Documents in the cache have
// passed before.
type documentGate struct {
	limits Limits
	known  graphql.Cache[*ast.QueryDocument]
	schema *ast.Schema
}

// ExtensionName names the gate among gqlgen's extensions.
func (*documentGate) ExtensionName() string { return "DocumentGate" }

// Validate stores the schema and never fails.
func (g *documentGate) Validate(schema graphql.ExecutableSchema) error {
	g.schema = schema.Schema()
	return nil
}

// MutateOperationParameters implements [graphql.OperationParameterMutator]: it checks the document, and coerces the variables.
// A document with a syntax error passes: the executor reports it.
func (g *documentGate) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) (refusal *gqlerror.Error) {
	document, known := g.known.Get(ctx, params.Query)
	if !known {
		var err error
		if document, err = parser.ParseQueryWithTokenLimit(&ast.Source{Input: params.Query}, g.limits.Tokens); err != nil {
			return nil //nolint:nilerr // the executor parses it too, and reports the error
		}
		if err := g.limits.check(document); err != nil {
			return aboutDocument(err)
		}
	}
	operation := document.Operations.ForName(params.OperationName)
	if operation == nil {
		return nil
	}
	params.Variables, refusal = exactVariables(g.schema, operation, params.Variables)
	if refusal != nil {
		name, inner := refusal.Path[1].(ast.PathName), refusal.Path[2:]
		refusal.Path = append(append(ast.Path{variablePath}, placeOf(document, operation, string(name))...), inner...)
	}
	return refusal
}

// MutateOperationContext implements [graphql.OperationContextMutator]: it refuses null for non-null positions.
func (*documentGate) MutateOperationContext(_ context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	return refuseNulls(operation)
}

// mayIntrospect reports whether the caller may read the schema, by introspection or by suggestions in errors.
func mayIntrospect(ctx context.Context, development bool) bool {
	_, signedIn := auth.SessionFrom(ctx)
	return signedIn || development
}

// operationGate checks an operation before it runs: introspection needs a signed-in caller, GET allows queries only, and
// subscriptions, which have one root field, need a transport that can stream.
type operationGate struct{ development bool }

// ExtensionName names the gate among gqlgen's extensions.
func (operationGate) ExtensionName() string { return "OperationGate" }

// Validate finds nothing wrong with any schema.
func (operationGate) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext implements [graphql.OperationContextMutator].
func (g operationGate) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	operation.DisableIntrospection = !mayIntrospect(ctx, g.development)
	request, overHTTP := askedFrom(ctx)
	switch {
	case changesByGET(ctx, operation):
		return aboutDocument(badRequest("GET 只能用于查询，以及 Accept: text/event-stream 的订阅；请使用 POST。",
			"GET is for queries only, and subscriptions with Accept: text/event-stream; use POST."))
	case overHTTP && !request.accepted.events && kindOf(operation) == ast.Subscription:
		return aboutDocument(badRequest("订阅须使用 WebSocket，或以 Accept: text/event-stream 使用 SSE。",
			"Subscriptions need a WebSocket, or server-sent events with Accept: text/event-stream."))
	case kindOf(operation) == ast.Subscription && len(graphql.CollectFields(operation, operation.Operation.SelectionSet, []string{"Subscription"})) != 1:
		return aboutDocument(badRequest("订阅须选择恰好一个根字段，指令也不得将其略去。",
			"A subscription must select exactly one field at its root, and no directive may leave it out."))
	}
	return nil
}
