package main

import (
	"context"
	"log/slog"
	"time"

	"cloudtag/db/observed"
	"cloudtag/graph"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/command"
	"cloudtag/internal/config"
	"cloudtag/internal/store"
	"cloudtag/internal/telemetry"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// lastTraces is how long shutdown waits for the collector to take the last traces.
const lastTraces = 5 * time.Second

// observation is the metrics and traces of a server.
type observation struct {
	registry   *prometheus.Registry
	operations meter
	refusals   *telemetry.Refusals
	pacer      *command.Pacer     // slows background work down while operations run
	tracing    *telemetry.Tracing // nil: tracing is off
	log        *slog.Logger
}

func newObservation(ctx context.Context, settings *config.Serve, logger *slog.Logger) (*observation, error) {
	tracing, err := telemetry.StartTracing(ctx, string(settings.OTLPEndpoint), buildFacts().Version, logger)
	if err != nil {
		return nil, err
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		command.NewBuildMetric(buildFacts()))
	refusals, pacer := telemetry.NewRefusals(registry), command.NewPacer(cloudtag.SystemClock{})
	return &observation{
		registry: registry, operations: meter{telemetry.NewOperations(registry), refusals, pacer}, refusals: refusals, pacer: pacer,
		tracing: tracing, log: logger,
	}, nil
}

// engine measures and traces the calls of an engine.
func (o *observation) engine(engine store.Engine) store.Engine {
	return observed.Wrap(engine, o.registry, o.tracing.Tracer())
}

// close exports the last traces, after the context is done too. A collector that is unavailable is no failure.
func (o *observation) close(ctx context.Context) {
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastTraces)
	defer cancel()
	if err := o.tracing.Close(limit); err != nil {
		o.log.Warn("the last traces are lost", "error", err)
	}
}

// meter implements [graph.Config.Meter].
type meter struct {
	operations *telemetry.Operations
	refusals   *telemetry.Refusals
	pacer      *command.Pacer
}

// Refused counts a request that exceeded a limit.
func (m meter) Refused(reason string) { m.refusals.Refused(reason) }

// Panicked counts a panic.
func (m meter) Panicked() { m.operations.Panicked() }

// Answered counts a query or mutation, which background work yields to.
func (m meter) Answered(operation graph.Operation, took time.Duration, failed bool) {
	m.pacer.Answered()
	m.operations.Answered(operation.Kind, operation.Name, took, failed)
}

// Subscribed counts a subscription.
func (m meter) Subscribed(operation graph.Operation) (event, end func()) {
	return m.operations.Subscribed(operation.Name)
}

// Failed counts an error.
func (m meter) Failed(operation graph.Operation, code string) {
	m.operations.Failed(operation.Kind, operation.Name, code)
}
