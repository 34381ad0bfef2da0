package command

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
	"cloudtag/internal/config"
	"cloudtag/internal/metrics"
	"cloudtag/internal/storefacts"
)

// doctorStore is a store with configurable problems.
type doctorStore struct {
	chainedLog
	waking   int
	overdue  int
	missed   int
	noPolicy bool
	unlogged bool // it has a tag without a log entry
	failure  error
}

func (s doctorStore) TagPage(ctx context.Context, _ cloudtag.TagFilter, _ cloudtag.TagOrder, _ cloudtag.Slice) ([]cloudtag.Tag, bool, error) {
	tags, err := s.TagsByOrder(ctx, nil)
	return slices.Collect(maps.Values(tags)), false, err
}

func (s doctorStore) TagsByOrder(context.Context, []cloudtag.OrderNo) (map[cloudtag.OrderNo]cloudtag.Tag, error) {
	if !s.unlogged {
		return nil, nil
	}
	return map[cloudtag.OrderNo]cloudtag.Tag{"7": {OrderNo: "7", Status: cloudtag.TagSucceeded, EntityID: "e"}}, nil
}

func (s doctorStore) Cases(context.Context, []cloudtag.CaseID) (map[cloudtag.CaseID]cloudtag.Case, error) {
	return nil, nil
}

func (s doctorStore) CaseIDs(context.Context, cloudtag.CaseID, int) ([]cloudtag.CaseID, error) {
	return nil, nil
}

func (s doctorStore) PolicyTimeline(ctx context.Context) (cloudtag.PolicyTimeline, error) {
	policy, err := s.Policy(ctx, 1)
	return cloudtag.PolicyTimeline{Holds: policy}, err
}

func (s doctorStore) LogPage(ctx context.Context, filter cloudtag.LogFilter, slice cloudtag.Slice) ([]cloudtag.Entry, bool, error) {
	switch filter.Action {
	case "":
	case cloudtag.ActionCaseMissed:
		return slices.Repeat([]cloudtag.Entry{{Seq: 1, At: now, Action: cloudtag.ActionCaseMissed}}, s.missed), false, s.failure
	default:
		return nil, false, s.failure
	}
	if slice.Backward {
		return slices.Clone(s.chainedLog[max(0, len(s.chainedLog)-slice.Limit):]), false, s.failure
	}
	return s.chainedLog.LogPage(ctx, filter, slice)
}

func (s doctorStore) Policy(context.Context, int) (cloudtag.Policy, error) {
	if s.noPolicy {
		return cloudtag.Policy{}, cloudtag.Refuse(cloudtag.CodeNotFound, cloudtag.Text{})
	}
	return cloudtag.DefaultPolicy(now), nil
}

func (s doctorStore) WakingCases(_ context.Context, asOf time.Time, _ int) ([]cloudtag.CaseID, error) {
	if asOf.After(now.Add(-lateUpkeep)) {
		return nil, errors.New("asked for cases that became due just now")
	}
	return make([]cloudtag.CaseID, s.waking), nil
}

func (s doctorStore) CountPending(context.Context, time.Time) (int, error) { return s.overdue, nil }
func (s doctorStore) CountClaimed(context.Context, time.Time) (int, error) { return 0, nil }
func (s doctorStore) CountCases(context.Context, cloudtag.CaseFilter, int) (int, error) {
	return 0, nil
}
func (s doctorStore) Documents(context.Context, cloudtag.DocumentKind, []string) (map[string]cloudtag.Document, error) {
	return nil, nil
}

func (s doctorStore) CasePage(context.Context, cloudtag.CaseFilter, cloudtag.CaseOrder, cloudtag.Slice) ([]cloudtag.Case, bool, error) {
	return nil, false, nil
}

func TestDoctor(t *testing.T) {
	healthy := storefacts.Facts{
		Place: "SQLite at x.db", Version: "3", Found: true, Schema: 2, Newest: 2,
		Disk: &storefacts.Disk{Used: 1 << 30, Free: 50 << 30, Total: 100 << 30},
	}
	with := func(change func(*storefacts.Facts)) storefacts.Facts {
		facts := healthy
		change(&facts)
		return facts
	}
	ahead := func(by time.Duration) storefacts.Facts {
		return with(func(f *storefacts.Facts) { f.ClockAhead = &by })
	}
	free := func(bytes uint64) storefacts.Facts {
		return with(func(f *storefacts.Facts) { f.Disk = &storefacts.Disk{Used: 40 << 30, Free: bytes, Total: 100 << 30} })
	}
	const secret = "q1Z7pL0xVd3mTs9KfYb2NwRhJc5EuGa8"
	broken := newChainedLog(30)
	broken[25].Actor = "another"
	future := newChainedLog(3)
	future[2].At = now.Add(2 * time.Minute)
	tests := []struct {
		name   string
		secret string
		facts  storefacts.Facts
		gone   error
		store  doctorStore
		full   bool
		check  string
		status checkStatus
		found  string
	}{
		{name: "healthy", secret: secret, facts: healthy, check: "queue", status: checkOK, found: "0 wait"},
		{name: "records without --full", secret: secret, facts: healthy, check: "records", status: checkSkip, found: "not compared"},
		{name: "records with --full", secret: secret, facts: healthy, full: true, check: "records", status: checkOK, found: "0 tags and 0 cases"},
		{name: "unlogged tag", secret: secret, facts: healthy, store: doctorStore{unlogged: true}, full: true, check: "records", status: checkFail, found: "tag:7 is stored as (SUCCEEDED, of e), the log says ()"},
		{name: "no secret", facts: healthy, check: "secret", status: checkFail, found: "--dev"},
		{name: "the development secret", secret: auth.DevelopmentSecret, facts: healthy, check: "secret", status: checkFail, found: "everybody knows"},
		{name: "a short secret", secret: "hunter2", facts: healthy, check: "secret", status: checkFail, found: "7 bytes"},
		{name: "no database", secret: secret, gone: errors.New("no server answered"), check: "database", status: checkFail, found: "no server answered"},
		{name: "no data", secret: secret, facts: with(func(f *storefacts.Facts) { f.Found, f.Schema = false, 0 }), check: "database", status: checkWarn, found: "no data yet"},
		{name: "checks skipped without data", secret: secret, facts: with(func(f *storefacts.Facts) { f.Found, f.Schema = false, 0 }), check: "queue", status: checkSkip},
		{name: "a damaged file", secret: secret, facts: with(func(f *storefacts.Facts) { f.Damage = []string{"page 7 is lost"} }), check: "database", status: checkFail, found: "page 7 is lost"},
		{name: "an older schema", secret: secret, facts: with(func(f *storefacts.Facts) { f.Schema = 1 }), check: "schema", status: checkWarn, found: "version 1"},
		{name: "checks skipped with an older schema", secret: secret, facts: with(func(f *storefacts.Facts) { f.Schema = 1 }), check: "log chain", status: checkSkip},
		{name: "a newer schema", secret: secret, facts: with(func(f *storefacts.Facts) { f.Schema = 3 }), check: "schema", status: checkFail, found: "version 3"},
		{name: "a missing index", secret: secret, facts: with(func(f *storefacts.Facts) { f.Missing = []string{"index by_due"} }), check: "schema", status: checkFail, found: "index by_due"},
		{name: "little space", secret: secret, facts: free(3 << 30), check: "disk", status: checkWarn, found: "3.0 GiB free"},
		{name: "no space", secret: secret, facts: free(100 << 20), check: "disk", status: checkFail, found: "100.0 MiB free"},
		{name: "clocks in sync", secret: secret, facts: ahead(-time.Second), check: "clock", status: checkOK},
		{name: "clocks apart", secret: secret, facts: ahead(-2 * time.Second), check: "clock", status: checkWarn, found: "2s behind"},
		{name: "clocks far apart", secret: secret, facts: ahead(31 * time.Second), check: "clock", status: checkFail, found: "31s ahead"},
		{name: "a log from the future", secret: secret, facts: healthy, store: doctorStore{chainedLog: future}, check: "log time", status: checkFail, found: "12:02:00"},
		{name: "an empty log", secret: secret, facts: healthy, check: "log time", status: checkOK, found: "empty"},
		{name: "a broken chain", secret: secret, facts: healthy, store: doctorStore{chainedLog: broken}, check: "log chain", status: checkFail, found: "entry 26"},
		{name: "a long log", secret: secret, facts: healthy, store: doctorStore{chainedLog: newChainedLog(boundedChain + 5)}, check: "log chain", status: checkOK, found: "the newest 10000 of 10005"},
		{name: "a long log, all of it", secret: secret, facts: healthy, store: doctorStore{chainedLog: newChainedLog(boundedChain + 5)}, full: true, check: "log chain", status: checkOK, found: "all 10005"},
		{name: "no policy", secret: secret, facts: healthy, store: doctorStore{noPolicy: true}, check: "policy", status: checkWarn},
		{name: "no upkeep", secret: secret, facts: healthy, store: doctorStore{waking: 4}, check: "upkeep", status: checkFail, found: "4 cases"},
		{name: "an overdue queue", secret: secret, facts: healthy, store: doctorStore{overdue: 3}, check: "queue", status: checkWarn, found: "3 of them overdue"},
		{name: "missed reviews", secret: secret, facts: healthy, store: doctorStore{missed: 2}, check: "queue", status: checkWarn, found: "2 missed"},
		{name: "a log that can't be read", secret: secret, facts: healthy, store: doctorStore{failure: errStore}, check: "log time", status: checkFail, found: errStore.Error()},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			streams := capture("")
			settings := &config.Doctor{Database: config.Database{DB: "sqlite:x.db"}, Signing: config.Signing{Secret: config.Secret(test.secret)}, Format: "json", Full: test.full}
			err := Doctor(t.Context(), settings, DoctorParts{
				Inspect: func(_ context.Context, uri string, thorough bool) (storefacts.Facts, error) {
					if uri != "sqlite:x.db" || thorough != test.full {
						t.Errorf("inspects %s, thorough %t", uri, thorough)
					}
					return test.facts, test.gone
				},
				Open: func(_ context.Context, _ string, use func(DoctorStore, *metrics.Queue) error) error {
					return use(test.store, metrics.NewQueue(test.store, fixedClock(now), cloudtag.NewCalendar(time.UTC)))
				},
				Clock: fixedClock(now),
			}, streams.Streams)
			var report struct {
				Status checkStatus
				Checks []finding
			}
			if err := json.Unmarshal(streams.out.Bytes(), &report); err != nil {
				t.Fatal(err)
			}
			place := slices.IndexFunc(report.Checks, func(f finding) bool { return f.Check == test.check })
			if place < 0 {
				t.Fatalf("%s is not checked: %+v", test.check, report)
			}
			got := report.Checks[place]
			if got.Status != test.status || !strings.Contains(got.Found, test.found) {
				t.Errorf("got %+v", got)
			}
			if (got.Advice == "") != (got.Status == checkOK) {
				t.Errorf("advice %q for %s", got.Advice, got.Status)
			}
			if failed := test.status == checkFail; errors.Is(err, ErrChecksFailed) != failed || failed != (report.Status == checkFail) {
				t.Errorf("returned %v, status %s", err, report.Status)
			}
			if test.secret != "" && strings.Contains(streams.out.String(), test.secret) {
				t.Error("the secret is shown")
			}
		})
	}
}

func TestDoctorPrintsText(t *testing.T) {
	streams := capture("")
	err := Doctor(t.Context(), &config.Doctor{Format: "text"}, DoctorParts{
		Inspect: func(context.Context, string, bool) (storefacts.Facts, error) { return storefacts.Facts{}, errStore },
	}, streams.Streams)
	lines := strings.Split(streams.out.String(), "\n")
	if !errors.Is(err, ErrChecksFailed) || len(lines) != 5 || !strings.HasPrefix(lines[0], "fail  secret") ||
		!strings.Contains(lines[1], "→ set CLOUDTAG_JWT_SECRET") || !strings.HasPrefix(lines[2], "fail  database") {
		t.Errorf("%v:\n%s", err, streams.out)
	}
}

func TestDoctorChecksTheIdentityProvider(t *testing.T) {
	const keysURL, issuer = "https://id.example/keys", "https://id.example"
	provider := config.IdentityProvider{
		JWKSURL: keysURL, JWKSRefresh: time.Minute, JWKSMaxAge: time.Hour, RolesClaim: "roles", MerchantClaim: "merchant_id",
		RoleMap: config.RoleMap{"a": {cloudtag.RoleAdmin}},
	}
	usable := &auth.Keys{Usable: []auth.KeyName{{ID: "1", Algorithm: "RS256"}}}
	partly := &auth.Keys{Usable: usable.Usable, Ignored: []auth.IgnoredKey{{ID: "2", Reason: "n: expected 2048 bits"}}}
	tests := []struct {
		name    string
		issuer  string
		answer  auth.Answer
		failure error
		said    auth.Discovery
		unknown error
		check   string
		status  checkStatus
		found   string
	}{
		{name: "healthy", issuer: issuer, answer: auth.Answer{Keys: usable, Took: 20 * time.Millisecond}, said: auth.Discovery{Issuer: issuer, KeysURL: keysURL}, check: "issuer", status: checkOK, found: issuer},
		{name: "time to read the keys", issuer: issuer, answer: auth.Answer{Keys: usable, Took: 20 * time.Millisecond}, check: "keys", status: checkOK, found: "1 can be used, read in 20ms"},
		{name: "age of the keys", issuer: issuer, answer: auth.Answer{Keys: usable, LastModified: now.Add(-time.Hour)}, check: "keys", status: checkOK, found: "last changed 2026-03-01T11:00:00Z"},
		{name: "no secret is needed", issuer: issuer, answer: auth.Answer{Keys: usable}, check: "secret", status: checkOK, found: "identity provider"},
		{name: "some are ignored", issuer: issuer, answer: auth.Answer{Keys: partly}, check: "keys", status: checkWarn, found: "\"2\": n: expected"},
		{name: "unreachable", issuer: issuer, failure: errors.New("connection refused"), check: "keys", status: checkFail, found: "connection refused"},
		{name: "clock skew", issuer: issuer, answer: auth.Answer{Keys: usable, Date: now.Add(-time.Minute)}, check: "key clock", status: checkFail, found: "1m0s"},
		{name: "another issuer", issuer: issuer, answer: auth.Answer{Keys: usable}, said: auth.Discovery{Issuer: issuer + "/", KeysURL: keysURL}, check: "issuer", status: checkFail, found: issuer + "/"},
		{name: "another address", issuer: issuer, answer: auth.Answer{Keys: usable}, said: auth.Discovery{Issuer: issuer, KeysURL: keysURL + "2"}, check: "issuer", status: checkWarn, found: "another address"},
		{name: "an issuer without OpenID configuration", issuer: "our-idp", answer: auth.Answer{Keys: usable}, unknown: errors.New("no address"), check: "issuer", status: checkWarn, found: "no address"},
		{name: "an issuer is missing", check: "provider", status: checkFail, found: "--jwt-issuer"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			streams := capture("")
			settings := &config.Doctor{Format: "json", Signing: config.Signing{Issuer: test.issuer, Audience: "a"}, IdentityProvider: provider}
			_ = Doctor(t.Context(), settings, DoctorParts{
				Inspect:  func(context.Context, string, bool) (storefacts.Facts, error) { return storefacts.Facts{}, errStore },
				ReadKeys: func(_ context.Context, _ string) (auth.Answer, error) { return test.answer, test.failure },
				Discover: func(_ context.Context, _ string) (auth.Discovery, error) { return test.said, test.unknown },
				Clock:    fixedClock(now),
			}, streams.Streams)
			for _, finding := range findingsOf(t, streams.out.Bytes()) {
				if finding.Check == test.check {
					if finding.Status != test.status || !strings.Contains(finding.Found, test.found) || finding.Status != checkOK && finding.Advice == "" {
						t.Errorf("%+v", finding)
					}
					return
				}
			}
			t.Errorf("no check %s: %s", test.check, streams.out)
		})
	}
}

func TestDoctorChecksAnOpenIDProvider(t *testing.T) {
	const keysURL, issuer = "https://id.example/keys", "https://id.example"
	whole := auth.Discovery{
		Issuer: issuer, KeysURL: keysURL, AuthorizationEndpoint: issuer + "/auth", TokenEndpoint: issuer + "/token", EndSessionEndpoint: issuer + "/end",
		CodeChallengeMethods: []string{"plain", "S256"},
	}
	but := func(change func(*auth.Discovery)) auth.Discovery {
		said := whole
		change(&said)
		return said
	}
	for _, test := range []struct {
		name    string
		said    auth.Discovery
		unknown error
		failure error
		check   string
		status  checkStatus
		found   string
	}{
		{name: "its issuer", said: whole, check: "issuer", status: checkOK, found: issuer},
		{name: "its keys", said: whole, check: "keys", status: checkOK, found: "1 can be used"},
		{name: "its sign-in", said: whole, check: "sign-in", status: checkOK, found: "PKCE, as client console"},
		{name: "no secret is needed", said: whole, check: "secret", status: checkOK, found: "identity provider"},
		{name: "unreachable", unknown: errors.New("connection refused"), check: "issuer", status: checkFail, found: "connection refused"},
		{name: "another issuer", said: but(func(d *auth.Discovery) { d.Issuer += "/" }), check: "issuer", status: checkFail, found: issuer + "/"},
		{name: "keys unreachable", said: whole, failure: errors.New("status 500"), check: "keys", status: checkFail, found: "500"},
		{name: "without the code flow", said: but(func(d *auth.Discovery) { d.TokenEndpoint = "" }), check: "sign-in", status: checkFail, found: "token_endpoint"},
		{name: "without PKCE", said: but(func(d *auth.Discovery) { d.CodeChallengeMethods = []string{"plain"} }), check: "sign-in", status: checkFail, found: "S256"},
		{name: "without code_challenge_methods_supported", said: but(func(d *auth.Discovery) { d.CodeChallengeMethods = nil }), check: "sign-in", status: checkOK, found: "console"},
		{name: "without an end_session_endpoint", said: but(func(d *auth.Discovery) { d.EndSessionEndpoint = "" }), check: "sign-in", status: checkWarn, found: "end_session_endpoint"},
	} {
		t.Run(test.name, func(t *testing.T) {
			streams := capture("")
			settings := &config.Doctor{Format: "json", Signing: config.Signing{Audience: "a"}, IdentityProvider: config.IdentityProvider{
				JWKSRefresh: time.Minute, JWKSMaxAge: time.Hour, RolesClaim: "roles", MerchantClaim: "merchant_id", RoleMap: config.RoleMap{"a": {cloudtag.RoleAdmin}},
				OIDC: config.OIDC{Issuer: issuer, ClientID: "console", Scopes: "openid"},
			}}
			_ = Doctor(t.Context(), settings, DoctorParts{
				Inspect: func(context.Context, string, bool) (storefacts.Facts, error) { return storefacts.Facts{}, errStore },
				ReadKeys: func(_ context.Context, url string) (auth.Answer, error) {
					if url != keysURL {
						t.Errorf("reads %s", url)
					}
					return auth.Answer{Keys: &auth.Keys{Usable: []auth.KeyName{{ID: "1", Algorithm: "RS256"}}}}, test.failure
				},
				Discover: func(_ context.Context, asked string) (auth.Discovery, error) {
					if asked != issuer {
						t.Errorf("asks %s", asked)
					}
					return test.said, test.unknown
				},
				Clock: fixedClock(now),
			}, streams.Streams)
			findings := findingsOf(t, streams.out.Bytes())
			place := slices.IndexFunc(findings, func(f finding) bool { return f.Check == test.check })
			if place < 0 {
				t.Fatalf("no check %s: %s", test.check, streams.out)
			}
			if got := findings[place]; got.Status != test.status || !strings.Contains(got.Found, test.found) || got.Status != checkOK && got.Advice == "" {
				t.Errorf("%+v", got)
			}
		})
	}
}

func findingsOf(t *testing.T, report []byte) []finding {
	t.Helper()
	var read struct{ Checks []finding }
	if err := json.Unmarshal(report, &read); err != nil {
		t.Fatal(err)
	}
	return read.Checks
}
