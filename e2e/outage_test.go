//go:build e2e

package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cloudtag/db/mongo/mongotest"
)

// ownMongo is a MongoDB server of this test alone, which the test stops and starts.
type ownMongo struct {
	t        *testing.T
	instance string // a name that no other run has
	port     string
}

// startMongo starts an empty server by scripts/mongo. Where that is not possible the test is skipped; under CI=true it fails.
func startMongo(t *testing.T) (*ownMongo, string) {
	t.Helper()
	m := &ownMongo{t: t, instance: fmt.Sprintf("outage-%d", os.Getpid())}
	output, err := m.script("up", "--fresh")
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 2 && os.Getenv("CI") != "true" {
		t.Skip("scripts/mongo can't start a server on this machine")
	}
	if err != nil {
		t.Fatalf("scripts/mongo up: %v", err)
	}
	uri := strings.TrimSpace(output)
	m.port = strings.Trim(uri[strings.LastIndex(uri, ":"):], ":/")
	t.Cleanup(func() { _, _ = m.script("down", "--delete") })
	return m, mongotest.WithDatabase(uri, "outage")
}

func (m *ownMongo) script(args ...string) (string, error) {
	command := exec.Command("../scripts/mongo", args...)
	command.Env = append(os.Environ(), "CLOUDTAG_MONGO_INSTANCE="+m.instance, "CLOUDTAG_MONGO_FAST=") // it is crashed
	command.Stderr = os.Stderr
	output, err := command.Output()
	return string(output), err
}

// must runs the script and fails the test unless it succeeds.
func (m *ownMongo) must(args ...string) {
	m.t.Helper()
	if _, err := m.script(args...); err != nil {
		m.t.Fatalf("scripts/mongo %s: %v", strings.Join(args, " "), err)
	}
}

// ready is the status of /readyz.
func (s *server) ready() int {
	response, err := http.Get(s.url("/readyz"))
	if err != nil {
		return 0
	}
	response.Body.Close()
	return response.StatusCode
}

// TestTheDatabaseGoesAway stops the database for 20 seconds under load. Meanwhile, requests are slow or are refused with a
// request to retry; afterwards nothing acknowledged is missing, and no flip is lost.
func TestTheDatabaseGoesAway(t *testing.T) {
	t.Parallel()
	const shops, orders = 6, 400
	database, uri := startMongo(t)
	importMarket(t, uri, shops, orders)
	s := serve(t, uri)
	tokens := signed(t, "m-1", "m-2", "m-3", "m-4", "m-5", "m-6")
	batchOf := func(shop, n int) batch {
		b := batch{token: tokens[fmt.Sprintf("m-%d", shop)], key: fmt.Sprintf("batch-%d", n), scenario: "RETURN_SWAPPED"}
		for i := range 4 {
			b.orders = append(b.orders, orderNo(shop, n+i))
		}
		return b
	}
	acked := &acknowledged{orders: map[string]bool{}}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var refused atomic.Int64
	var clients sync.WaitGroup
	for shop := 1; shop <= shops; shop++ {
		clients.Go(func() {
			for n := 1; n+3 <= orders && ctx.Err() == nil; n += 4 {
				b := batchOf(shop, n)
				if submitUntilTaken(ctx, t, s, b, &refused) {
					acked.add(b.orders)
				}
			}
		})
	}
	until(t, "the load", func() bool { return acked.count() > 200 })
	stopped := time.Now()
	database.must("down", "--crash")
	until(t, "/readyz turns red", func() bool { return s.ready() == http.StatusServiceUnavailable })
	until(t, "20 seconds", func() bool { return time.Since(stopped) > 20*time.Second })
	before := acked.count()
	database.must("up", "--port", database.port)
	until(t, "/readyz turns green", func() bool { return s.ready() == http.StatusOK })
	until(t, "the load goes on", func() bool { return acked.count() > before+200 })
	cancel()
	clients.Wait()
	t.Logf("%d orders acknowledged, %d answers asked to try again", acked.count(), refused.Load())
	for shop := 1; shop <= shops; shop++ { // what was under way at the end is taken or not: repeat it with its key
		for n := 1; n+3 <= orders; n += 4 {
			if acked.has(orderNo(shop, n)) {
				continue
			}
			b := batchOf(shop, n)
			if submitUntilTaken(t.Context(), t, s, b, &refused) {
				acked.add(b.orders)
			}
			break
		}
	}
	s.stop()
	mustCloudtag(t, "sweep", "--db", uri)
	checkAfterCrash(t, uri, acked.orders)
}

// submitUntilTaken sends a batch with its key until it is acknowledged, or the context ends.
func submitUntilTaken(ctx context.Context, t *testing.T, s *server, b batch, refused *atomic.Int64) bool {
	for ctx.Err() == nil {
		payload, code, err := s.attempt(ctx, b)
		switch {
		case ctx.Err() != nil:
			return false
		case err == nil && code == "":
			if err := b.refusal(payload); err != nil {
				t.Error(err)
			}
			return true
		case err == nil && code != "UNAVAILABLE":
			t.Errorf("batch %s: %s, want UNAVAILABLE", b.key, code)
			return false
		}
		refused.Add(1)
		select {
		case <-ctx.Done():
		case <-time.After(200 * time.Millisecond):
		}
	}
	return false
}
