package config

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestUnknownVariablesAreRefused(t *testing.T) {
	for name, test := range map[string]struct {
		args     string
		variable string
		says     string
	}{
		"misspelt":                       {"sweep", "CLOUDTAG_LIMIT_TAG=5", "CLOUDTAG_LIMIT_TAG: there is no such setting; did you mean CLOUDTAG_LIMIT_TAGS?"},
		"of nothing":                     {"sweep", "CLOUDTAG_ADDRS=127.0.0.1:1", "did you mean CLOUDTAG_ADDR?"},
		"of another command":             {"sweep", "CLOUDTAG_UPKEEP_INTERVAL=5s", ""},
		"of a command below another":     {"serve --dev", "CLOUDTAG_ENDPOINT=e", ""},
		"of another program":             {"sweep", "CLOUDTAGGER=1", ""},
		"a service's host":               {"sweep", "CLOUDTAG_SERVICE_HOST=10.0.0.1", ""},
		"a service's port":               {"sweep", "CLOUDTAG_PORT=tcp://10.0.0.1:80", ""},
		"a service's address":            {"sweep", "CLOUDTAG_PORT_80_TCP_ADDR=10.0.0.1", ""},
		"almost a service's port":        {"sweep", "CLOUDTAG_PORTS=1", "CLOUDTAG_PORTS: there is no such setting"},
		"one with two names, the second": {"sweep", "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse(strings.Fields(test.args), []string{"PATH=/bin", test.variable}, "v0", &bytes.Buffer{})
			var usage *UsageError
			if refused := errors.As(err, &usage); refused != (test.says != "") || refused && !strings.Contains(err.Error(), test.says) {
				t.Errorf("%v, want %q", err, test.says)
			}
		})
	}
}

func TestChangedLimits(t *testing.T) {
	t.Setenv("CLOUDTAG_SOCKET_IDLE_TIMEOUT", "3m")
	settings, err := Parse(strings.Fields("serve --dev --limit-tags 20 --limit-depth 15 --addr 127.0.0.1:0"), nil, "v0", &bytes.Buffer{})
	want := []string{"--limit-tags=20", "--socket-idle-timeout=3m0s"}
	if err != nil || !slices.Equal(settings.ChangedLimits, want) {
		t.Errorf("%v, %v, want %v", settings.ChangedLimits, err, want)
	}
}
