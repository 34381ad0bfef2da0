package main

import (
	"fmt"
	"net/netip"
	"os"
	"runtime"

	adminui "cloudtag/admin-ui"
	"cloudtag/graph"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
	"cloudtag/internal/ratelimit"
	"cloudtag/internal/shed"
	"cloudtag/internal/telemetry"
	"cloudtag/resolvers"

	"github.com/prometheus/client_golang/prometheus"
)

// bounds are the limits of what callers may cost.
type bounds struct {
	graph   graph.Limits
	rates   graph.Rates
	tags    *ratelimit.Buckets // nil: no limit
	load    *shed.Limiter      // nil: no limit
	trusted *graph.Documents   // nil: every document may run
}

func newBounds(settings *config.Serve, clock cloudtag.Clock, registry *prometheus.Registry) (bounds, error) {
	limits := settings.Limits
	buckets := func(perSecond float64, burst int) *ratelimit.Buckets {
		if perSecond == 0 {
			return nil
		}
		return ratelimit.New(ratelimit.Limit{PerSecond: perSecond, Burst: burst}, clock, limits.RememberedCallers)
	}
	b := bounds{
		graph: graphLimits(limits, settings.Sockets),
		rates: graph.Rates{
			Callers:   buckets(limits.Requests, limits.RequestBurst),
			Anonymous: buckets(limits.Anonymous, limits.AnonymousBurst),
		},
		tags: buckets(limits.Tags, limits.TagBurst),
	}
	if limits.Requests > 0 { // without a limit of requests, none of what they cost either
		b.rates.Complexity = buckets(limits.ComplexityRate, limits.ComplexityBurst)
	}
	if limits.RunningPerCPU > 0 {
		b.load = shed.New(shed.Limits{Running: limits.RunningPerCPU * runtime.GOMAXPROCS(0), Waiting: limits.Waiting, Wait: limits.Wait})
		telemetry.ObserveLoad(registry, b.load)
	}
	var err error
	b.trusted, err = trustedDocuments(settings.TrustedDocuments)
	return b, err
}

func graphLimits(limits config.Limits, sockets config.Sockets) graph.Limits {
	return graph.Limits{
		BodyBytes: limits.BodyBytes, BodiesBytes: limits.BodiesBytes, EventStreams: limits.EventStreams, Tokens: limits.Tokens, Depth: limits.Depth, Aliases: limits.Aliases, Fields: limits.Fields,
		Fragments: limits.Fragments, Operations: limits.Operations, Complexity: limits.Complexity,
		PingInterval: sockets.PingInterval,
		Sockets: graph.SocketLimits{
			Total: sockets.Total, SigningIn: sockets.SigningIn, PerCaller: sockets.PerCaller, Subscriptions: sockets.Subscriptions,
			MessageBytes: sockets.MessageBytes, MessageRate: sockets.MessageRate, InitTimeout: sockets.InitTimeout,
			IdleTimeout: sockets.IdleTimeout, Lifetime: sockets.Lifetime, WriteTimeout: sockets.WriteTimeout,
		},
	}
}

// within applies the allowance of shops to their submissions.
func (b bounds) within(tagging *cloudtag.Tagging) *cloudtag.Tagging {
	if b.tags == nil {
		return tagging
	}
	return tagging.Within(graph.TagAllowance{Shops: b.tags})
}

// quotas returns what shops have left of their allowance; nil where there is none.
func (b bounds) quotas() resolvers.Quotas {
	if b.tags == nil {
		return nil
	}
	return graph.TagAllowance{Shops: b.tags}
}

// trustedDocuments reads the files, and adds the console's own documents; nil without any file.
func trustedDocuments(files []string) (*graph.Documents, error) {
	if len(files) == 0 {
		return nil, nil
	}
	documents := graph.NewDocuments()
	if err := documents.Read(adminui.Documents()); err != nil {
		return nil, fmt.Errorf("the console's documents: %w", err)
	}
	for _, name := range files {
		if err := readDocuments(documents, name); err != nil {
			return nil, fmt.Errorf("--trusted-documents: %s: %w", name, err)
		}
	}
	return documents, nil
}

func readDocuments(documents *graph.Documents, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	return documents.Read(file)
}

// networks converts the trusted proxies.
func networks(configured []config.Network) []netip.Prefix {
	prefixes := make([]netip.Prefix, len(configured))
	for i, network := range configured {
		prefixes[i] = netip.Prefix(network)
	}
	return prefixes
}
