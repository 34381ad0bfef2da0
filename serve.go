package main

import (
	"context"
	crand "crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
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
	"cloudtag/resolvers"
)

// serve wires the server and runs it until the context is done.
func serve(ctx context.Context, settings *config.Serve, changedLimits []string, logger *slog.Logger, streams command.Streams) error {
	listeners, err := listen(ctx, settings, logger)
	if err != nil {
		return err
	}
	// The tail reads the store, which wakes the tail: it is there once it is stored here.
	var tail atomic.Pointer[live.Tail]
	watch, err := newObservation(ctx, settings, logger)
	if err != nil {
		return errors.Join(err, listeners.close())
	}
	defer watch.close(ctx)
	starting := web.NewStarting(listeners.api, logger)
	s, err := openServices(ctx, settings.DB, settings.Calendar(), db.Options{Log: logger, Awaited: starting.Await, Wrap: watch.engine, Appended: func() {
		if t := tail.Load(); t != nil {
			t.Wake()
		}
	}})
	if err != nil {
		return errors.Join(err, starting.End(ctx), listeners.close())
	}
	if err := starting.End(ctx); err != nil {
		return errors.Join(err, s.store.Close(), listeners.close())
	}
	hooks := newHooks(settings, s, watch, logger)
	defer hooks.sender.Close()
	count := telemetry.CountEntries(watch.registry)
	tail.Store(live.New(s.store, live.Options{Log: logger, Read: func(entries []cloudtag.Entry) {
		count(entries)
		hooks.dispatcher.Appended(entries)
	}}))
	facts, err := db.Inspect(ctx, settings.DB, false)
	if err != nil {
		return errors.Join(err, s.store.Close(), listeners.close())
	}
	logger.Info("starting", "version", buildFacts().Version, "address", listeners.api.Addr().String(), "metrics", listeners.metricsAddress(), "store", facts.Place,
		"store_version", facts.Version, "schema", facts.Schema, "development", settings.Dev, "time_zone", settings.TimeZone.String(), "changed_limits", changedLimits)
	return errors.Join(serveServices(ctx, settings, listeners, s, tail.Load(), hooks, watch, logger, streams), s.store.Close())
}

// hooks is what sends webhooks.
type hooks struct {
	sender     *webhooks.Sender
	webhooks   *cloudtag.Webhooks
	dispatcher *webhooks.Dispatcher
	pinger     *webhooks.Pinger
}

func newHooks(settings *config.Serve, s *services, watch *observation, logger *slog.Logger) *hooks {
	sender := webhooks.NewSender(settings.AllowPrivate, s.clock)
	deliveries := cloudtag.NewWebhookDeliveries(s.store, sender, s.clock, cloudtag.IDFunc(crand.Text), rand.Float64,
		webhooks.NewObserver(watch.registry, logger))
	pinger := webhooks.NewPinger(deliveries, logger)
	return &hooks{
		sender:     sender,
		webhooks:   s.webhooks(cloudtag.WebhookRules{AllowHTTP: settings.Dev, AllowPrivate: settings.AllowPrivate}, pinger.Wake),
		pinger:     pinger,
		dispatcher: webhooks.NewDispatcher(deliveries, s.clock, logger),
	}
}

// serveServices puts the server over the services and runs both.
func serveServices(ctx context.Context, settings *config.Serve, listeners listeners, s *services, tail *live.Tail, hooks *hooks, watch *observation, logger *slog.Logger, streams command.Streams) error {
	registry := watch.registry
	in, err := newSignIn(ctx, settings, s, registry, logger)
	if err != nil {
		return errors.Join(err, listeners.close())
	}
	queueMetrics, logMetrics := command.NewQueueMetrics(s.queue, s.clock), telemetry.NewLog(s.store, tail)
	registry.MustRegister(queueMetrics, logMetrics, webhooks.NewBacklog(hooks.dispatcher, s.clock))
	origins := make([]string, len(settings.AllowedOrigins))
	for i, origin := range settings.AllowedOrigins {
		origins[i] = string(origin)
	}
	signIn := auth.SignIn(in.verifier)
	cursors, err := newCursors(ctx, settings.Cursors, s.store)
	if err != nil {
		return errors.Join(err, listeners.close())
	}
	bounds, err := newBounds(settings, s.clock, registry)
	if err != nil {
		return errors.Join(err, listeners.close())
	}
	var developmentSignIn *command.DevelopmentSignIn
	var signInAs func(context.Context, string) (string, error)
	if settings.Dev {
		developmentSignIn = &command.DevelopmentSignIn{Tokens: signer(settings.Signing, true), Records: s.records}
		signInAs = developmentSignIn.Token
	}
	server, err := web.New(web.Config{
		GraphQL: graph.NewHandler(graph.Config{
			Resolvers: resolvers.New(resolvers.Deps{
				Tagging: bounds.within(s.tagging), Imports: s.imports, Records: s.records, Feed: s.feed, Policies: s.policies, PolicyDrafts: s.drafts, Rollouts: s.rollouts,
				Simulations: s.simulations, Reviews: s.reviews, Team: s.team, Queue: s.queue, Metrics: s.metrics, FreightInsurance: s.freightInsurance,
				Restrictions: s.restrictions, Revocations: s.revocations, Appeals: s.appeals, SecondReviews: s.secondReviews, Collusion: s.collusion, Vettings: s.vettings, Quotas: bounds.quotas(), Views: s.views,
				TokenRevocations: s.tokenRevocations, Sessions: in.revocations,
				Webhooks: hooks.webhooks, Tail: tail, Presence: live.NewPresence[cloudtag.CaseID](), Clock: s.clock,
			}),
			Authenticate: signIn, Sessions: in.revocations, AllowedOrigins: origins, Development: settings.Dev, Clock: s.clock, Log: logger,
			Cursors: cursors, Meter: watch.operations, Tracer: watch.tracing.Tracer(),
			Limits: bounds.graph, Rates: bounds.rates, Load: bounds.load, Documents: bounds.trusted,
		}),
		SignIn: signIn, SignInAs: signInAs, Schema: graph.SDL(), SchemaForAll: settings.Dev, SignInSettings: in.pages, SignInReady: in.ready, Pages: adminui.Files(), Store: s.store, AllowedOrigins: origins, LoopbackOnly: settings.Dev,
		DrainDelay: drainDelay(settings), DrainTimeout: settings.DrainTimeout, IDs: s.ids, Log: logger, LoggedRequests: settings.AccessLog, Metrics: registry,
		Tracer:         watch.tracing.Tracer(),
		MaxHeaderBytes: settings.Limits.HeaderBytes, TrustedProxies: networks(settings.TrustedProxies),
		Strangers: bounds.rates.Anonymous, Refused: watch.refusals.Refused,
	})
	if err != nil {
		return errors.Join(fmt.Errorf("start: %w", err), listeners.close())
	}
	background := append(in.run(tail), hooks.dispatcher.Run, hooks.pinger.Run, command.Sampling(logger, queueMetrics, logMetrics))
	if listeners.metrics != nil {
		background = append(background, func(ctx context.Context) error {
			return web.ServeMetrics(ctx, listeners.metrics, registry, logger)
		})
	}
	welcome := command.Welcome{Streams: streams, SignIn: developmentSignIn, Console: adminui.Built}
	return command.Serve(ctx, listeners.api, command.ServeParts{
		Web: server, Tail: tail, Background: background, Log: logger, Ready: welcome.Print,
		Upkeep: command.NewUpkeepLoop(s.upkeep, s.chores(), s.clock, settings.UpkeepInterval, watch.pacer, logger, registry),
	})
}

// drainDelay returns how long load balancers are given to notice the end: a development server has none.
func drainDelay(settings *config.Serve) time.Duration {
	if settings.Dev {
		return 0
	}
	return settings.DrainDelay
}
