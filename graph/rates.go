package graph

import (
	"context"
	"errors"
	"net/http"
	"time"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/ratelimit"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Rates are how often callers may ask. Nil buckets are no limit.
type Rates struct {
	// Callers counts the requests of who is signed in: a shop's people together, everybody else by subject.
	Callers *ratelimit.Buckets
	// Anonymous counts unauthenticated requests, by client address. See [ratelimit.AddressKey].
	Anonymous *ratelimit.Buckets
	// Complexity counts the complexity of what all of them ask.
	Complexity *ratelimit.Buckets
}

// take counts one request.
func (r Rates) take(ctx context.Context) (*rateState, error) {
	key, signedIn := callerFrom(ctx)
	if signedIn {
		return takeFrom(r.Callers, key, 1, reasonRequests)
	}
	return takeFrom(r.Anonymous, key, 1, reasonAnonymous)
}

func takeFrom(buckets *ratelimit.Buckets, key string, n int, reason string) (*rateState, error) {
	if buckets == nil {
		return nil, nil
	}
	state, err := buckets.Take(key, n)
	told := &rateState{Limit: state.Limit, Remaining: state.Remaining, ResetAt: state.ResetAt}
	var refused *ratelimit.RefusedError
	if errors.As(err, &refused) {
		return told, later(reason, cloudtag.CodeRateLimited, refused.RetrySeconds(),
			"请求过于频繁，请 %d 秒后重试。", "That is too much in too short a time: try again in %d s.")
	}
	return told, err
}

// rateState is what clients are told in extensions.rateLimit.
type rateState struct {
	Limit      int        `json:"limit"`
	Remaining  int        `json:"remaining"`
	ResetAt    time.Time  `json:"resetAt"`
	Complexity *rateState `json:"complexity,omitempty"` // where the operation got as far as being priced
	Tags       *rateState `json:"tags,omitempty"`       // of the shop, where tags were submitted
}

type rateKey struct{}

// countRequest counts a request over HTTP and notes in its context what the caller has left. Sockets are counted by
// their operations.
func (s *server) countRequest(r *http.Request) (*http.Request, error) {
	state, err := s.config.Rates.take(r.Context())
	if state != nil {
		r = r.WithContext(context.WithValue(r.Context(), rateKey{}, state))
	}
	return r, err
}

// Where the state is kept with an operation.
const (
	requestRate    = "rateLimit"
	complexityRate = "rateLimit.complexity"
	tagRate        = "rateLimit.tags"
)

// rateGate counts the operations of sockets, and keeps with each operation what its caller has left.
type rateGate struct{ server *server }

// ExtensionName names the gate among gqlgen's extensions.
func (rateGate) ExtensionName() string { return "RateGate" }

// Validate finds nothing wrong with any schema.
func (rateGate) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters refuses the operation, or lets it pass.
func (g rateGate) MutateOperationParameters(ctx context.Context, _ *graphql.RawParams) *gqlerror.Error {
	state, _ := ctx.Value(rateKey{}).(*rateState)
	var err error
	if socketFrom(ctx) != nil {
		state, err = g.server.config.Rates.take(ctx)
	}
	if state != nil {
		graphql.GetOperationContext(ctx).Stats.SetExtension(requestRate, state)
	}
	if err != nil {
		return aboutDocument(err)
	}
	return nil
}

// complexityGate counts the complexity of operations that are about to run against what their callers may ask for.
type complexityGate struct{ rates Rates }

// ExtensionName names the gate among gqlgen's extensions.
func (complexityGate) ExtensionName() string { return "ComplexityGate" }

// Validate finds nothing wrong with any schema.
func (complexityGate) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext refuses the operation, or lets it pass.
func (g complexityGate) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	key, _ := callerFrom(ctx)
	state, err := takeFrom(g.rates.Complexity, key, priceOf(operation), reasonComplexityRate)
	if state != nil {
		operation.Stats.SetExtension(complexityRate, state)
	}
	if err != nil {
		return aboutDocument(err)
	}
	return nil
}

// TagAllowance counts the orders that shops submit, in buckets; it implements [cloudtag.Allowance].
type TagAllowance struct{ Shops *ratelimit.Buckets }

// Take takes as many as a batch has orders, and notes what is left for the answer. Errors: RATE_LIMITED.
func (a TagAllowance) Take(ctx context.Context, merchant cloudtag.MerchantID, orders int) error {
	state, err := takeFrom(a.Shops, string(merchant), orders, reasonTags)
	if state != nil && graphql.HasOperationContext(ctx) {
		graphql.GetOperationContext(ctx).Stats.SetExtension(tagRate, state)
	}
	return err
}

// Left is what a shop has left of how much, and when it has all of it again.
func (a TagAllowance) Left(merchant cloudtag.MerchantID) (limit, remaining int, resetAt time.Time) {
	state := a.Shops.Peek(string(merchant))
	return state.Limit, state.Remaining, state.ResetAt
}

// tellRates adds to an answer what its caller has left. Events are none.
func tellRates(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	if response == nil || !graphql.HasOperationContext(ctx) {
		return response
	}
	running := graphql.GetOperationContext(ctx)
	state, _ := running.Stats.GetExtension(requestRate).(*rateState)
	complexity, _ := running.Stats.GetExtension(complexityRate).(*rateState)
	tags, _ := running.Stats.GetExtension(tagRate).(*rateState)
	if state == nil || running.Operation != nil && running.Operation.Operation == ast.Subscription {
		return response
	}
	told := *state
	told.Complexity, told.Tags = complexity, tags
	withRates(response, &told)
	return response
}

func withRates(response *graphql.Response, state *rateState) {
	if response.Extensions == nil {
		response.Extensions = map[string]any{}
	}
	response.Extensions["rateLimit"] = state
}
