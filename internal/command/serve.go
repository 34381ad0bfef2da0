package command

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"syscall"

	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"

	"golang.org/x/sync/errgroup"
)

// runner runs until its context is done; it returns nil then.
type runner interface {
	Run(ctx context.Context) error
}

// webServer serves on a listener until its context is done; it returns nil after such an end.
type webServer interface {
	Serve(ctx context.Context, listener net.Listener) error
}

// ServeParts are what `cloudtag serve` runs.
type ServeParts struct {
	Web    webServer
	Upkeep *UpkeepLoop
	Tail   runner // reads the log for subscriptions
	// Background is what else runs until the end, each until its context is done; it returns nil then.
	Background []func(ctx context.Context) error
	Ready      func(ctx context.Context, base string) error // told where the server listens, once it does
	Log        *slog.Logger
}

// Listen takes the address of a flag, so that one in use is found before anything else is done. With loopbackOnly it
// refuses one that others can reach, whatever its name says: localhost is what the machine's own tables make of it.
func Listen(ctx context.Context, flag string, address config.Address, loopbackOnly bool) (net.Listener, error) {
	var listen net.ListenConfig
	listener, err := listen.Listen(ctx, "tcp", string(address))
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s: %s is in use by another program; give another port, or 0 for any that is free: %w", flag, address, err)
	case err != nil:
		return nil, fmt.Errorf("%s: can't listen on %s: %w", flag, address, err)
	}
	if taken, known := listener.Addr().(*net.TCPAddr); loopbackOnly && (!known || !taken.IP.IsLoopback()) {
		return nil, errors.Join(fmt.Errorf("%s: expected a loopback address with --dev, but %s is %s here", flag, address, listener.Addr()), listener.Close())
	}
	return listener, nil
}

// ListenForMetrics is [Listen] for --metrics-addr; nil when it is empty. The default address is a convenience: one in use,
// by another instance on this machine or a Prometheus, is warned of and given up, while one that was asked for must be
// free.
func ListenForMetrics(ctx context.Context, address config.OptionalAddress, loopbackOnly bool, log *slog.Logger) (net.Listener, error) {
	if address == "" {
		return nil, nil
	}
	listener, err := Listen(ctx, "--metrics-addr", config.Address(address), loopbackOnly)
	switch {
	case errors.Is(err, syscall.EADDRINUSE) && address == config.DefaultMetricsAddr:
		log.WarnContext(ctx, "metrics are not served: their default address is in use; give another with --metrics-addr", "address", address)
		return nil, nil
	case err != nil:
		return nil, err
	default:
		return listener, nil
	}
}

// Serve brings everything up to now, then serves until the context is done. What runs then gets to finish: the server
// first, while subscriptions and upkeep still work.
func Serve(ctx context.Context, listener net.Listener, parts ServeParts) error {
	defer func() { _ = listener.Close() }() // after an ordinary end it is closed already
	if err := parts.Upkeep.Once(ctx); err != nil {
		return fmt.Errorf("recovery and upkeep at start: %w", err)
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	group, background := errgroup.WithContext(background)
	for _, run := range append([]func(context.Context) error{parts.Tail.Run, parts.Upkeep.Run}, parts.Background...) {
		// What panics ends the server as what fails does: it stops in order, and says why.
		group.Go(func() error { return cloudtag.Protected(func() error { return run(background) }) })
	}
	group.Go(func() error {
		defer stop()
		serving, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(background, cancel)() // a part that fails ends the server too
		return parts.Web.Serve(serving, listener)
	})
	if err := parts.Ready(ctx, "http://"+listener.Addr().String()); err != nil {
		stop()
		return errors.Join(err, group.Wait())
	}
	if err := group.Wait(); err != nil {
		return err
	}
	parts.Log.Info("stopped")
	return nil
}
