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

// Rates are the rate limits of callers. A nil bucket is no limit.
type Rates struct {
	// Callers counts authenticated requests: a shop's staff together, everybody else by subject.
	Callers *ratelimit.Buckets
	// Anonymous counts unauthenticated requests, by client address. See [ratelimit.AddressKey].
	Anonymous *ratelimit.Buckets
	// Complexity counts the complexity of the operations of each of them.
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
	left := &rateState{Limit: state.Limit, Remaining: state.Remaining, ResetAt: state.ResetAt}
	var refused *ratelimit.RefusedError
	if errors.As(err, &refused) {
		return left, later(reason, cloudtag.CodeRateLimited, refused.RetrySeconds(),
			"请求过于频繁，请 %d 秒后重试。", "That is too much in too short a time: try again in %d s.")
	}
	return left, err
}

// rateState is the value of extensions.rateLimit in responses.
type rateState struct {
	Limit      int        `json:"limit"`
	Remaining  int        `json:"remaining"`
	ResetAt    time.Time  `json:"resetAt"`
	Complexity *rateState `json:"complexity,omitempty"` // absent if the operation was refused before it was priced
	Tags       *rateState `json:"tags,omitempty"`       // of the shop, where tags were submitted
}

type rateKey struct{}

// countRequest counts a request over HTTP and stores the caller's remaining rate in its context. On sockets, operations are
// counted instead.
func (s *server) countRequest(r *http.Request) (*http.Request, error) {
	state, err := s.config.Rates.take(r.Context())
	if state != nil {
		r = r.WithContext(context.WithValue(r.Context(), rateKey{}, state))
	}
	return r, err
}

// Keys of rate states in an operation's stats.
const (
	requestRate    = "rateLimit"
	complexityRate = "rateLimit.complexity"
	tagRate        = "rateLimit.tags"
)

// rateGate counts the operations of sockets, and stores the caller's remaining rate in the operation's stats.
type rateGate struct{ server *server }

// ExtensionName names the gate among gqlgen's extensions.
func (rateGate) ExtensionName() string { return "RateGate" }

// Validate finds nothing wrong with any schema.
func (rateGate) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters implements [graphql.OperationParameterMutator].
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

// complexityGate counts the complexity of operations against their callers' rate limit.
type complexityGate struct{ rates Rates }

// ExtensionName names the gate among gqlgen's extensions.
func (complexityGate) ExtensionName() string { return "ComplexityGate" }

// Validate finds nothing wrong with any schema.
func (complexityGate) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext implements [graphql.OperationContextMutator].
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

// TagAllowance limits the rate of orders that shops submit; it implements [cloudtag.Allowance].
type TagAllowance struct{ Shops *ratelimit.Buckets }

// Take counts the orders of a batch, and stores what remains for the response. Errors: RATE_LIMITED.
func (a TagAllowance) Take(ctx context.Context, merchant cloudtag.MerchantID, orders int) error {
	state, err := takeFrom(a.Shops, string(merchant), orders, reasonTags)
	if state != nil && graphql.HasOperationContext(ctx) {
		graphql.GetOperationContext(ctx).Stats.SetExtension(tagRate, state)
	}
	return err
}

// Left returns a shop's limit, what remains of it, and when it is full again.
func (a TagAllowance) Left(merchant cloudtag.MerchantID) (limit, remaining int, resetAt time.Time) {
	state := a.Shops.Peek(string(merchant))
	return state.Limit, state.Remaining, state.ResetAt
}

// addRates adds the caller's remaining rates to a response. Events of subscriptions have none.
func addRates(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
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
	all := *state
	all.Complexity, all.Tags = complexity, tags
	withRates(response, &all)
	return response
}

func withRates(response *graphql.Response, state *rateState) {
	if response.Extensions == nil {
		response.Extensions = map[string]any{}
	}
	response.Extensions["rateLimit"] = state
}
