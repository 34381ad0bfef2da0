package telemetry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// tracesPath is the path for traces of an OTLP collector, by the specification.
const tracesPath = "/v1/traces"

// Tracing exports spans to a collector.
type Tracing struct{ provider *sdk.TracerProvider }

// StartTracing exports spans over OTLP/HTTP to a collector's base URL, such as http://127.0.0.1:4318, in the background and
// in batches; spans are dropped while the collector is unavailable. Headers, certificates, sampling and the service's name
// can be set by the OTEL_* environment. It returns nil for an empty URL: tracing is off.
func StartTracing(ctx context.Context, endpoint, version string, log *slog.Logger) (*Tracing, error) {
	if endpoint == "" {
		return nil, nil
	}
	target, err := tracesURL(endpoint)
	if err != nil {
		return nil, err
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(target))
	if err != nil {
		return nil, fmt.Errorf("send traces: %w", err)
	}
	about, err := resource.New(ctx,
		resource.WithAttributes(attribute.String("service.name", "cloudtag"), attribute.String("service.version", version)),
		resource.WithFromEnv(), // OTEL_SERVICE_NAME wins
		resource.WithTelemetrySDK())
	if err != nil {
		return nil, fmt.Errorf("describe the service for traces: %w", err)
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("traces could not be sent", "error", err) }))
	return &Tracing{provider: sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(about))}, nil
}

// tracesURL makes the URL for traces of a collector's base URL.
func tracesURL(endpoint string) (string, error) {
	parsed, err := url.Parse(endpoint)
	if err != nil {
		return "", errors.New("the collector's address is not a URL") // which may hold a password
	}
	if !strings.HasSuffix(parsed.Path, tracesPath) {
		parsed.Path = strings.TrimSuffix(parsed.Path, "/") + tracesPath
	}
	return parsed.String(), nil
}

// Tracer returns the tracer; nil when tracing is off.
func (t *Tracing) Tracer() trace.Tracer {
	if t == nil {
		return nil
	}
	return t.provider.Tracer("cloudtag")
}

// Close exports the remaining spans, until ctx is done.
func (t *Tracing) Close(ctx context.Context) error {
	if t == nil {
		return nil
	}
	if err := t.provider.Shutdown(ctx); err != nil {
		return fmt.Errorf("send the last traces: %w", err)
	}
	return nil
}
