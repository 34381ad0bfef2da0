package main

import (
	"context"
	"errors"
	"log/slog"

	"cloudtag/internal/command"
	"cloudtag/internal/config"
)

func serve(context.Context, *config.Serve, *slog.Logger, command.Streams) error {
	return errors.New("not wired yet")
}
