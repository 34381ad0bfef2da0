package command

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
	"cloudtag/internal/upkeep"

	"github.com/prometheus/client_golang/prometheus"
)

// runFunc adapts a function to a runner or a web server.
type runFunc func(ctx context.Context) error

func (f runFunc) Run(ctx context.Context) error                   { return f(ctx) }
func (f runFunc) Serve(ctx context.Context, _ net.Listener) error { return f(ctx) }

// untilDone runs until its context is done.
func untilDone(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

// sweepFunc adapts a function to a sweeper.
type sweepFunc func(ctx context.Context, asOf time.Time) (upkeep.Report, error)

func (f sweepFunc) Sweep(ctx context.Context, asOf time.Time) (upkeep.Report, error) {
	return f(ctx, asOf)
}

func upkeepOf(sweep sweepFunc, interval time.Duration) *UpkeepLoop {
	return NewUpkeepLoop(sweep, nil, cloudtag.SystemClock{}, interval, NewPacer(cloudtag.SystemClock{}), slog.New(slog.DiscardHandler), prometheus.NewRegistry())
}

func noSweep(context.Context, time.Time) (upkeep.Report, error) {
	return upkeep.Report{}, nil
}

func TestUpkeepRunsAtEachIntervalAfterAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var at []time.Duration
		loop := upkeepOf(func(_ context.Context, asOf time.Time) (upkeep.Report, error) {
			at = append(at, asOf.Sub(start))
			if len(at) == 2 {
				return upkeep.Report{}, errStore
			}
			return upkeep.Report{Cases: 1}, nil
		}, 15*time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Second)
		defer cancel()
		if err := loop.Run(ctx); err != nil {
			t.Fatal(err)
		}
		if len(at) != 3 || at[0] != 15*time.Second || at[1] != 30*time.Second || at[2] != 45*time.Second {
			t.Errorf("sweeps at %v", at)
		}
	})
}

// A panic in the background counts as an error, and the next interval tries again.
func TestUpkeepSurvivesPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sweeps, runs := 0, 0
		registry := prometheus.NewRegistry()
		chores := []Chore{{Name: "chore", Run: func(context.Context, time.Time) error { runs++; panic("a fault") }}}
		var log bytes.Buffer
		loop := NewUpkeepLoop(sweepFunc(func(context.Context, time.Time) (upkeep.Report, error) { sweeps++; panic("a fault") }), chores,
			cloudtag.SystemClock{}, 15*time.Second, NewPacer(cloudtag.SystemClock{}), slog.New(slog.NewTextHandler(&log, nil)), registry)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Second)
		defer cancel()
		if err := loop.Run(ctx); err != nil {
			t.Fatal(err)
		}
		if sweeps != 3 || runs != 4 {
			t.Errorf("%d sweeps, %d runs of the chore", sweeps, runs)
		}
		if !strings.Contains(log.String(), "panic: a fault") || !strings.Contains(log.String(), "serve_test.go") {
			t.Errorf("the log has no stack: %s", &log)
		}
	})
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := Listen(t.Context(), "--addr", "127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

func TestListenNamesTheAddressInUse(t *testing.T) {
	listener := listen(t)
	defer listener.Close()
	address := config.Address(listener.Addr().String())
	_, err := Listen(t.Context(), "--addr", address, false)
	if err == nil || !strings.Contains(err.Error(), string(address)) || !strings.Contains(err.Error(), "in use") {
		t.Errorf("%v", err)
	}
	if _, err := Listen(t.Context(), "--addr", "192.0.2.1:0", false); err == nil || !strings.Contains(err.Error(), "192.0.2.1") {
		t.Errorf("%v", err)
	}
}

// A metrics address that was set must be free; the default one may be in use by another instance.
func TestListenForMetrics(t *testing.T) {
	free := listen(t)
	taken := config.OptionalAddress(free.Addr().String())
	defer free.Close()
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	if listener, err := ListenForMetrics(t.Context(), "", true, logger); listener != nil || err != nil || log.Len() > 0 {
		t.Errorf("off: %v, %v, %s", listener, err, &log)
	}
	if _, err := ListenForMetrics(t.Context(), taken, true, logger); err == nil || !strings.Contains(err.Error(), "--metrics-addr: "+string(taken)) {
		t.Errorf("in use: %v", err)
	}
	listener, err := ListenForMetrics(t.Context(), "127.0.0.1:0", true, logger)
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	// If something else listens on the default address, that serves the test as well.
	var other net.ListenConfig
	if holder, err := other.Listen(t.Context(), "tcp", string(config.DefaultMetricsAddr)); err == nil {
		defer holder.Close()
	}
	log.Reset()
	if listener, err := ListenForMetrics(t.Context(), config.DefaultMetricsAddr, true, logger); listener != nil || err != nil || !strings.Contains(log.String(), "--metrics-addr") {
		t.Errorf("the default in use: %v, %v, %s", listener, err, &log)
	}
}

func TestServeStopsTheServerBeforeTheTail(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	serverEnded := false
	var base string
	err := Serve(ctx, listen(t), ServeParts{
		Log:    slog.New(slog.DiscardHandler),
		Upkeep: upkeepOf(noSweep, time.Hour),
		Tail: runFunc(func(ctx context.Context) error {
			<-ctx.Done()
			if !serverEnded {
				t.Error("the tail ended before the server, while subscriptions read from it")
			}
			return nil
		}),
		Web: runFunc(func(ctx context.Context) error {
			<-ctx.Done()
			serverEnded = true
			return nil
		}),
		Ready: func(_ context.Context, at string) error {
			base = at
			cancel()
			return nil
		},
	})
	if err != nil || !serverEnded || !strings.HasPrefix(base, "http://127.0.0.1:") {
		t.Errorf("%v, %t, %s", err, serverEnded, base)
	}
}

func TestServeReturnsTheErrorOfAnyComponent(t *testing.T) {
	ready := func(context.Context, string) error { return nil }
	broken := runFunc(func(context.Context) error { return errStore })
	tests := map[string]ServeParts{
		"upkeep at start": {Upkeep: upkeepOf(func(context.Context, time.Time) (upkeep.Report, error) {
			return upkeep.Report{}, errStore
		}, time.Hour), Tail: runFunc(untilDone), Web: runFunc(untilDone), Ready: ready},
		"tail":    {Upkeep: upkeepOf(noSweep, time.Hour), Tail: broken, Web: runFunc(untilDone), Ready: ready},
		"server":  {Upkeep: upkeepOf(noSweep, time.Hour), Tail: runFunc(untilDone), Web: broken, Ready: ready},
		"welcome": {Upkeep: upkeepOf(noSweep, time.Hour), Tail: runFunc(untilDone), Web: runFunc(untilDone), Ready: func(context.Context, string) error { return errStore }},
	}
	for name, parts := range tests {
		t.Run(name, func(t *testing.T) {
			parts.Log = slog.New(slog.DiscardHandler)
			listener := listen(t)
			if err := Serve(t.Context(), listener, parts); !errors.Is(err, errStore) {
				t.Errorf("%v", err)
			}
			if _, err := listener.Accept(); !errors.Is(err, net.ErrClosed) {
				t.Errorf("the listener is still open: %v", err)
			}
		})
	}
}

// shops are a store's shops, in order.
type shops []cloudtag.MerchantID

func (s shops) Merchants(_ context.Context, _ cloudtag.Caller, ids []cloudtag.MerchantID) (map[cloudtag.MerchantID]cloudtag.Merchant, error) {
	found := map[cloudtag.MerchantID]cloudtag.Merchant{}
	for _, id := range ids {
		if slices.Contains(s, id) {
			found[id] = cloudtag.Merchant{ID: id}
		}
	}
	return found, nil
}

func (s shops) MerchantPage(_ context.Context, _ cloudtag.Caller, filter cloudtag.MerchantFilter, request cloudtag.PageRequest) (cloudtag.Page[cloudtag.Merchant], error) {
	var page cloudtag.Page[cloudtag.Merchant]
	for _, id := range s[:min(*request.First, len(s))] {
		page.Items = append(page.Items, cloudtag.Merchant{ID: id, Permission: filter.Permission})
	}
	return page, nil
}

func TestWelcomePrintsALinkPerRole(t *testing.T) {
	tokens := auth.NewSharedSecret([]byte(auth.DevelopmentSecret), auth.Names{}, cloudtag.SystemClock{}, cloudtag.IDFunc(func() string { return "t-1" }))
	tests := []struct {
		name     string
		shops    shops
		merchant cloudtag.MerchantID
	}{
		{"the demo", shops{"m-1", "m-2125"}, "m-2125"},
		{"another store", shops{"m-8", "m-9"}, "m-8"},
		{"an empty store", shops{}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			streams := capture("")
			signIn := &DevelopmentSignIn{Tokens: tokens, Records: test.shops}
			welcome := Welcome{Streams: streams.Streams, SignIn: signIn, Console: true}
			if err := welcome.Print(t.Context(), "http://127.0.0.1:8080"); err != nil {
				t.Fatal(err)
			}
			roles := map[cloudtag.Role]cloudtag.MerchantID{}
			for _, match := range regexp.MustCompile(`http://127\.0\.0\.1:8080/as/(\w+)`).FindAllStringSubmatch(streams.out.String(), -1) {
				token, err := signIn.Token(t.Context(), match[1])
				if err != nil {
					t.Fatal(err)
				}
				session, err := tokens.Verify(t.Context(), token)
				if err != nil {
					t.Fatal(err)
				}
				roles[session.Caller.Roles[0]] = session.Caller.MerchantID
			}
			for _, unknown := range []string{"", "root", "merchant "} {
				if token, err := signIn.Token(t.Context(), unknown); token != "" || err != nil {
					t.Errorf("a token for the unknown role %q: %v", unknown, err)
				}
			}
			want := len(cloudtag.Roles())
			if test.merchant == "" {
				want--
			}
			if len(roles) != want || roles[cloudtag.RoleMerchant] != test.merchant {
				t.Errorf("links for %v:\n%s", roles, streams.out)
			}
			if !strings.Contains(streams.out.String(), "http://127.0.0.1:8080/graphql\n") {
				t.Errorf("no address of the API:\n%s", streams.out)
			}
		})
	}
}

func TestWelcomeWithoutDevelopmentHasNoLinks(t *testing.T) {
	streams := capture("")
	if err := (Welcome{Streams: streams.Streams}).Print(t.Context(), "http://127.0.0.1:8080"); err != nil || strings.Contains(streams.out.String(), "token") {
		t.Errorf("%v\n%s", err, streams.out)
	}
	if !strings.Contains(streams.out.String(), "make build") {
		t.Error("the output does not say how to build the console")
	}
}

func TestSweepNamesTheChoreThatFails(t *testing.T) {
	chores := []Chore{{Name: "appeals", Run: func(context.Context, time.Time) error { return errStore }}}
	err := Sweep(t.Context(), &config.Sweep{}, newMarket(), chores, fixedClock(now), capture("").Streams)
	if !errors.Is(err, errStore) || !strings.Contains(err.Error(), "appeals") {
		t.Errorf("%v", err)
	}
}

// A chore that takes long or fails delays neither sweeps nor other chores; a failed one runs again.
func TestChoresDelayNeitherSweepsNorEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var sweeps, failing []time.Duration
		long := 0
		loop := upkeepOf(func(_ context.Context, asOf time.Time) (upkeep.Report, error) {
			sweeps = append(sweeps, asOf.Sub(start))
			return upkeep.Report{}, nil
		}, 15*time.Second)
		loop.chores = []Chore{
			{Name: "long", Run: func(ctx context.Context, _ time.Time) error {
				long++
				<-ctx.Done()
				return ctx.Err()
			}},
			{Name: "failing", Run: func(_ context.Context, asOf time.Time) error {
				if !asOf.Equal(time.Now()) {
					t.Errorf("it runs as of %v at %v", asOf, time.Now())
				}
				failing = append(failing, time.Since(start))
				return errStore
			}},
		}
		ctx, cancel := context.WithTimeout(t.Context(), 40*time.Second)
		defer cancel()
		if err := loop.Run(ctx); err != nil {
			t.Fatal(err)
		}
		if want := []time.Duration{15 * time.Second, 30 * time.Second}; !slices.Equal(sweeps, want) {
			t.Errorf("sweeps at %v, want %v", sweeps, want)
		}
		if want := []time.Duration{0, 15 * time.Second, 30 * time.Second}; !slices.Equal(failing, want) {
			t.Errorf("the failing chore at %v, want %v", failing, want)
		}
		if long != 1 {
			t.Errorf("the long chore was started %d times", long)
		}
		registry := prometheus.NewRegistry()
		registry.MustRegister(loop.unfinished)
		counted, err := registry.Gather()
		if err != nil || len(counted) != 1 || len(counted[0].GetMetric()) != 1 || counted[0].GetMetric()[0].GetCounter().GetValue() != 3 {
			t.Errorf("failures %v, %v, want 3 of one chore", counted, err)
		}
	})
}

func TestSweep(t *testing.T) {
	for name, test := range map[string]struct {
		asOf config.Time
		want time.Time
		warn bool
	}{
		"now":        {config.Time{}, now, false},
		"the past":   {config.Time(now.Add(-time.Hour)), now.Add(-time.Hour), false},
		"the future": {config.Time(now.Add(time.Hour)), now.Add(time.Hour), true},
	} {
		t.Run(name, func(t *testing.T) {
			streams, m := capture(""), newMarket()
			var runs []time.Time
			chores := []Chore{{Name: "one", Run: func(_ context.Context, asOf time.Time) error {
				runs = append(runs, asOf)
				return nil
			}}}
			if err := Sweep(t.Context(), &config.Sweep{AsOf: test.asOf}, m, chores, fixedClock(now), streams.Streams); err != nil {
				t.Fatal(err)
			}
			if len(runs) != 1 || !runs[0].Equal(test.want) {
				t.Errorf("the chore ran as of %v", runs)
			}
			if len(m.sweeps) != 1 || !m.sweeps[0].Equal(test.want) || strings.Contains(streams.err.String(), "future") != test.warn {
				t.Errorf("%v %q", m.sweeps, streams.err)
			}
			if got := streams.out.String(); got != "2 changes completed after a crash, 3 due cases evaluated\n" {
				t.Errorf("%q", got)
			}
		})
	}
}

// The address that was bound decides, not its name.
func TestListenOnLoopbackOnly(t *testing.T) {
	for address, good := range map[config.Address]bool{
		"127.0.0.1:0": true, "localhost:0": true, "[::ffff:127.0.0.1]:0": true, "0.0.0.0:0": false, ":0": false, "[::]:0": false,
	} {
		listener, err := Listen(t.Context(), "--addr", address, true)
		if (err == nil) != good || err != nil && !strings.Contains(err.Error(), "loopback") {
			t.Errorf("%s: %v, want good %t", address, err, good)
		}
		if err == nil {
			_ = listener.Close()
		}
	}
}
