package main

import (
	"context"
	crand "crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	adminui "cloudtag/admin-ui"
	"cloudtag/db"
	"cloudtag/graph"
	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/command"
	"cloudtag/internal/config"
	"cloudtag/internal/live"
	"cloudtag/internal/telemetry"
	"cloudtag/internal/web"
	"cloudtag/internal/webhooks"
	"cloudtag/internal/webhooks/sending"
	"cloudtag/resolvers"
)

// serve takes what the server holds while it runs (its addresses, the store), runs it until the context is done, and gives
// it back.
func serve(ctx context.Context, settings *config.Serve, changedLimits []string, logger *slog.Logger, streams command.Streams) (err error) {
	listeners, err := listen(ctx, settings, logger)
	if err != nil {
		return err
	}
	defer listeners.close()
	watch, err := newObservation(ctx, settings, logger)
	if err != nil {
		return err
	}
	defer watch.close(ctx)
	appended := live.NewSignal()
	starting := web.NewStarting(listeners.api, logger)
	s, err := openServices(ctx, settings.DB, settings.Calendar(), db.Options{Log: logger, Awaited: starting.Await, Wrap: watch.engine, Appended: appended.Send})
	if ended := starting.End(ctx); err != nil || ended != nil {
		return errors.Join(err, ended, s.close())
	}
	defer func() { err = errors.Join(err, s.close()) }()
	facts, err := db.Inspect(ctx, settings.DB, false)
	if err != nil {
		return err
	}
	logger.Info("starting", "version", buildFacts().Version, "address", listeners.api.Addr().String(), "metrics", listeners.metricsAddress(), "store", facts.Place,
		"store_version", facts.Version, "schema", facts.Schema, "development", settings.Dev, "time_zone", settings.TimeZone.String(), "changed_limits", changedLimits)
	return serveServices(ctx, settings, listeners, s, appended, watch, logger, streams)
}

// serveServices puts the server over the services and runs both until the context is done. appended is sent when the log
// of the store has grown.
func serveServices(ctx context.Context, settings *config.Serve, listeners listeners, s *services, appended live.Signal, watch *observation, logger *slog.Logger, streams command.Streams) error {
	registry := watch.registry
	hooks := newHooks(settings, s, watch, logger)
	defer hooks.sender.Close()
	count := telemetry.CountEntries(registry)
	tail := live.New(s.store, live.Options{Log: logger, Wake: appended, Read: func(entries []cloudtag.Entry) {
		count(entries)
		hooks.dispatcher.Appended(entries)
	}})
	in, err := newSignIn(ctx, settings, s, registry, logger)
	if err != nil {
		return err
	}
	cursors, err := newCursors(ctx, settings.Cursors, s.store)
	if err != nil {
		return err
	}
	bounds, err := newBounds(settings, s.clock, registry)
	if err != nil {
		return err
	}
	queueMetrics, logMetrics := command.NewQueueMetrics(s.queue, s.clock), telemetry.NewLog(s.store, tail)
	registry.MustRegister(queueMetrics, logMetrics, sending.NewBacklog(hooks.dispatcher, s.clock))

	signIn, origins := auth.SignIn(in.verifier), originsOf(settings)
	api := graph.NewHandler(graph.Config{
		Resolvers: resolvers.New(resolvers.Deps{
			Tagging: bounds.within(s.tagging), Imports: s.imports, Records: s.records, AuditLog: s.auditLog, Feed: s.feed, Policies: s.policies, PolicyDrafts: s.drafts, Rollouts: s.rollouts,
			Simulations: s.simulations, Reviews: s.reviews, Team: s.team, Queue: s.queue, Metrics: s.metrics, FreightInsurance: s.freightInsurance,
			Restrictions: s.restrictions, Revocations: s.revocations, Appeals: s.appeals, SecondReviews: s.secondReviews, Collusion: s.collusion, Vettings: s.vettings, Quotas: bounds.quotas(), Views: s.views,
			Revoker: s.revoker, Sessions: in.revocations,
			Webhooks: hooks.endpoints, Tail: tail, Presence: live.NewPresence[cloudtag.CaseID](), Clock: s.clock,
		}),
		Authenticate: signIn, Sessions: in.revocations, AllowedOrigins: origins, Development: settings.Dev, Clock: s.clock, Log: logger,
		Cursors: cursors, Meter: watch.operations, Tracer: watch.tracing.Tracer(),
		Limits: bounds.graph, Rates: bounds.rates, Load: bounds.load, Documents: bounds.trusted,
	})
	server, err := web.New(web.Config{
		GraphQL: api, Schema: graph.SDL(), SchemaForAll: settings.Dev, Pages: adminui.Files(), Store: s.store,
		SignIn: signIn, SignInAs: in.signInAs(), SignInSettings: in.pages, SignInReady: in.ready, AllowedOrigins: origins, LoopbackOnly: settings.Dev,
		DrainDelay: drainDelay(settings), DrainTimeout: settings.DrainTimeout, IDs: s.ids,
		Log: logger, LoggedRequests: settings.AccessLog, Metrics: registry, Tracer: watch.tracing.Tracer(),
		MaxHeaderBytes: settings.Limits.HeaderBytes, TrustedProxies: networks(settings.TrustedProxies),
		BadTokens: bounds.rates.Anonymous, Refused: watch.refusals.Refused,
	})
	if err != nil {
		return fmt.Errorf("start: %w", err)
	}
	background := append(in.run(tail), hooks.dispatcher.Run, hooks.pinger.Run, command.Sampling(logger, queueMetrics, logMetrics))
	if listeners.metrics != nil {
		background = append(background, func(ctx context.Context) error {
			return web.ServeMetrics(ctx, listeners.metrics, registry, logger)
		})
	}
	welcome := command.Welcome{Streams: streams, SignIn: in.development, Console: adminui.Built}
	return command.Serve(ctx, listeners.api, command.ServeParts{
		Web: server, Tail: tail, Background: background, Log: logger, Ready: welcome.Print,
		Upkeep: command.NewUpkeepLoop(s.upkeep, s.chores(), s.clock, settings.UpkeepInterval, watch.pacer, logger, registry),
	})
}

// hooks is what sends webhooks.
type hooks struct {
	sender     *sending.Sender
	endpoints  *webhooks.Endpoints
	dispatcher *sending.Dispatcher
	pinger     *sending.Pinger
}

func newHooks(settings *config.Serve, s *services, watch *observation, logger *slog.Logger) *hooks {
	sender := sending.NewSender(settings.AllowPrivate, s.clock)
	deliverer := webhooks.NewDeliverer(s.store, sender, s.clock, cloudtag.IDFunc(crand.Text), rand.Float64,
		sending.NewObserver(watch.registry, logger))
	pinger := sending.NewPinger(deliverer, logger)
	return &hooks{
		sender:     sender,
		endpoints:  s.webhooks(webhooks.Rules{AllowHTTP: settings.Dev, AllowPrivate: settings.AllowPrivate}, pinger.Wake),
		pinger:     pinger,
		dispatcher: sending.NewDispatcher(deliverer, s.clock, logger),
	}
}

// originsOf returns the origins of pages beside the server's own that may call the API.
func originsOf(settings *config.Serve) []string {
	origins := make([]string, len(settings.AllowedOrigins))
	for i, origin := range settings.AllowedOrigins {
		origins[i] = string(origin)
	}
	return origins
}

// drainDelay is how long load balancers are given to notice the end: a development server has none.
func drainDelay(settings *config.Serve) time.Duration {
	if settings.Dev {
		return 0
	}
	return settings.DrainDelay
}
