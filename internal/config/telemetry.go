package config

import (
	"errors"
	"net/url"
)

// Telemetry are the settings of metrics and traces.
type Telemetry struct {
	OTLPEndpoint CollectorURL `name:"otlp-endpoint" env:"CLOUDTAG_OTLP_ENDPOINT,OTEL_EXPORTER_OTLP_ENDPOINT" placeholder:"URL" help:"Collector that takes traces over OTLP/HTTP, such as http://127.0.0.1:4318. None by default: nothing is traced."`
}

// CollectorURL is the base URL of an OTLP collector.
type CollectorURL string

// UnmarshalText checks the form; its error does not repeat the URL, which may hold a password.
func (c *CollectorURL) UnmarshalText(text []byte) error {
	parsed, err := url.Parse(string(text))
	if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" {
		return errors.New("expected a URL such as http://127.0.0.1:4318")
	}
	*c = CollectorURL(text)
	return nil
}
