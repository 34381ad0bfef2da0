package main

import (
	"context"
	"log/slog"
	"net"

	"cloudtag/internal/command"
	"cloudtag/internal/config"
)

// listeners are the sockets that the server accepts connections from.
type listeners struct {
	api     net.Listener
	metrics net.Listener // nil: metrics are not served
}

func listen(ctx context.Context, settings *config.Serve, logger *slog.Logger) (taken listeners, err error) {
	if taken.api, err = command.Listen(ctx, "--addr", settings.Addr, settings.Dev); err != nil {
		return taken, err
	}
	if taken.metrics, err = command.ListenForMetrics(ctx, settings.MetricsAddr, settings.Dev, logger); err != nil {
		taken.close()
		return taken, err
	}
	return taken, nil
}

// metricsAddress returns the address of the metrics; empty when they are not served.
func (l listeners) metricsAddress() string {
	if l.metrics == nil {
		return ""
	}
	return l.metrics.Addr().String()
}

// close frees the addresses. The servers that served on them may have done so before.
func (l listeners) close() {
	_ = l.api.Close()
	if l.metrics != nil {
		_ = l.metrics.Close()
	}
}
