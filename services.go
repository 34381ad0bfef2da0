package main

import (
	"context"
	"crypto/rand"
	"time"

	"cloudtag/internal/appeals"
	"cloudtag/internal/auditlog"
	"cloudtag/internal/auth"
	"cloudtag/internal/casework"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/collusion"
	"cloudtag/internal/command"
	"cloudtag/internal/feed"
	"cloudtag/internal/freightinsurance"
	"cloudtag/internal/importing"
	"cloudtag/internal/metrics"
	"cloudtag/internal/policylab"
	"cloudtag/internal/restrictions"
	"cloudtag/internal/revocations"
	"cloudtag/internal/secondreview"
	"cloudtag/internal/store"
	"cloudtag/internal/upkeep"
	"cloudtag/internal/vetting"
	"cloudtag/internal/webhooks"

	"github.com/oklog/ulid/v2"
)

// services are those of the domain, over one store.
type services struct {
	store    *store.Store
	clock    cloudtag.Clock
	ids      cloudtag.IDSource
	upkeep   *upkeep.Service
	imports  *importing.Service
	replay   *importing.Replay
	records  *cloudtag.Records
	tagging  *cloudtag.Tagging
	policies *policylab.Policies
	drafts   *policylab.Drafts
	auditLog *auditlog.Reader
	feed     *feed.Feed

	rollouts         *policylab.Rollouts
	simulations      *policylab.Simulations
	reviews          *cloudtag.Reviews
	team             *casework.Team
	queue            *metrics.Queue
	metrics          *metrics.Service
	freightInsurance *freightinsurance.Service
	restrictions     *restrictions.Service
	revocations      *revocations.Service
	appeals          *appeals.Service
	secondReviews    *secondreview.Service
	collusion        *collusion.Service
	vettings         *vetting.Service
	views            *casework.SavedViews
	revoker          *auth.Revoker
}

// close closes the store; nil services hold none.
func (s *services) close() error {
	if s == nil {
		return nil
	}
	return s.store.Close()
}

// webhooks returns the service that manages endpoints; pinged is called once a ping is queued.
func (s *services) webhooks(rules webhooks.Rules, pinged func()) *webhooks.Endpoints {
	return webhooks.NewEndpoints(s.store, s.metrics, s.clock, s.ids, newKey, rules, pinged)
}

// newKey returns a random secret.
func newKey() []byte {
	key := make([]byte, webhooks.KeyLength)
	_, _ = rand.Read(key) // never fails: see crypto/rand
	return key
}

// demo is what loading the demo needs.
func (s *services) demo() command.DemoServices {
	return command.DemoServices{
		Policies: s.policies, Simulations: s.simulations, Drafts: s.drafts, Imports: s.imports, Replay: s.replay, Records: s.records, Upkeep: s.upkeep, Clock: s.clock,
		Tagging:       func(clock cloudtag.Clock) command.Submitter { return cloudtag.NewTagging(s.store, clock, s.ids) },
		Reviewing:     func(clock cloudtag.Clock) command.Decider { return cloudtag.NewReviews(s.store, clock, s.ids) },
		SecondReviews: s.secondReviews,
		Appeals:       s.appeals, Restrictions: s.restrictions, Revocations: s.revocations, Vettings: s.vettings, Team: s.team, Log: s.metrics,
	}
}

// chores are the background jobs.
func (s *services) chores() []command.Chore {
	return []command.Chore{
		{Name: "revocations", Run: s.revocations.Apply},
		{Name: "appeals", Run: s.appeals.Apply},
		{Name: "policy_rollouts", Run: func(ctx context.Context, _ time.Time) error { return s.rollouts.Run(ctx) }},
		{Name: "second_reviews", Run: func(ctx context.Context, _ time.Time) error { return s.secondReviews.CatchUp(ctx) }},
		{Name: "collusion", Run: func(ctx context.Context, _ time.Time) error { return s.collusion.CatchUp(ctx) }},
		{Name: "metrics", Run: func(ctx context.Context, _ time.Time) error { return s.metrics.CatchUp(ctx) }},
	}
}

// newServices returns the services over a store.
func newServices(store *store.Store, calendar cloudtag.Calendar) *services {
	clock := cloudtag.SystemClock{}
	ids := newIDSource(clock)
	cases, policies := upkeep.New(store, clock), policylab.NewPolicies(store, clock)
	records, counts := cloudtag.NewRecords(store, clock), metrics.New(store, clock, calendar)
	return &services{
		store: store, clock: clock, ids: ids, upkeep: cases,
		imports:  importing.New(store, cases, clock),
		replay:   importing.NewReplay(store, clock, ids),
		records:  records,
		tagging:  cloudtag.NewTagging(store, clock, ids),
		policies: policies,
		drafts:   policylab.NewDrafts(policies, ids),
		auditLog: auditlog.NewReader(store),
		feed:     feed.New(store, clock),

		rollouts:         policylab.NewRollouts(store, cases, clock),
		simulations:      policylab.NewSimulations(store, policies, calendar, counts, func() policylab.RecordBook { return collusion.NewBook() }),
		reviews:          cloudtag.NewReviews(store, clock, cloudtag.IDFunc(rand.Text)), // tokens nobody can guess
		team:             casework.NewTeam(store, clock, cloudtag.IDFunc(rand.Text)),
		queue:            metrics.NewQueue(store, clock, calendar),
		metrics:          counts,
		freightInsurance: freightinsurance.New(store, records, clock, ids),
		restrictions:     restrictions.New(store, clock, ids),
		revocations:      revocations.New(store, cases, clock, ids),
		appeals:          appeals.New(store, clock, ids),
		secondReviews:    secondreview.New(store, clock, newKey),
		collusion:        collusion.New(store, clock),
		vettings:         vetting.New(store, clock, ids),
		views:            casework.NewSavedViews(store, clock),
		revoker:          auth.NewRevoker(store, clock, ids),
	}
}

// newIDSource makes ULIDs: ordered by the clock to a millisecond, and random enough that no other instance makes the same,
// nor this one when its clock steps back. Within a millisecond they are unordered: monotonic identifiers would reveal, to
// whoever receives two of them, how many others received one in between (rule 15).
func newIDSource(clock cloudtag.Clock) cloudtag.IDSource {
	return cloudtag.IDFunc(func() string { return ulid.MustNew(ulid.Timestamp(clock.Now()), rand.Reader).String() })
}
