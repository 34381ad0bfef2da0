package config

import (
	"bytes"
	"errors"
	"net/netip"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"cloudtag/internal/cloudtag"
)

const goodSecret = "0123456789abcdef0123456789abcdef"

func defaultServe() *Serve {
	return &Serve{
		Database: Database{DB: "sqlite:data/cloudtag.db"}, Days: daysOf("Asia/Shanghai"), Signing: Signing{Secret: goodSecret}, Addr: "127.0.0.1:8080", MetricsAddr: "127.0.0.1:9090",
		UpkeepInterval: 15 * time.Second, AccessLog: 1, DrainDelay: 5 * time.Second, DrainTimeout: 10 * time.Second, Limits: defaultLimits(), IdentityProvider: defaultProvider(),
		Sockets: Sockets{
			Total: 10_000, SigningIn: 100, PerCaller: 100, Subscriptions: 20, MessageBytes: 1 << 20, MessageRate: 100,
			InitTimeout: 10 * time.Second, PingInterval: 15 * time.Second, IdleTimeout: 10 * time.Minute,
			Lifetime: 12 * time.Hour, WriteTimeout: 30 * time.Second,
		},
	}
}

func daysOf(zone string) Days {
	var days Days
	if err := days.TimeZone.UnmarshalText([]byte(zone)); err != nil {
		panic(err)
	}
	return days
}

func defaultLimits() Limits {
	return Limits{
		BodyBytes: 1 << 20, BodiesBytes: 64 << 20, HeaderBytes: 64 << 10, Tokens: 4000, Depth: 15, Aliases: 50, Fields: 600, Fragments: 100, Operations: 20,
		Complexity: 25_000, Requests: 50, RequestBurst: 200, Anonymous: 10, AnonymousBurst: 100, Tags: 10, TagBurst: 1000,
		ComplexityRate: 50_000, ComplexityBurst: 100_000, EventStreams: 100,
		RememberedCallers: 50_000, RunningPerCPU: 8, Waiting: 128, Wait: 250 * time.Millisecond,
	}
}

func defaultProvider() IdentityProvider {
	return IdentityProvider{JWKSRefresh: 10 * time.Minute, JWKSMaxAge: 24 * time.Hour, RolesClaim: "roles", MerchantClaim: "merchant_id", OIDC: OIDC{Scopes: "openid"}}
}

func TestParse(t *testing.T) {
	with := func(change func(*Serve)) *Serve {
		serve := defaultServe()
		change(serve)
		return serve
	}
	asOf := Time(time.Date(2026, 1, 31, 4, 0, 0, 0, time.UTC))
	store := Database{DB: "sqlite:data/cloudtag.db"}
	tests := []struct {
		name        string
		args        string
		environment map[string]string
		want        any
	}{
		{"serve", "serve", nil, defaultServe()},
		{"serve with flags", "serve --addr [::1]:0 --db sqlite:x.db --upkeep-interval 1s --drain-timeout 1m --allowed-origins https://a.example,http://b.example:3000 --jwt-issuer i --jwt-audience a", nil,
			with(func(s *Serve) {
				s.Addr, s.DB, s.UpkeepInterval, s.DrainTimeout = "[::1]:0", "sqlite:x.db", time.Second, time.Minute
				s.AllowedOrigins = []Origin{"https://a.example", "http://b.example:3000"}
				s.Issuer, s.Audience = "i", "a"
			})},
		{"environment", "serve", map[string]string{"CLOUDTAG_ADDR": "0.0.0.0:80", "CLOUDTAG_DB": "sqlite:e.db", "CLOUDTAG_UPKEEP_INTERVAL": "2s", "CLOUDTAG_ALLOWED_ORIGINS": "https://a.example"},
			with(func(s *Serve) {
				s.Addr, s.DB, s.UpkeepInterval, s.AllowedOrigins = "0.0.0.0:80", "sqlite:e.db", 2*time.Second, []Origin{"https://a.example"}
			})},
		{"sockets", "serve --max-sockets 5 --max-sockets-per-caller 2 --socket-ping-interval 1s", map[string]string{"CLOUDTAG_SOCKET_IDLE_TIMEOUT": "3m"},
			with(func(s *Serve) {
				s.Total, s.PerCaller, s.PingInterval, s.IdleTimeout = 5, 2, time.Second, 3*time.Minute
			})},
		{"flag before environment", "serve --addr 127.0.0.1:1", map[string]string{"CLOUDTAG_ADDR": "127.0.0.1:2"},
			with(func(s *Serve) { s.Addr = "127.0.0.1:1" })},
		{"development needs no secret", "serve --dev", map[string]string{"CLOUDTAG_JWT_SECRET": ""},
			with(func(s *Serve) { s.Dev, s.Secret = true, "" })},
		{"development on IPv6", "serve --dev --addr [::1]:0", map[string]string{"CLOUDTAG_JWT_SECRET": ""},
			with(func(s *Serve) { s.Dev, s.Secret, s.Addr = true, "", "[::1]:0" })},
		{"an identity provider alone", "serve --jwks-url https://id.example/keys --jwt-issuer i --jwt-audience a --role-map risk=REVIEWER,risk=AUDITOR,a=b=ADMIN --roles-claim realm_access.roles --merchant-claim shop --jwks-refresh 1m --jwks-max-age 1h",
			map[string]string{"CLOUDTAG_JWT_SECRET": ""}, with(func(s *Serve) {
				s.Secret, s.Issuer, s.Audience = "", "i", "a"
				s.IdentityProvider = IdentityProvider{
					JWKSURL: "https://id.example/keys", JWKSRefresh: time.Minute, JWKSMaxAge: time.Hour, RolesClaim: "realm_access.roles", MerchantClaim: "shop",
					OIDC:    OIDC{Scopes: "openid"},
					RoleMap: RoleMap{"risk": {cloudtag.RoleReviewer, cloudtag.RoleAuditor}, "a=b": {cloudtag.RoleAdmin}},
				}
			})},
		{"an OpenID Connect provider", "serve --oidc-issuer https://id.example/realm --oidc-client-id console --jwt-audience a --role-map risk=REVIEWER", map[string]string{
			"CLOUDTAG_JWT_SECRET": "", "CLOUDTAG_OIDC_SCOPES": "openid offline_access", "CLOUDTAG_OIDC_PARAMETERS": "audience=a,resource=https://tags.example.com",
		}, with(func(s *Serve) {
			s.Secret, s.Audience, s.RoleMap = "", "a", RoleMap{"risk": {cloudtag.RoleReviewer}}
			s.OIDC = OIDC{
				Issuer: "https://id.example/realm", ClientID: "console", Scopes: "openid offline_access",
				Parameters: map[string]string{"audience": "a", "resource": "https://tags.example.com"},
			}
		})},
		{"an identity provider of this machine, beside the secret", "serve", map[string]string{
			"CLOUDTAG_JWKS_URL": "http://[::1]:9/keys", "CLOUDTAG_JWT_ISSUER": "i", "CLOUDTAG_JWT_AUDIENCE": "a", "CLOUDTAG_ROLE_MAP": "risk = REVIEWER",
		}, with(func(s *Serve) {
			s.Issuer, s.Audience, s.JWKSURL, s.RoleMap = "i", "a", "http://[::1]:9/keys", RoleMap{"risk": {cloudtag.RoleReviewer}}
		})},
		{"import", "import orders a.csv b.ndjson --strict", nil, &Import{Database: store, Kind: "orders", Files: []string{"a.csv", "b.ndjson"}, Strict: true}},
		{"import from standard input", "import tags - --format csv", nil, &Import{Database: store, Kind: "tags", Files: []string{"-"}, Format: "csv"}},
		{"token", "token --role MERCHANT,REVIEWER --merchant m-1 --subject li --ttl 5m", nil,
			&Token{Signing: Signing{Secret: goodSecret}, Role: []string{"MERCHANT", "REVIEWER"}, Merchant: "m-1", Subject: "li", TTL: 5 * time.Minute}},
		{"demo", "demo --original-times", nil, &Demo{Database: store, OriginalTimes: true}},
		{"doctor", "doctor --full --format json", nil, &Doctor{Database: store, Days: daysOf("Asia/Shanghai"), IdentityProvider: defaultProvider(), Signing: Signing{Secret: goodSecret}, Full: true, Format: "json"}},
		{"doctor without a secret", "doctor", map[string]string{"CLOUDTAG_JWT_SECRET": ""}, &Doctor{Database: store, Days: daysOf("Asia/Shanghai"), IdentityProvider: defaultProvider(), Format: "text"}},
		{"collector", "serve --otlp-endpoint http://127.0.0.1:4318", nil, with(func(s *Serve) { s.OTLPEndpoint = "http://127.0.0.1:4318" })},
		{"collector of the standard environment", "serve", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "https://otel.example"},
			with(func(s *Serve) { s.OTLPEndpoint = "https://otel.example" })},
		{"limits", "serve --limit-body-bytes 4096 --limit-requests 0.5 --limit-tag-burst 20 --trusted-documents config.go --trusted-proxies 10.1.2.3/8,::1",
			map[string]string{"CLOUDTAG_LIMIT_DEPTH": "7", "CLOUDTAG_LIMIT_WAIT": "1s", "CLOUDTAG_LIMIT_RUNNING_PER_CPU": "0"},
			with(func(s *Serve) {
				s.Limits.BodyBytes, s.Limits.Requests, s.Limits.TagBurst, s.Limits.Depth = 4096, 0.5, 20, 7
				s.Limits.Wait, s.Limits.RunningPerCPU = time.Second, 0
				s.TrustedDocuments = []string{absolute(t, "config.go")}
				s.TrustedProxies = []Network{Network(netip.MustParsePrefix("10.0.0.0/8")), Network(netip.MustParsePrefix("::1/128"))}
			})},
		{"metrics elsewhere", "serve --metrics-addr [::1]:0", nil, with(func(s *Serve) { s.MetricsAddr = "[::1]:0" })},
		{"no metrics", "serve --metrics-addr=", nil, with(func(s *Serve) { s.MetricsAddr = "" })},
		{"no metrics by the environment", "serve", map[string]string{"CLOUDTAG_METRICS_ADDR": ""}, with(func(s *Serve) { s.MetricsAddr = "" })},
		{"secrets of cursors", "serve", map[string]string{"CLOUDTAG_CURSOR_SECRET": goodSecret, "CLOUDTAG_CURSOR_SECRET_PREVIOUS": strings.ToUpper(goodSecret)},
			with(func(s *Serve) { s.Cursors = Cursors{Secret: goodSecret, Previous: Secret(strings.ToUpper(goodSecret))} })},
		{"webhooks", "serve --webhook-allow-private", nil, with(func(s *Serve) { s.AllowPrivate = true })},
		{"webhooks list", "webhooks list --format json", nil, &WebhooksList{Database: store, Format: "json"}},
		{"webhooks replay from a number", "webhooks replay --endpoint e --since 17", nil, &WebhooksReplay{Database: store, Days: daysOf("Asia/Shanghai"), Endpoint: "e", Since: Since{Seq: 17}}},
		{"webhooks replay from a time", "webhooks replay --endpoint e --since 2026-01-31T12:00:00+08:00", nil,
			&WebhooksReplay{Database: store, Days: daysOf("Asia/Shanghai"), Endpoint: "e", Since: Since{Time: time.Time(asOf)}}},
		{"verify-log", "verify-log", nil, &VerifyLog{Database: store}},
		{"another zone", "sweep --as-of 2026-01-31T12:00:00+08:00 --time-zone America/New_York", nil, &Sweep{Database: store, Days: daysOf("America/New_York"), AsOf: asOf}},
		{"another zone by the environment", "serve", map[string]string{"CLOUDTAG_TIME_ZONE": "UTC"}, with(func(s *Serve) { s.Days = daysOf("UTC") })},
		{"sweep", "sweep --as-of 2026-01-31T12:00:00+08:00", nil, &Sweep{Database: store, Days: daysOf("Asia/Shanghai"), AsOf: asOf}},
		{"export", "export log --format ndjson --output log.ndjson", nil, &Export{Database: store, Kind: "log", Format: "ndjson", Output: "log.ndjson"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("CLOUDTAG_JWT_SECRET", goodSecret)
			for name, value := range test.environment {
				t.Setenv(name, value)
			}
			got, err := Parse(strings.Fields(test.args), nil, "v0", &bytes.Buffer{})
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got.Command, test.want) {
				t.Errorf("got  %+v\nwant %+v", got.Command, test.want)
			}
			if got.Log != (Log{Level: "info", Format: "auto"}) {
				t.Errorf("log %+v", got.Log)
			}
		})
	}
}

func TestParseNamesTheFlagAndWhatWasExpected(t *testing.T) {
	tests := []struct {
		name, args, secret string
		says               []string
	}{
		{"no command", "", goodSecret, []string{"serve"}},
		{"unknown command", "fly", goodSecret, []string{"fly"}},
		{"unknown flag", "serve --fly", goodSecret, []string{"--fly"}},
		{"address without port", "serve --addr 127.0.0.1", goodSecret, []string{"--addr", "HOST:PORT"}},
		{"address with a name as port", "serve --addr 127.0.0.1:http", goodSecret, []string{"--addr", "HOST:PORT"}},
		{"address out of range", "serve --addr 127.0.0.1:70000", goodSecret, []string{"--addr", "HOST:PORT"}},
		{"development for everybody", "serve --dev --addr 0.0.0.0:8080", goodSecret, []string{"--addr", "loopback"}},
		{"development on any host", "serve --dev --addr :8080", goodSecret, []string{"--addr", "loopback"}},
		{"development on a name", "serve --dev --addr example.com:8080", goodSecret, []string{"--addr", "loopback"}},
		{"development on an address of IPv6", "serve --dev --addr [::]:8080", "", []string{"--addr", "loopback"}},
		{"development on a mapped address", "serve --dev --addr [::ffff:192.0.2.1]:8080", "", []string{"--addr", "loopback"}},
		{"development on any mapped address", "serve --dev --addr [::ffff:0.0.0.0]:8080", "", []string{"--addr", "loopback"}},
		{"development on an address with a zone", "serve --dev --addr [fe80::1%lo]:8080", "", []string{"--addr", "loopback"}},
		{"development on a name of localhost", "serve --dev --addr localhost.example.com:8080", "", []string{"--addr", "loopback"}},
		{"development on an address that begins alike", "serve --dev --addr 127.0.0.1.example.com:8080", "", []string{"--addr", "loopback"}},
		{"development on a short address", "serve --dev --addr 127.1:8080", "", []string{"--addr", "loopback"}},
		{"development on a number", "serve --dev --addr 2130706433:8080", "", []string{"--addr", "loopback"}},
		{"development with a secret", "serve --dev", goodSecret, []string{"--dev", "CLOUDTAG_JWT_SECRET"}},
		{"development with an identity provider", "serve --dev --jwks-url https://id.example/keys --jwt-issuer i --jwt-audience a --role-map a=ADMIN", "", []string{"--dev", "--jwks-url"}},
		{"an identity provider and nothing else", "serve --jwks-url https://id.example/keys", "", []string{"--jwt-issuer", "--jwt-audience", "--role-map"}},
		{"two ways to the keys", "serve --jwks-url https://id.example/keys --oidc-issuer https://id.example --jwt-audience a --role-map a=ADMIN", "", []string{"--jwks-url", "--oidc-issuer"}},
		{"an OpenID Connect provider and nothing else", "serve --oidc-issuer https://id.example", "", []string{"--jwt-audience", "--role-map", "with --oidc-issuer"}},
		{"an OpenID Connect provider over plain HTTP", "serve --oidc-issuer http://id.example --jwt-audience a --role-map a=ADMIN", "", []string{"--oidc-issuer", "https"}},
		{"development with an OpenID Connect provider", "serve --dev --oidc-issuer https://id.example --jwt-audience a --role-map a=ADMIN", "", []string{"--dev", "--oidc-issuer"}},
		{"a client of nobody", "serve --oidc-client-id console", goodSecret, []string{"--oidc-client-id", "--oidc-issuer"}},
		{"parameters of no client", "serve --oidc-issuer https://id.example --jwt-audience a --role-map a=ADMIN --oidc-parameters audience=a", "", []string{"--oidc-parameters", "--oidc-client-id"}},
		{"a parameter that the sign-in sets", "serve --oidc-issuer https://id.example --oidc-client-id c --jwt-audience a --role-map a=ADMIN --oidc-parameters state=x", "", []string{"--oidc-parameters", "state"}},
		{"scopes without openid", "serve --oidc-issuer https://id.example --oidc-client-id c --jwt-audience a --role-map a=ADMIN --oidc-scopes offline_access", "", []string{"--oidc-scopes", "openid"}},
		{"keys over plain HTTP", "serve --jwks-url http://id.example/keys", goodSecret, []string{"--jwks-url", "https"}},
		{"keys over plain HTTP to a mapped address", "serve --jwks-url http://[::ffff:192.0.2.1]/keys", goodSecret, []string{"--jwks-url", "https"}},
		{"keys in a file", "serve --jwks-url file:///etc/keys", goodSecret, []string{"--jwks-url", "https://id.example.com/jwks.json"}},
		{"keys with a password", "serve --jwks-url https://me:s3cret@id.example/keys", goodSecret, []string{"--jwks-url", "password"}},
		{"a map without a role", "serve --role-map risk", goodSecret, []string{"--role-map", "risk-team=REVIEWER"}},
		{"a map to no role", "serve --role-map risk=ROOT", goodSecret, []string{"--role-map", "MERCHANT", "ROOT"}},
		{"a map from nothing", "serve --role-map =ADMIN", goodSecret, []string{"--role-map", "name"}},
		{"a map without a provider", "serve --role-map a=ADMIN", goodSecret, []string{"--role-map", "--jwks-url"}},
		{"keys read too often", "serve --jwks-url https://id.example/keys --jwt-issuer i --jwt-audience a --role-map a=ADMIN --jwks-refresh 1ms", goodSecret, []string{"--jwks-refresh"}},
		{"keys kept for too short", "serve --jwks-url https://id.example/keys --jwt-issuer i --jwt-audience a --role-map a=ADMIN --jwks-max-age 1m", goodSecret, []string{"--jwks-max-age"}},
		{"no secret", "serve", "", []string{"--jwt-secret", "CLOUDTAG_JWT_SECRET", "32 bytes"}},
		{"short secret", "serve", "hunter2", []string{"--jwt-secret", "32 bytes", "got 7"}},
		{"short secret for a token", "token --role ADMIN", "hunter2", []string{"--jwt-secret", "32 bytes"}},
		{"any origin", "serve --allowed-origins https://*", goodSecret, []string{"--allowed-origins", "wildcard", "https://console.example.com"}},
		{"star origin", "serve --allowed-origins=*", goodSecret, []string{"--allowed-origins", "wildcard"}},
		{"origins of a domain", "serve --allowed-origins https://a.example,https://*.example.com", goodSecret, []string{"--allowed-origins", `wildcard "https://*.example.com"`}},
		{"any port", "serve --allowed-origins http://a.example:*", goodSecret, []string{"--allowed-origins", "wildcard"}},
		{"origin with path", "serve --allowed-origins https://a.example/x", goodSecret, []string{"--allowed-origins"}},
		{"origin without scheme", "serve --allowed-origins a.example", goodSecret, []string{"--allowed-origins"}},
		{"no duration", "serve --upkeep-interval 15", goodSecret, []string{"--upkeep-interval", "duration"}},
		{"too often", "serve --upkeep-interval 1ms", goodSecret, []string{"--upkeep-interval", "1s to 1h"}},
		{"no sockets", "serve --max-sockets 0", goodSecret, []string{"--max-sockets", "1 to 1000000", "got 0"}},
		{"sockets forever", "serve --socket-lifetime 9000h", goodSecret, []string{"--socket-lifetime", "1s to 720h"}},
		{"messages of a byte", "serve --socket-message-bytes 1", goodSecret, []string{"--socket-message-bytes", "1024 to"}},
		{"unknown level", "demo --log-level loud", goodSecret, []string{"--log-level", "debug"}},
		{"no such zone", "serve --time-zone Asia/Nowhere", goodSecret, []string{"--time-zone", "Asia/Shanghai", "Asia/Nowhere"}},
		{"the machine's zone", "serve --time-zone Local", goodSecret, []string{"--time-zone", "Asia/Shanghai"}},
		{"no zone", "serve --time-zone=", goodSecret, []string{"--time-zone"}},
		{"a distance for a zone", "sweep --time-zone +08:00", goodSecret, []string{"--time-zone"}},
		{"no role", "token", goodSecret, []string{"--role"}},
		{"unknown role", "token --role ROOT", goodSecret, []string{"--role", "MERCHANT", "ROOT"}},
		{"merchant without shop", "token --role MERCHANT", goodSecret, []string{"--merchant"}},
		{"shop without merchant", "token --role ADMIN --merchant m-1", goodSecret, []string{"--merchant", "MERCHANT"}},
		{"endless token", "token --role ADMIN --ttl 100000h", goodSecret, []string{"--ttl"}},
		{"unknown kind", "import shops a.csv", goodSecret, []string{"merchants", "shops"}},
		{"no file", "import tags", goodSecret, []string{"file"}},
		{"standard input of no form", "import tags -", goodSecret, []string{"--format"}},
		{"no time", "sweep --as-of yesterday", goodSecret, []string{"--as-of", "2026-01-31T12:00:00Z"}},
		{"no collector", "serve --otlp-endpoint collector:4318", goodSecret, []string{"--otlp-endpoint", "http://127.0.0.1:4318"}},
		{"small body", "serve --limit-body-bytes 10", goodSecret, []string{"--limit-body-bytes", "1024 to 67108864", "10"}},
		{"no operation", "serve --limit-operations 0", goodSecret, []string{"--limit-operations", "1 to 1000"}},
		{"negative rate", "serve --limit-requests=-1", goodSecret, []string{"--limit-requests", "0, or 0.001 to 1000000"}},
		{"no number", "serve --limit-tags NaN", goodSecret, []string{"--limit-tags", "0.001"}},
		{"burst below a batch", "serve --limit-tag-burst 19", goodSecret, []string{"--limit-tag-burst", "20 to"}},
		{"endless wait", "serve --limit-wait 1h", goodSecret, []string{"--limit-wait", "1ms to 1m0s"}},
		{"no file of documents", "serve --trusted-documents nowhere.json", goodSecret, []string{"--trusted-documents", "nowhere.json"}},
		{"no network", "serve --trusted-proxies proxy.example", goodSecret, []string{"--trusted-proxies", "10.0.0.0/8"}},
		{"replay of nothing", "webhooks replay --since 1", goodSecret, []string{"--endpoint"}},
		{"replay from nowhere", "webhooks replay --endpoint e --since 0", goodSecret, []string{"--since", "from 1", "2026-01-31T12:00:00Z"}},
		{"short previous secret", "serve --jwt-secret-previous s3cret", goodSecret, []string{"CLOUDTAG_JWT_SECRET_PREVIOUS", "at least 32 bytes"}},
		{"previous secret alone", "serve --dev --jwt-secret-previous " + strings.Repeat("s3cret", 6), "", []string{"--jwt-secret-previous", "beside --jwt-secret"}},
		{"expected hash without a number", "verify-log --expect abc", goodSecret, []string{"--expect", "SEQ:HASH"}},
		{"expected hash that is too short", "verify-log --expect 5:abcd", goodSecret, []string{"--expect", "64 hexadecimal digits"}},
		{"no share", "serve --access-log 2", goodSecret, []string{"--access-log", "0 to 1", "2"}},
		{"no number of a share", "serve --access-log NaN", goodSecret, []string{"--access-log", "0 to 1"}},
		{"a store in memory for others", "serve --db memory:", goodSecret, []string{"--db", "--dev"}},
		{"unknown form", "export tags --format xml", goodSecret, []string{"--format", "csv"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("CLOUDTAG_JWT_SECRET", test.secret)
			got, err := Parse(strings.Fields(test.args), nil, "v0", &bytes.Buffer{})
			var usage *UsageError
			if !errors.As(err, &usage) {
				t.Fatalf("got %+v, %v; want a usage error", got.Command, err)
			}
			for _, word := range test.says {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("%q does not say %q", err, word)
				}
			}
			if test.secret != "" && strings.Contains(err.Error(), test.secret) || strings.Contains(err.Error(), "s3cret") {
				t.Errorf("%q contains the secret", err)
			}
		})
	}
}

func absolute(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(name)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestHelpAndVersion(t *testing.T) {
	for args, says := range map[string]string{
		"--help": "export", "serve --help": "--upkeep-interval", "sweep --help": "mongodb://", "import --help": "CLOUDTAG_STRICT", "--version": "cloudtag v1.2.3",
	} {
		var out bytes.Buffer
		_, err := Parse(strings.Fields(args), nil, "v1.2.3", &out)
		if !errors.Is(err, ErrHandled) || !strings.Contains(out.String(), says) {
			t.Errorf("%s: %v, %s", args, err, out.String())
		}
	}
}

func TestTokenRoles(t *testing.T) {
	token := Token{Role: []string{"ADMIN", "AUDITOR"}}
	if got := token.Roles(); !reflect.DeepEqual(got, []cloudtag.Role{cloudtag.RoleAdmin, cloudtag.RoleAuditor}) {
		t.Errorf("roles %v", got)
	}
}
