// Command cloudtag is the whole program: it parses the command line, wires the parts and runs one command. See
// cloudtag --help.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // time zones that callers name must be known wherever the program runs

	"cloudtag/db"
	"cloudtag/graph"
	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/command"
	"cloudtag/internal/config"
	"cloudtag/internal/heap"
	"cloudtag/internal/logging"
	"cloudtag/internal/store"
	"cloudtag/internal/webhooks"

	"github.com/oklog/ulid/v2"
)

// What the program's exit tells: see docs/operations.md.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	code := run(ctx, os.Args[1:], os.Environ(), command.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
	stop()
	os.Exit(code)
}

// run does what the arguments say and returns the exit code. environment is what [config.Parse] checks.
func run(ctx context.Context, args, environment []string, streams command.Streams) int {
	// Some libraries write to the standard log, request bodies included; the program logs by slog alone.
	log.SetOutput(io.Discard)
	settings, err := config.Parse(args, environment, buildFacts().Version, streams.Out)
	if err == nil {
		err = dispatch(ctx, settings, streams)
	}
	var usage *config.UsageError
	switch {
	case err == nil, errors.Is(err, config.ErrHandled):
		return exitDone
	case errors.As(err, &usage):
		return fail(streams, exitUsage, err)
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return fail(streams, exitFailed, errors.New("interrupted"))
	default:
		return fail(streams, exitFailed, err)
	}
}

// fail says what went wrong and returns the exit code. When not even that can be said, the code tells.
func fail(streams command.Streams, code int, err error) int {
	_, _ = fmt.Fprintln(streams.Err, "cloudtag:", err)
	return code
}

// dispatch runs the command.
func dispatch(ctx context.Context, settings config.Settings, streams command.Streams) error {
	logger := logging.New(streams.Err, settings.Log.Level, settings.Log.Format)
	defer heap.Start(ctx, logger).Close()
	switch c := settings.Command.(type) {
	case *config.Serve:
		return serve(ctx, c, settings.ChangedLimits, logger, streams)
	case *config.Token:
		return command.Token(c, signer(c.Signing, c.Dev), streams)
	case *config.Import:
		if err := command.CheckFiles(c); err != nil {
			return err
		}
		return withServices(ctx, c.DB, logger, func(s *services) error {
			return command.Import(ctx, c, s.imports, s.replay, s.clock, streams)
		})
	case *config.Demo:
		return withServices(ctx, c.DB, logger, func(s *services) error {
			return command.Demo(ctx, c, command.DemoServices{
				Policies: s.policies, Simulations: s.simulations, Drafts: s.drafts, Imports: s.imports, Replay: s.replay, Records: s.records, Upkeep: s.upkeep, Clock: s.clock,
				Tagging:       func(clock cloudtag.Clock) command.Submitter { return cloudtag.NewTagging(s.store, clock, s.ids) },
				Reviewing:     func(clock cloudtag.Clock) command.Decider { return cloudtag.NewReviews(s.store, clock, s.ids) },
				SecondReviews: s.secondReviews,
				Appeals:       s.appeals, Restrictions: s.restrictions, Revocations: s.revocations, Vettings: s.vettings, Team: s.team, Log: s.metrics,
			}, streams)
		})
	case *config.Sweep:
		return withExisting(ctx, c.DB, c.Calendar(), logger, func(s *services) error {
			return command.Sweep(ctx, c, s.upkeep, s.chores(), s.clock, streams)
		})
	case *config.Export:
		return withExisting(ctx, c.DB, anyDays(), logger, func(s *services) error {
			return command.Export(ctx, c, s.records, streams)
		})
	case *config.Copy:
		return command.Copy(ctx, c, command.CopyParts{
			From: func(ctx context.Context, uri string) (command.CopyStore, error) {
				return db.OpenToCopyFrom(ctx, uri, logger)
			},
			To: func(ctx context.Context, uri string) (command.CopyStore, error) {
				return db.OpenToCopyInto(ctx, uri, logger)
			},
			Clock: cloudtag.SystemClock{},
		}, streams)
	case *config.Doctor:
		return command.Doctor(ctx, c, command.DoctorParts{
			Inspect: db.Inspect, Open: openForDoctor(c.Calendar(), logger), ReadKeys: readKeys, Discover: auth.Discover, Clock: cloudtag.SystemClock{},
		}, streams)
	case *config.WebhooksList:
		return withExisting(ctx, c.DB, anyDays(), logger, func(s *services) error {
			return command.WebhooksList(ctx, c, s.webhooks(webhooks.Rules{}, func() {}), streams)
		})
	case *config.WebhooksReplay:
		return withExisting(ctx, c.DB, c.Calendar(), logger, func(s *services) error {
			return command.WebhooksReplay(ctx, c, s.webhooks(webhooks.Rules{}, func() {}), streams)
		})
	case *config.Backup:
		return db.Backup(ctx, c.DB, c.Output)
	case *config.Health:
		return command.Health(ctx, c)
	case *config.Schema:
		_, err := io.WriteString(streams.Out, graph.SDL())
		return err
	case *config.Version:
		return command.Version(c, buildFacts(), streams)
	case *config.SimulateRings:
		return command.SimulateRings(ctx, c, streams)
	case *config.VerifyLog:
		return withExisting(ctx, c.DB, anyDays(), logger, func(s *services) error {
			return command.VerifyLog(ctx, c, s.store, streams)
		})
	case *config.TrimLog:
		return withExisting(ctx, c.DB, c.Calendar(), logger, func(s *services) error {
			return command.TrimLog(ctx, c, cloudtag.NewRetention(s.store, s.clock, c.Calendar()), streams)
		})
	default:
		return fmt.Errorf("no such command: %T", c)
	}
}

// services are the domain's, over one store.
type services struct {
	store    *store.Store
	clock    cloudtag.Clock
	ids      cloudtag.IDSource
	upkeep   *cloudtag.Upkeep
	imports  *cloudtag.Imports
	replay   *cloudtag.Replay
	records  *cloudtag.Records
	tagging  *cloudtag.Tagging
	policies *cloudtag.Policies
	drafts   *cloudtag.PolicyDrafts
	feed     *cloudtag.Feed

	rollouts         *cloudtag.Rollouts
	simulations      *cloudtag.Simulations
	reviews          *cloudtag.Reviews
	team             *cloudtag.Team
	queue            *cloudtag.Queue
	metrics          *cloudtag.Metrics
	freightInsurance *cloudtag.FreightInsurance
	restrictions     *cloudtag.Restrictions
	revocations      *cloudtag.Revocations
	appeals          *cloudtag.Appeals
	secondReviews    *cloudtag.SecondReviews
	collusion        *cloudtag.Collusion
	vettings         *cloudtag.Vettings
	views            *cloudtag.Views
	tokenRevocations *cloudtag.TokenRevocations
}

// webhooks returns the service that manages endpoints; pinged is called once a ping is queued.
func (s *services) webhooks(rules webhooks.Rules, pinged func()) *webhooks.Endpoints {
	return webhooks.NewEndpoints(s.store, s.metrics, s.clock, s.ids, newKey, rules, pinged)
}

// newKey makes a secret that nobody can guess.
func newKey() []byte {
	key := make([]byte, webhooks.KeyLength)
	_, _ = rand.Read(key) // never fails: see crypto/rand
	return key
}

// chores is what goes on in the background.
func (s *services) chores() []command.Chore {
	return []command.Chore{
		{Name: "revocations", Carry: s.revocations.Carry},
		{Name: "appeals", Carry: s.appeals.Carry},
		{Name: "policy_rollouts", Carry: func(ctx context.Context, _ time.Time) error { return s.rollouts.Carry(ctx) }},
		{Name: "second_reviews", Carry: func(ctx context.Context, _ time.Time) error { return s.secondReviews.Carry(ctx) }},
		{Name: "collusion", Carry: func(ctx context.Context, _ time.Time) error { return s.collusion.Carry(ctx) }},
		{Name: "metrics", Carry: func(ctx context.Context, _ time.Time) error { return s.metrics.Carry(ctx) }},
	}
}

// openServices opens the store, creating it where there is none, with a policy in it, and returns the services over it.
// The caller closes the store.
func openServices(ctx context.Context, uri string, calendar cloudtag.Calendar, options db.Options) (*services, error) {
	store, err := db.Open(ctx, uri, options)
	if err != nil {
		return nil, fmt.Errorf("--db: %w", err)
	}
	s := newServices(store, calendar)
	if err := s.policies.EnsureDefault(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("store the default policy: %w", err), store.Close())
	}
	return s, nil
}

// newServices returns the services over a store.
func newServices(store *store.Store, calendar cloudtag.Calendar) *services {
	clock := cloudtag.SystemClock{}
	ids := newIDSource(clock)
	upkeep, policies := cloudtag.NewUpkeep(store, clock), cloudtag.NewPolicies(store, clock)
	return &services{
		store: store, clock: clock, ids: ids, upkeep: upkeep,
		imports:  cloudtag.NewImports(store, upkeep, clock),
		replay:   cloudtag.NewReplay(store, clock, ids),
		records:  cloudtag.NewRecords(store, clock),
		tagging:  cloudtag.NewTagging(store, clock, ids),
		policies: policies,
		drafts:   cloudtag.NewPolicyDrafts(policies, ids),
		feed:     cloudtag.NewFeed(store, clock),

		rollouts:         cloudtag.NewRollouts(store, upkeep, clock),
		simulations:      cloudtag.NewSimulations(store, policies, calendar),
		reviews:          cloudtag.NewReviews(store, clock, cloudtag.IDFunc(rand.Text)), // tokens nobody can guess
		team:             cloudtag.NewTeam(store, clock, cloudtag.IDFunc(rand.Text)),
		queue:            cloudtag.NewQueue(store, clock, calendar),
		metrics:          cloudtag.NewMetrics(store, clock, calendar),
		freightInsurance: cloudtag.NewFreightInsurance(store, clock, ids),
		restrictions:     cloudtag.NewRestrictions(store, clock, ids),
		revocations:      cloudtag.NewRevocations(store, upkeep, clock, ids),
		appeals:          cloudtag.NewAppeals(store, clock, ids),
		secondReviews:    cloudtag.NewSecondReviews(store, clock, newKey),
		collusion:        cloudtag.NewCollusion(store, clock),
		vettings:         cloudtag.NewVettings(store, clock, ids),
		views:            cloudtag.NewViews(store, clock),
		tokenRevocations: cloudtag.NewTokenRevocations(store, clock, ids),
	}
}

// anyDays is the calendar of commands that ask nothing about days.
func anyDays() cloudtag.Calendar { return cloudtag.NewCalendar(time.UTC) }

// withServices runs a command over the store of a URI, which is created where there is none.
func withServices(ctx context.Context, uri string, logger *slog.Logger, run func(*services) error) error {
	s, err := openServices(ctx, uri, anyDays(), db.Options{Log: logger})
	if err != nil {
		return err
	}
	return errors.Join(run(s), s.store.Close())
}

// withExisting runs a command over a store that must be there: a mistyped URI creates nothing.
func withExisting(ctx context.Context, uri string, calendar cloudtag.Calendar, logger *slog.Logger, run func(*services) error) error {
	store, err := db.OpenExisting(ctx, uri, db.Options{Log: logger})
	if err != nil {
		return fmt.Errorf("--db: %w", err)
	}
	return errors.Join(run(newServices(store, calendar)), store.Close())
}

// openForDoctor returns what opens an existing store for the doctor's checks of its content.
func openForDoctor(calendar cloudtag.Calendar, logger *slog.Logger) func(context.Context, string, func(command.DoctorStore, *cloudtag.Queue) error) error {
	return func(ctx context.Context, uri string, use func(command.DoctorStore, *cloudtag.Queue) error) error {
		return withExisting(ctx, uri, calendar, logger, func(s *services) error { return use(s.store, s.queue) })
	}
}

// newIDSource makes ULIDs: in order of the clock to a millisecond, and random enough that no other instance makes the same,
// nor this one when its clock steps back. Within a millisecond they are in no order: identifiers that count on would tell
// who receives two of them how many others received meanwhile (rule 15).
func newIDSource(clock cloudtag.Clock) cloudtag.IDSource {
	return cloudtag.IDFunc(func() string { return ulid.MustNew(ulid.Timestamp(clock.Now()), rand.Reader).String() })
}
