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

// runner runs until its context is done, and then returns nil.
type runner interface {
	Run(ctx context.Context) error
}

// webServer serves on a listener until its context is done, and then returns nil.
type webServer interface {
	Serve(ctx context.Context, listener net.Listener) error
}

// ServeParts are the components that [Serve] runs.
type ServeParts struct {
	Web    webServer
	Upkeep *UpkeepLoop
	Tail   runner // reads the log for subscriptions
	// Background are further tasks, each of which runs until its context is done, and then returns nil.
	Background []func(ctx context.Context) error
	Ready      func(ctx context.Context, base string) error // called with the base URL once the server listens
	Log        *slog.Logger
}

// Listen listens on the address of a flag. Callers do so first, so that an address in use is reported before any other
// work. With loopbackOnly it rejects addresses that other machines can reach, judged by the address that was bound and
// not by its name: what localhost resolves to is up to the machine.
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

// ListenForMetrics is [Listen] for --metrics-addr; it returns nil when that is empty. If the default address is in use, by
// another instance on this machine or by Prometheus, it logs a warning and returns nil; an address that was set
// explicitly must be free.
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

// Serve runs upkeep once, then serves until the context is done. It shuts down gracefully: the server first, while
// subscriptions and upkeep still work.
func Serve(ctx context.Context, listener net.Listener, parts ServeParts) error {
	defer func() { _ = listener.Close() }() // after an ordinary end it is closed already
	if err := parts.Upkeep.Once(ctx); err != nil {
		return fmt.Errorf("recovery and upkeep at start: %w", err)
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	group, background := errgroup.WithContext(background)
	for _, run := range append([]func(context.Context) error{parts.Tail.Run, parts.Upkeep.Run}, parts.Background...) {
		// A panic shuts the server down gracefully, as an error does.
		group.Go(func() error { return cloudtag.Protected(func() error { return run(background) }) })
	}
	group.Go(func() error {
		defer stop()
		serving, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(background, cancel)() // a component's error stops the server too
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
