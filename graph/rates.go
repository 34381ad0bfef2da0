package graph

import (
	"context"
	"errors"
	"net/http"
	"time"

	"cloudtag/internal/auth"
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
	// Strangers counts those of nobody in particular, by client address. See [ratelimit.AddressKey].
	Strangers *ratelimit.Buckets
}

// take counts one request.
func (r Rates) take(ctx context.Context, remoteAddress string) (*rateState, error) {
	if session, signedIn := auth.SessionFrom(ctx); signedIn {
		return takeFrom(r.Callers, callerKey(session.Caller), 1, reasonRequests)
	}
	return takeFrom(r.Strangers, ratelimit.AddressKey(remoteAddress), 1, reasonAnonymous)
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

// callerKey tells callers apart. The two kinds can't be mistaken for each other.
func callerKey(caller cloudtag.Caller) string {
	if caller.MerchantID != "" {
		return "merchant " + string(caller.MerchantID)
	}
	return "subject " + caller.Subject
}

// rateState is what clients are told in extensions.rateLimit.
type rateState struct {
	Limit     int        `json:"limit"`
	Remaining int        `json:"remaining"`
	ResetAt   time.Time  `json:"resetAt"`
	Tags      *rateState `json:"tags,omitempty"` // of the shop, where tags were submitted
}

type rateKey struct{}

// countRequest counts a request over HTTP and notes in its context what the caller has left. Sockets are counted by
// their operations.
func (s *server) countRequest(r *http.Request) (*http.Request, error) {
	state, err := s.config.Rates.take(r.Context(), r.RemoteAddr)
	if state != nil {
		r = r.WithContext(context.WithValue(r.Context(), rateKey{}, state))
	}
	return r, err
}

// Where the state is kept with an operation.
const (
	requestRate = "rateLimit"
	tagRate     = "rateLimit.tags"
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
	if socket := socketFrom(ctx); socket != nil {
		state, err = g.server.config.Rates.take(ctx, socket.remote)
	}
	if state != nil {
		graphql.GetOperationContext(ctx).Stats.SetExtension(requestRate, state)
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

// tellRates adds to an answer what its caller has left. Events are none.
func tellRates(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	if response == nil || !graphql.HasOperationContext(ctx) {
		return response
	}
	running := graphql.GetOperationContext(ctx)
	state, _ := running.Stats.GetExtension(requestRate).(*rateState)
	tags, _ := running.Stats.GetExtension(tagRate).(*rateState)
	if state == nil || running.Operation != nil && running.Operation.Operation == ast.Subscription {
		return response
	}
	told := *state
	told.Tags = tags
	withRates(response, &told)
	return response
}

func withRates(response *graphql.Response, state *rateState) {
	if response.Extensions == nil {
		response.Extensions = map[string]any{}
	}
	response.Extensions["rateLimit"] = state
}
