package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudtag/db"
	"cloudtag/db/faulty"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/command"
	"cloudtag/internal/config"
	"cloudtag/internal/live"
	"cloudtag/internal/store"

	"github.com/oklog/ulid/v2"
)

// brokenServer is the program, all of it but its command line, over a store whose calls meet faults.
type brokenServer struct {
	base, token string
	plan        *faulty.Plan
	log         *lines
}

// lines keeps what was logged.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

const faultTestSecret = "a-secret-for-tests-with-faults-0123456789abcdef"

func startBroken(t *testing.T) *brokenServer {
	t.Helper()
	b := &brokenServer{plan: faulty.NewPlan(1, 0), log: &lines{}}
	logger := slog.New(slog.NewJSONHandler(b.log, nil))
	settings := &config.Serve{Addr: "127.0.0.1:0", UpkeepInterval: time.Second, DrainTimeout: 5 * time.Second}
	settings.Secret = faultTestSecret
	ctx, stop := context.WithCancel(context.Background())
	watch, err := newObservation(ctx, settings, logger)
	if err != nil {
		t.Fatal(err)
	}
	s, err := openServices(ctx, "sqlite:"+filepath.Join(t.TempDir(), "cloudtag.db"), anyDays(), db.Options{
		Log: logger, Wrap: func(engine store.Engine) store.Engine { return watch.engine(faulty.Wrap(engine, b.plan)) },
	})
	if err != nil {
		t.Fatal(err)
	}
	system, now := cloudtag.SystemCaller("test"), s.clock.Now()
	if _, err := s.imports.Merchants(ctx, system, []cloudtag.Merchant{{ID: "m-1", Name: "店铺"}}); err != nil {
		t.Fatal(err)
	}
	_, err = s.imports.Orders(ctx, system, []cloudtag.Order{{
		OrderNo: "1", MerchantID: "m-1", BuyerID: "b-1", PlacedAt: now.Add(-time.Hour), AmountCents: 1, Currency: "CNY", ReportOutcome: cloudtag.ReportNone,
	}})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := command.Listen(ctx, "--addr", settings.Addr, false)
	if err != nil {
		t.Fatal(err)
	}
	b.base = "http://" + listener.Addr().String()
	b.token, err = signer(settings.Signing, false).Sign(cloudtag.Caller{Subject: "someone", Roles: []cloudtag.Role{cloudtag.RoleMerchant}, MerchantID: "m-1"}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		ended <- serveServices(ctx, settings, listeners{api: listener}, s, live.NewSignal(), watch, logger, command.Streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard})
	}()
	t.Cleanup(func() {
		b.plan.Clear()
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
		if err := s.store.Close(); err != nil {
			t.Error(err)
		}
	})
	response, err := http.Get(b.base + "/readyz") // answered once what is done at start is done
	if err != nil {
		t.Fatal(err)
	}
	if response.Body.Close(); response.StatusCode != http.StatusOK {
		t.Fatalf("/readyz: %s", response.Status)
	}
	return b
}

// post sends an operation and returns the whole answer.
func (b *brokenServer) post(t *testing.T, document, language string) (status int, body string) {
	t.Helper()
	content, err := json.Marshal(map[string]string{"query": document})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.base+"/graphql", bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"Content-Type": "application/json", "Authorization": "Bearer " + b.token, "Accept-Language": language} {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(answer)
}

// TestUsersOfABrokenStore: they are asked to retry, in their language and with a request id, and nothing of what is
// inside; the log has the cause under that id. When the store works again the same key is taken, once.
func TestUsersOfABrokenStore(t *testing.T) {
	b := startBroken(t)
	const submit = `mutation { submitTags(input: {orderNos: ["1"], scenario: "RETURN_SWAPPED", idempotencyKey: "k"}) { acceptedCount results { accepted tag { status } } userErrors { code } } }`
	b.plan.Break(1) // every call meets a fault, every second one a failure at least
	failures := 0
	for range 200 {
		for language, advice := range map[string]string{"en": "try again", "zh": "重试"} {
			_, body := b.post(t, submit, language)
			if strings.Contains(body, "sector") || strings.Contains(body, "faulty") || strings.Contains(body, "10.0.0.7") || strings.Contains(body, "store.go") {
				t.Fatalf("a user sees: %s", body)
			}
			if !strings.Contains(body, `"errors"`) {
				continue // nothing but delays
			}
			failures++
			id := regexp.MustCompile(`"requestId":"([^"]+)"`).FindStringSubmatch(body)
			if !strings.Contains(body, `"code":"UNAVAILABLE"`) || !strings.Contains(body, advice) || id == nil {
				t.Fatalf("a user sees: %s", body)
			}
			if failures == 1 && (!strings.Contains(b.log.String(), id[1]) || !strings.Contains(b.log.String(), faulty.Secret)) {
				t.Errorf("the log does not know what became of %s:\n%s", id[1], b.log)
			}
		}
	}
	if failures == 0 {
		t.Fatal("the faults show nothing")
	}
	b.plan.Clear()
	for range 2 {
		if status, body := b.post(t, submit, "en"); status != http.StatusOK || !strings.Contains(body, `"acceptedCount":1`) {
			t.Errorf("afterwards: %d %s", status, body)
		}
	}
}

// backwards is a clock that steps back a millisecond at every second look, and over the same times again and again.
type backwards struct {
	start time.Time
	looks int
}

func (c *backwards) Now() time.Time {
	c.looks++
	return c.start.Add(-time.Duration(c.looks/2%50) * time.Millisecond)
}

func TestIdentifiersWhenTheClockStepsBack(t *testing.T) {
	ids, seen := newIDSource(&backwards{start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}), map[string]bool{}
	for range 100_000 {
		id := ids.NewID()
		if seen[id] {
			t.Fatalf("%s was made twice", id)
		}
		seen[id] = true
	}
}

// Within one moment identifiers are in no order and at no distance that reveals how many were made in between.
func TestIdentifiersOfOneMomentDoNotCount(t *testing.T) {
	ids := newIDSource(fixed(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)))
	entropy := func() ulid.ULID { return ulid.MustParse(ids.NewID()) }
	up := 0
	before := entropy()
	for range 1000 {
		next := entropy()
		if next.Time() != before.Time() {
			t.Fatalf("%s and %s are of different moments", before, next)
		}
		if next.Compare(before) > 0 {
			up++
		}
		if string(next.Entropy()[:4]) == string(before.Entropy()[:4]) { // once in 4 million runs
			t.Errorf("%s follows %s", next, before)
		}
		before = next
	}
	if up < 350 || up > 650 {
		t.Errorf("%d of 1000 identifiers are behind the one before", up)
	}
}

// fixed is a clock that stands.
type fixed time.Time

func (f fixed) Now() time.Time { return time.Time(f) }
