package main

import (
	"context"
	"errors"
	"log/slog"
	"net"

	"cloudtag/internal/command"
	"cloudtag/internal/config"
)

// listeners are what the server takes connections from.
type listeners struct {
	api     net.Listener
	metrics net.Listener // nil: nobody serves them
}

func listen(ctx context.Context, settings *config.Serve, logger *slog.Logger) (taken listeners, err error) {
	if taken.api, err = command.Listen(ctx, "--addr", settings.Addr, settings.Dev); err != nil {
		return taken, err
	}
	if taken.metrics, err = command.ListenForMetrics(ctx, settings.MetricsAddr, settings.Dev, logger); err != nil {
		return taken, errors.Join(err, taken.close())
	}
	return taken, nil
}

// metricsAddress is empty where nobody serves them.
func (l listeners) metricsAddress() string {
	if l.metrics == nil {
		return ""
	}
	return l.metrics.Addr().String()
}

func (l listeners) close() error {
	if l.metrics == nil {
		return l.api.Close()
	}
	return errors.Join(l.api.Close(), l.metrics.Close())
}
