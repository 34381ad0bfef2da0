package resolvers

import (
	"context"
	"time"

	"cloudtag/internal/appeals"
	"cloudtag/internal/auditlog"
	"cloudtag/internal/auth"
	"cloudtag/internal/casework"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/collusion"
	"cloudtag/internal/feed"
	"cloudtag/internal/freightinsurance"
	"cloudtag/internal/importing"
	"cloudtag/internal/live"
	"cloudtag/internal/metrics"
	"cloudtag/internal/policylab"
	"cloudtag/internal/restrictions"
	"cloudtag/internal/revocations"
	"cloudtag/internal/secondreview"
	"cloudtag/internal/vetting"
	"cloudtag/internal/webhooks"
)

// Tagging accepts merchants' submissions of tags.
type Tagging interface {
	Submit(ctx context.Context, caller cloudtag.Caller, in cloudtag.SubmitInput) (cloudtag.Submitted, error)
}

// Records reads stored records, limited to those that the caller may see.
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
}

// Feed converts log entries to events and checks who may receive them.
type Feed interface {
	// Admit returns an error when the caller may not, or no longer, receive events.
	Admit(ctx context.Context, caller cloudtag.Caller) error
	Cursor(ctx context.Context) (cloudtag.Cursor, error)
	TagEvents(ctx context.Context, filter cloudtag.TagFilter, entries []cloudtag.Entry) ([]feed.TagEvent, error)
	CaseEvents(ctx context.Context, filter cloudtag.CaseFilter, entries []cloudtag.Entry) ([]feed.CaseEvent, error)
	// Records returns the reader of the records that the events refer to.
	Records() *cloudtag.Records
	// Through returns the feed of events up to an entry. Its records are read once for all subscribers.
	Through(seq int64) *feed.Feed
}

// Quotas returns the allowances of shops to tag orders.
type Quotas interface {
	// Left returns a shop's limit, how much of it remains, and when the whole limit is available again.
	Left(merchant cloudtag.MerchantID) (limit, remaining int, resetAt time.Time)
}

// Queue counts the cases that wait for reviewers.
type Queue interface {
	Stats(ctx context.Context, caller cloudtag.Caller) (metrics.QueueStats, metrics.HandledBy, error)
}

// Simulations replays the history under a proposed policy.
type Simulations interface {
	Run(ctx context.Context, caller cloudtag.Caller, request policylab.SimulationRequest, progress func(done, of int)) (policylab.SimulationReport, error)
	Report(ctx context.Context, caller cloudtag.Caller, basedOn int, proposed cloudtag.Policy) (policylab.SimulationReport, error)
}

// Deps are the services behind the resolvers. Interfaces exist where tests replace a service.
type Deps struct {
	Tagging          Tagging
	Imports          *importing.Service
	Records          Records
	AuditLog         *auditlog.Reader
	Feed             Feed
	Policies         *policylab.Policies
	PolicyDrafts     *policylab.Drafts
	Rollouts         *policylab.Rollouts
	Simulations      Simulations
	Reviews          *cloudtag.Reviews
	Team             *casework.Team
	Queue            Queue
	Metrics          *metrics.Service
	FreightInsurance *freightinsurance.Service
	Restrictions     *restrictions.Service
	Revocations      *revocations.Service
	Appeals          *appeals.Service
	SecondReviews    *secondreview.Service
	Collusion        *collusion.Service
	Quotas           Quotas // nil: no limit
	Vettings         *vetting.Service
	Views            *casework.SavedViews
	Revoker          *auth.Revoker
	Sessions         *auth.Revocations
	Webhooks         *webhooks.Endpoints
	Tail             *live.Tail
	Presence         *live.Presence[cloudtag.CaseID]
	Clock            cloudtag.Clock
}

// Resolver is the root resolver of gqlgen's executor.
type Resolver struct {
	Deps
	queue *queueMeter
}

// New returns the root resolver over the services.
func New(deps Deps) *Resolver {
	return &Resolver{Deps: deps, queue: newQueueMeter(deps.Queue, deps.Clock)}
}
