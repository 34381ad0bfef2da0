// Command cloudtag is the whole program: it parses the command line, wires the parts and runs one command. See
// cloudtag --help.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // callers name time zones, which must be known wherever the program runs

	"cloudtag/db"
	"cloudtag/graph"
	"cloudtag/internal/auditlog"
	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/command"
	"cloudtag/internal/config"
	"cloudtag/internal/heap"
	"cloudtag/internal/logging"
	"cloudtag/internal/webhooks"
)

// Exit codes: see docs/operations.md.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	code := run(ctx, os.Args[1:], os.Environ(), command.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
	stop()
	os.Exit(code)
}

// run executes the command line and returns the exit code. environment is what [config.Parse] checks.
func run(ctx context.Context, args, environment []string, streams command.Streams) int {
	// Some libraries write to the standard log, request bodies included; the program logs by slog alone.
	log.SetOutput(io.Discard)
	settings, err := config.Parse(args, environment, buildFacts().Version, streams.Out)
	if err == nil {
		err = dispatch(ctx, settings, streams)
	}
	var usage *config.UsageError
	switch {
	case err == nil, errors.Is(err, config.ErrHandled):
		return exitDone
	case errors.As(err, &usage):
		return fail(streams, exitUsage, err)
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return fail(streams, exitFailed, errors.New("interrupted"))
	default:
		return fail(streams, exitFailed, err)
	}
}

// fail prints the error and returns the exit code, which is all that is left when standard error can't be written.
func fail(streams command.Streams, code int, err error) int {
	_, _ = fmt.Fprintln(streams.Err, "cloudtag:", err)
	return code
}

// dispatch runs the command with what it needs.
func dispatch(ctx context.Context, settings config.Settings, streams command.Streams) error {
	logger := logging.New(streams.Err, settings.Log.Level, settings.Log.Format)
	defer heap.Start(ctx, logger).Close()
	open := opener{log: logger}
	switch c := settings.Command.(type) {
	case *config.Serve:
		return serve(ctx, c, settings.ChangedLimits, logger, streams)
	case *config.Token:
		return command.Token(c, signer(c.Signing, c.Dev), streams)
	case *config.Health:
		return command.Health(ctx, c)
	case *config.Schema:
		_, err := io.WriteString(streams.Out, graph.SDL())
		return err
	case *config.Version:
		return command.Version(c, buildFacts(), streams)
	case *config.SimulateRings:
		return command.SimulateRings(ctx, c, streams)

	case *config.Import:
		if err := command.CheckFiles(c); err != nil {
			return err
		}
		return open.orCreate(ctx, c.DB, func(s *services) error { return command.Import(ctx, c, s.imports, s.replay, s.clock, streams) })
	case *config.Demo:
		return open.orCreate(ctx, c.DB, func(s *services) error { return command.Demo(ctx, c, s.demo(), streams) })
	case *config.Sweep:
		return open.existing(ctx, c.DB, c.Calendar(), func(s *services) error { return command.Sweep(ctx, c, s.upkeep, s.chores(), s.clock, streams) })
	case *config.Export:
		return open.existing(ctx, c.DB, anyDays(), func(s *services) error { return command.Export(ctx, c, s.records, s.auditLog, streams) })
	case *config.VerifyLog:
		return open.existing(ctx, c.DB, anyDays(), func(s *services) error { return command.VerifyLog(ctx, c, s.store, streams) })
	case *config.TrimLog:
		return open.existing(ctx, c.DB, c.Calendar(), func(s *services) error {
			return command.TrimLog(ctx, c, auditlog.NewRetention(s.store, s.clock, s.metrics, s.collusion, s.secondReviews), streams)
		})
	case *config.WebhooksList:
		return open.existing(ctx, c.DB, anyDays(), func(s *services) error {
			return command.WebhooksList(ctx, c, s.webhooks(webhooks.Rules{}, func() {}), streams)
		})
	case *config.WebhooksReplay:
		return open.existing(ctx, c.DB, c.Calendar(), func(s *services) error {
			return command.WebhooksReplay(ctx, c, s.webhooks(webhooks.Rules{}, func() {}), streams)
		})

	case *config.Backup:
		return db.Backup(ctx, c.DB, c.Output)
	case *config.Copy:
		return command.Copy(ctx, c, command.CopyParts{From: open.toCopyFrom, To: open.toCopyInto, Clock: cloudtag.SystemClock{}}, streams)
	case *config.Doctor:
		return command.Doctor(ctx, c, command.DoctorParts{
			Inspect: db.Inspect, Open: open.forDoctor(c.Calendar()), ReadKeys: readKeys, Discover: auth.Discover, Clock: cloudtag.SystemClock{},
		}, streams)
	default:
		return fmt.Errorf("no such command: %T", c)
	}
}
