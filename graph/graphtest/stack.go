// Package graphtest runs the API over a store in memory, for the tests of graph and resolvers. Only tests may import it.
package graphtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cloudtag/graph"
	"cloudtag/internal/appeals"
	"cloudtag/internal/auditlog"
	"cloudtag/internal/auth"
	"cloudtag/internal/casework"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/collusion"
	"cloudtag/internal/feed"
	"cloudtag/internal/freightinsurance"
	"cloudtag/internal/handover"
	"cloudtag/internal/importing"
	"cloudtag/internal/live"
	"cloudtag/internal/locale"
	"cloudtag/internal/metrics"
	"cloudtag/internal/policylab"
	"cloudtag/internal/ratelimit"
	"cloudtag/internal/reqid"
	"cloudtag/internal/restrictions"
	"cloudtag/internal/revocations"
	"cloudtag/internal/sealing"
	"cloudtag/internal/secondreview"
	"cloudtag/internal/upkeep"
	"cloudtag/internal/vetting"
	"cloudtag/internal/webhooks"
	"cloudtag/resolvers"
)

// Clock is a test's clock: the system's, shifted by Advance, so that it agrees with timers, unless it was stopped.
type Clock struct {
	stands atomic.Pointer[time.Time]
	shift  atomic.Int64
}

// Now implements [cloudtag.Clock].
func (c *Clock) Now() time.Time {
	now := cloudtag.SystemClock{}.Now()
	if at := c.stands.Load(); at != nil {
		now = *at
	}
	return now.Add(time.Duration(c.shift.Load()))
}

// Stop stops the clock at a time, so that only Advance moves it.
func (c *Clock) Stop(at time.Time) { c.stands.Store(&at) }

// Advance moves the time on.
func (c *Clock) Advance(by time.Duration) { c.shift.Add(int64(by)) }

// Logs keeps what was logged.
type Logs struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements [io.Writer].
func (l *Logs) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

// String returns all lines so far.
func (l *Logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Stack is the API over a store in memory, served over HTTP for as long as the test.
type Stack struct {
	T       testing.TB
	Store   *Store
	Clock   *Clock
	Tail    *live.Tail
	Logs    *Logs
	Deps    resolvers.Deps
	Handler http.Handler
	Server  *httptest.Server

	// Stop signals streams that the server is stopping.
	Stop context.CancelFunc

	// Cursors seals cursors as the API does.
	Cursors *sealing.Sealer

	// Revoked knows which tokens were revoked.
	Revoked *auth.Revocations

	stopped  context.Context
	running  sync.WaitGroup // requests and sockets
	tokens   sync.Map       // authorization → auth.Session
	requests atomic.Int64
}

// New starts a stack; adjust may change the handler's configuration and the services.
func New(t testing.TB, adjust ...func(*Stack, *graph.Config)) *Stack {
	t.Helper()
	s := &Stack{T: t, Clock: &Clock{}, Logs: &Logs{}}
	var err error
	if s.Cursors, err = sealing.New([]byte("a secret for the cursors of tests")); err != nil {
		t.Fatal(err)
	}
	s.stopped, s.Stop = context.WithCancel(context.Background())
	s.Store, err = newStore(s.Clock.Now(), func() {
		if tail := s.Tail; tail != nil {
			tail.Wake()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Tail = live.New(s.Store, live.Options{Log: slog.New(slog.DiscardHandler)})
	s.Revoked = auth.NewRevocations(slog.New(slog.DiscardHandler))
	ids := cloudtag.IDFunc(func() string { return "id-" + strconv.FormatInt(s.requests.Add(1), 10) })
	cases, policies := upkeep.New(s.Store, s.Clock), policylab.NewPolicies(s.Store, s.Clock)
	calendar := cloudtag.NewCalendar(time.UTC)
	counts := metrics.New(s.Store, s.Clock, calendar)
	s.Deps = resolvers.Deps{
		Tagging:          cloudtag.NewTagging(s.Store, s.Clock, ids),
		Imports:          importing.New(s.Store, cases, s.Clock),
		Records:          cloudtag.NewRecords(s.Store, s.Clock),
		AuditLog:         auditlog.NewReader(s.Store),
		Feed:             feed.New(s.Store, s.Clock),
		Policies:         policies,
		PolicyDrafts:     policylab.NewDrafts(policies, ids),
		Rollouts:         policylab.NewRollouts(s.Store, cases, s.Clock),
		Simulations:      policylab.NewSimulations(s.Store, policies, calendar, counts, func() policylab.RecordBook { return collusion.NewBook() }),
		Reviews:          cloudtag.NewReviews(s.Store, s.Clock, ids),
		Team:             casework.NewTeam(s.Store, s.Clock, ids),
		Queue:            metrics.NewQueue(s.Store, s.Clock, calendar),
		Metrics:          counts,
		FreightInsurance: freightinsurance.New(s.Store, cloudtag.NewRecords(s.Store, s.Clock), s.Clock, ids),
		Restrictions:     restrictions.New(s.Store, s.Clock, ids),
		Revocations:      revocations.New(s.Store, cases, s.Clock, ids),
		Appeals:          appeals.New(s.Store, s.Clock, ids),
		SecondReviews:    secondreview.New(s.Store, s.Clock, func() []byte { return []byte("a secret of thirty-two bytes ...") }),
		Collusion:        collusion.New(s.Store, s.Clock),
		Quotas:           graph.TagAllowance{Shops: ratelimit.New(ratelimit.Limit{PerSecond: 10, Burst: 1000}, s.Clock, 100)},
		Vettings:         vetting.New(s.Store, s.Clock, ids),
		Views:            casework.NewSavedViews(s.Store, s.Clock),
		Revoker:          auth.NewRevoker(s.Store, s.Clock, ids),
		Sessions:         s.Revoked,
		Webhooks: webhooks.NewEndpoints(s.Store, counts, s.Clock, ids,
			func() []byte { return []byte("a secret of thirty-two bytes ...") }, webhooks.Rules{}, func() {}),
		Tail:     s.Tail,
		Presence: live.NewPresence[cloudtag.CaseID](),
		Clock:    s.Clock,
	}
	config := graph.Config{
		Cursors:      s.Cursors,
		Authenticate: s.authenticate, Sessions: s.Revoked, Clock: s.Clock,
		Log: slog.New(slog.NewTextHandler(s.Logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, change := range adjust {
		change(s, &config)
	}
	config.Resolvers = resolvers.New(s.Deps)
	s.Handler = s.identify(graph.NewHandler(config))
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = s.Tail.Run(ctx) })
	running.Go(func() { _ = s.Revoked.Run(ctx, s.Tail) })
	for looks := time.NewTicker(time.Millisecond); s.Tail.Readers() < ownReaders; <-looks.C {
	}
	s.Server = httptest.NewUnstartedServer(s.Handler)
	s.Server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	s.Server.Start()
	t.Cleanup(func() {
		s.Stop()
		s.Server.CloseClientConnections()
		s.Server.Close()
		s.Server.Client().CloseIdleConnections()
		s.running.Wait()
		cancel()
		running.Wait()
	})
	return s
}

// ownReaders is how many readers of the log the API has itself: the one that follows token revocations.
const ownReaders = 1

// Readers is how many readers of the log callers have.
func (s *Stack) Readers() int { return s.Tail.Readers() - ownReaders }

// identify stands in for internal/web: it puts session, language and request id into the context.
func (s *Stack) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.running.Add(1)
		ctx, returned := handover.With(r.Context(), s.stopped, func() {}, s.running.Done) //nolint:contextcheck // the stack's context, not the request's
		defer returned()
		ctx = reqid.With(ctx, "req-"+strconv.FormatInt(s.requests.Add(1), 10))
		ctx = locale.With(ctx, locale.Parse(r.Header.Get("Accept-Language")))
		if signedIn, err := s.authenticate(ctx, r.Header.Get("Authorization")); err == nil {
			ctx = signedIn
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func (s *Stack) authenticate(ctx context.Context, authorization string) (context.Context, error) {
	session, known := s.tokens.Load(authorization)
	if !known {
		return nil, cloudtag.Refuse(cloudtag.CodeUnauthenticated, cloudtag.Text{ZH: "令牌无效。", EN: "Bad token."})
	}
	if err := s.Revoked.Check(session.(auth.Session)); err != nil {
		return nil, err
	}
	return auth.WithSession(ctx, session.(auth.Session)), nil
}

// Token returns an Authorization header for a caller, valid for ttl from now. What follows "Bearer " is also the token's
// identifier.
func (s *Stack) Token(caller cloudtag.Caller, ttl time.Duration) string {
	id, now := fmt.Sprintf("token-%d", s.requests.Add(1)), s.Clock.Now()
	s.tokens.Store("Bearer "+id, auth.Session{Caller: caller, TokenID: id, IssuedAt: now, ExpiresAt: now.Add(ttl)})
	return "Bearer " + id
}

// LogCursor returns the cursor after an entry of the log, encrypted for a caller; 0: the beginning. A number that the log does not
// have yet gives a cursor of an entry that will never exist.
func (s *Stack) LogCursor(authorization string, seq int) string {
	s.T.Helper()
	place := cloudtag.LogPlace{Seq: int64(seq)}
	if log := s.Store.Log(); seq > len(log) {
		place.Hash = "0000000000000000"
	} else if seq > 0 {
		place = log[seq-1].Place()
	}
	return s.Seal(authorization, place.Cursor())
}

// Seal encrypts a cursor for a caller.
func (s *Stack) Seal(authorization string, cursor cloudtag.Cursor) string {
	s.T.Helper()
	session, known := s.tokens.Load(authorization)
	if !known {
		return s.Cursors.Seal(string(cursor), "")
	}
	return s.Cursors.Seal(string(cursor), session.(auth.Session).Caller.Audience())
}

// As returns an Authorization header for a role, and for merchants their shop.
func (s *Stack) As(role cloudtag.Role, shop ...cloudtag.MerchantID) string {
	caller := cloudtag.Caller{Subject: "test:" + string(role), Roles: []cloudtag.Role{role}}
	if len(shop) > 0 {
		caller.MerchantID = shop[0]
	}
	return s.Token(caller, time.Hour)
}

// Import stores shops and their orders.
func (s *Stack) Import(shops []cloudtag.MerchantID, orders ...cloudtag.Order) {
	s.T.Helper()
	ctx, caller := context.Background(), cloudtag.SystemCaller("test")
	imports := importing.New(s.Store, upkeep.New(s.Store, s.Clock), s.Clock)
	rows := make([]cloudtag.Merchant, len(shops))
	for i, shop := range shops {
		rows[i] = cloudtag.Merchant{ID: shop, Name: "Shop " + string(shop)}
	}
	if _, err := imports.Merchants(ctx, caller, rows); err != nil {
		s.T.Fatalf("import shops: %v", err)
	}
	report, err := imports.Orders(ctx, caller, orders)
	if err != nil || len(report.RowErrors) > 0 {
		s.T.Fatalf("import orders: %v, %v", err, report.RowErrors)
	}
}

// Order is an order of a shop by a buyer, placed an hour ago.
func (s *Stack) Order(number cloudtag.OrderNo, shop cloudtag.MerchantID, buyer cloudtag.BuyerID) cloudtag.Order {
	return cloudtag.Order{
		OrderNo: number, MerchantID: shop, BuyerID: buyer, PlacedAt: s.Clock.Now().Add(-time.Hour),
		AmountCents: 12_345, Currency: "CNY", FreightInsured: true, ReportOutcome: cloudtag.ReportNone,
	}
}

// Answer is a response as a client reads it.
type Answer struct {
	Status int             `json:"-"`
	Header http.Header     `json:"-"`
	Raw    string          `json:"-"`
	Data   json.RawMessage `json:"data"`
	Errors []Error         `json:"errors"`

	Extensions struct {
		RateLimit *Rate `json:"rateLimit"`
	} `json:"extensions"`
}

// Rate is a rate limit as a client reads it.
type Rate struct {
	Limit      int       `json:"limit"`
	Remaining  int       `json:"remaining"`
	ResetAt    time.Time `json:"resetAt"`
	Complexity *Rate     `json:"complexity"`
	Tags       *Rate     `json:"tags"`
}

// Error is a top-level error as a client reads it.
type Error struct {
	Message    string         `json:"message"`
	Path       []any          `json:"path"`
	Extensions map[string]any `json:"extensions"`
}

// Code is the error's code.
func (e Error) Code() string { code, _ := e.Extensions["code"].(string); return code }

// Codes are the codes of all errors.
func (a Answer) Codes() []string {
	codes := []string{}
	for _, err := range a.Errors {
		codes = append(codes, err.Code())
	}
	return codes
}

// Into decodes the data; errors fail the test.
func (a Answer) Into(t testing.TB, data any) {
	t.Helper()
	if len(a.Errors) > 0 {
		t.Fatalf("errors: %s", a.Raw)
	}
	if err := json.Unmarshal(a.Data, data); err != nil {
		t.Fatalf("data %s: %v", a.Data, err)
	}
}

// Variables of an operation.
type Variables map[string]any

// Do posts an operation, in English.
func (s *Stack) Do(authorization, query string, variables Variables) Answer {
	s.T.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		s.T.Fatal(err)
	}
	return s.Send(http.MethodPost, "/", bytes.NewReader(body), http.Header{
		"Authorization": {authorization}, "Content-Type": {"application/json"}, "Accept-Language": {"en"},
	})
}

// Send sends any request and reads the answer.
func (s *Stack) Send(method, path string, body io.Reader, header http.Header) Answer {
	s.T.Helper()
	request, err := http.NewRequestWithContext(context.Background(), method, s.Server.URL+path, body)
	if err != nil {
		s.T.Fatal(err)
	}
	request.Header = header
	response, err := s.Server.Client().Do(request)
	if err != nil {
		s.T.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		s.T.Fatal(err)
	}
	answer := Answer{Status: response.StatusCode, Header: response.Header, Raw: string(raw)}
	if err := json.Unmarshal(raw, &answer); err != nil {
		s.T.Fatalf("%d %s: %v", response.StatusCode, raw, err)
	}
	return answer
}
