package resolvers

import (
	"context"
	"time"

	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/collusion"
	"cloudtag/internal/live"
	"cloudtag/internal/policylab"
	"cloudtag/internal/webhooks"
)

// Tagging takes the merchants' submissions.
type Tagging interface {
	Submit(ctx context.Context, caller cloudtag.Caller, in cloudtag.SubmitInput) (cloudtag.Submitted, error)
}

// Imports takes the platform's data.
type Imports interface {
	Orders(ctx context.Context, caller cloudtag.Caller, rows []cloudtag.Order) (cloudtag.ImportReport, error)
	Risk(ctx context.Context, caller cloudtag.Caller, rows []cloudtag.RiskProfile) (cloudtag.ImportReport, error)
}

// Records answers what callers ask about stored records, as far as each may see them.
type Records interface {
	Tags(ctx context.Context, caller cloudtag.Caller, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Tag, error)
	TagPage(ctx context.Context, caller cloudtag.Caller, filter cloudtag.TagFilter, order cloudtag.TagOrder, request cloudtag.PageRequest) (cloudtag.Page[cloudtag.Tag], error)
	CountTags(ctx context.Context, caller cloudtag.Caller, filter cloudtag.TagFilter) (int, error)
	Batch(ctx context.Context, caller cloudtag.Caller, id cloudtag.BatchID) (cloudtag.Submitted, error)
	Cases(ctx context.Context, caller cloudtag.Caller, ids []cloudtag.CaseID) (map[cloudtag.CaseID]cloudtag.Case, error)
	CasesOfBuyers(ctx context.Context, caller cloudtag.Caller, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID][]cloudtag.Case, error)
	CasePage(ctx context.Context, caller cloudtag.Caller, filter cloudtag.CaseFilter, order cloudtag.CaseOrder, request cloudtag.PageRequest) (cloudtag.Page[cloudtag.Case], error)
	CountCases(ctx context.Context, caller cloudtag.Caller, filter cloudtag.CaseFilter) (int, error)
	Explain(ctx context.Context, caller cloudtag.Caller, cases []cloudtag.Case) (map[cloudtag.CaseID]cloudtag.Explanation, error)
	LiveTags(ctx context.Context, caller cloudtag.Caller, cases []cloudtag.CaseID) (map[cloudtag.CaseID][]cloudtag.Tag, error)
	Votes(ctx context.Context, caller cloudtag.Caller, cases []cloudtag.CaseID) (map[cloudtag.CaseID][]cloudtag.Vote, error)
	Merchants(ctx context.Context, caller cloudtag.Caller, ids []cloudtag.MerchantID) (map[cloudtag.MerchantID]cloudtag.Merchant, error)
	MerchantsOfOrders(ctx context.Context, caller cloudtag.Caller, ids []cloudtag.MerchantID) (map[cloudtag.MerchantID]cloudtag.Merchant, error)
	MerchantCounts(ctx context.Context, caller cloudtag.Caller, ids []cloudtag.MerchantID) (map[cloudtag.MerchantID]cloudtag.MerchantCounts, error)
	MerchantPage(ctx context.Context, caller cloudtag.Caller, filter cloudtag.MerchantFilter, request cloudtag.PageRequest) (cloudtag.Page[cloudtag.Merchant], error)
	CountMerchants(ctx context.Context, caller cloudtag.Caller, filter cloudtag.MerchantFilter) (int, error)
	Find(ctx context.Context, caller cloudtag.Caller, prefix string) (cloudtag.Found, error)
	Orders(ctx context.Context, caller cloudtag.Caller, orders []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Order, error)
	UntaggedOrders(ctx context.Context, caller cloudtag.Caller, query cloudtag.UntaggedQuery, request cloudtag.PageRequest) (cloudtag.Page[cloudtag.Order], error)
	KnownBuyers(ctx context.Context, caller cloudtag.Caller, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID]bool, error)
	Risks(ctx context.Context, caller cloudtag.Caller, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID]cloudtag.BuyerRisk, error)
	Evidence(ctx context.Context, caller cloudtag.Caller, cases []cloudtag.Case) (map[cloudtag.CaseID]cloudtag.CaseEvidence, error)
	TaggedOrders(ctx context.Context, caller cloudtag.Caller, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID]int, error)
	Exposures(ctx context.Context, caller cloudtag.Caller, buyers []cloudtag.BuyerID) (map[cloudtag.BuyerID]cloudtag.Exposure, error)
	ScenarioRules(ctx context.Context) (map[cloudtag.ScenarioCode]cloudtag.PolicyRule, error)
	CasesAmong(ctx context.Context, caller cloudtag.Caller, ids []cloudtag.CaseID, request cloudtag.PageRequest) (cloudtag.Page[cloudtag.Case], error)
	Abilities(ctx context.Context, caller cloudtag.Caller) (cloudtag.Abilities, error)
	LogPage(ctx context.Context, caller cloudtag.Caller, filter cloudtag.LogFilter, request cloudtag.PageRequest) (cloudtag.Page[cloudtag.Entry], error)
	CountLog(ctx context.Context, caller cloudtag.Caller, filter cloudtag.LogFilter) (int, error)
	LogEntry(ctx context.Context, caller cloudtag.Caller, seq int64) (cloudtag.LoggedEntry, error)
}

// Feed makes events of the log's entries, and says who may go on receiving them.
type Feed interface {
	Admit(ctx context.Context, caller cloudtag.Caller) error
	Cursor(ctx context.Context) (cloudtag.Cursor, error)
	TagEvents(ctx context.Context, filter cloudtag.TagFilter, entries []cloudtag.Entry) ([]cloudtag.TagEvent, error)
	CaseEvents(ctx context.Context, filter cloudtag.CaseFilter, entries []cloudtag.Entry) ([]cloudtag.CaseEvent, error)
	// Records are those behind the events.
	Records() *cloudtag.Records
	// Through is the feed of events up to an entry, with the records behind them read once for all subscribers.
	Through(seq int64) *cloudtag.Feed
}

// Policies reads the versions of the policy, and withdraws one.
type Policies interface {
	Find(ctx context.Context, caller cloudtag.Caller, version int) (cloudtag.Policy, error)
	Standing(ctx context.Context, caller cloudtag.Caller) (policylab.Standing, error)
	Withdraw(ctx context.Context, caller cloudtag.Caller, version int, reason string) (cloudtag.Policy, error)
}

// PolicyDrafts keeps policies that administrators work on, and publishes them.
type PolicyDrafts interface {
	List(ctx context.Context, caller cloudtag.Caller) ([]policylab.Draft, error)
	Find(ctx context.Context, caller cloudtag.Caller, id string) (policylab.Draft, error)
	Save(ctx context.Context, caller cloudtag.Caller, change policylab.DraftChange) (policylab.Draft, error)
	Discard(ctx context.Context, caller cloudtag.Caller, id string, version int) (policylab.Draft, error)
	Publish(ctx context.Context, caller cloudtag.Caller, publication policylab.Publication) (policylab.Published, error)
	Decide(ctx context.Context, caller cloudtag.Caller, id string, approve bool, reason string) (policylab.Published, error)
}

// Quotas know how many orders shops may tag.
type Quotas interface {
	// Left is what a shop has left of how much, and when it has all of it again.
	Left(merchant cloudtag.MerchantID) (limit, remaining int, resetAt time.Time)
}

// Sessions knows which sessions were called back before their end.
type Sessions interface {
	// Check returns UNAUTHENTICATED for a session that was called back.
	Check(session auth.Session) error
	// OnRevoked has told called when the session is called back, at once if it is already; told must not block.
	OnRevoked(session auth.Session, told func()) (stop func())
	// Watch returns a context that ends when the session is called back, with the error of Check as its cause.
	Watch(ctx context.Context, session auth.Session) (watched context.Context, stop context.CancelFunc)
}

// Tail lets subscriptions follow the log.
type Tail interface {
	Follow(ctx context.Context, subject cloudtag.Subject, after *int64) (*live.Reader, error)
	// Check returns RESYNC unless the log has the place.
	Check(ctx context.Context, place cloudtag.LogPlace) error
}

// Deps is all that the resolvers need.
type Deps struct {
	Tagging          Tagging
	Imports          Imports
	Records          Records
	Feed             Feed
	Policies         Policies
	PolicyDrafts     PolicyDrafts
	Rollouts         Rollouts
	Simulations      Simulations
	Reviews          Reviews
	Team             Team
	Queue            Queue
	Metrics          Metrics
	FreightInsurance FreightInsurance
	Restrictions     Restrictions
	Revocations      Revocations
	Appeals          Appeals
	SecondReviews    SecondReviews
	Collusion        *collusion.Service
	Quotas           Quotas // nil: no limit
	Vettings         Vettings
	Views            Views
	TokenRevocations TokenRevocations
	Sessions         Sessions
	Webhooks         *webhooks.Endpoints
	Tail             Tail
	Presence         *live.Presence[cloudtag.CaseID]
	Clock            cloudtag.Clock
}

// Resolver is the root that gqlgen's executor asks.
type Resolver struct {
	Deps
	queue *queueMeter
}

// New returns the resolvers over the services.
func New(deps Deps) *Resolver {
	return &Resolver{Deps: deps, queue: newQueueMeter(deps.Queue, deps.Clock)}
}
