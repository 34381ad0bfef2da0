package config

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cloudtag/internal/auth"
	"cloudtag/internal/cloudtag"
)

// Serve are the settings of `cloudtag serve`.
type Serve struct {
	Database `embed:""`
	Days     `embed:""`
	Signing  `embed:"" group:"Sign-in:"`

	IdentityProvider `embed:"" group:"Sign-in:"`

	Addr           Address         `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to listen on (default ${default}); port 0 takes any that is free."`
	MetricsAddr    OptionalAddress `default:"127.0.0.1:9090" placeholder:"HOST:PORT" help:"Address that serves /metrics, apart from everything else (default ${default}); empty: nobody does. The default is given up, with a warning, when another program has it."`
	Dev            bool            `help:"For trying out on this machine: listens on loopback only, signs with the development secret, prints sign-in links."`
	AllowedOrigins []Origin        `placeholder:"ORIGIN" help:"Origins of web pages, beside the server's own, that may call the API, such as https://console.example.com. None by default."`
	UpkeepInterval time.Duration   `default:"15s" help:"How often expiry, deadlines and recovery run (default ${default})."`
	AccessLog      float64         `default:"1" placeholder:"SHARE" help:"Share of requests that the log has a line of: 1 is all, 0.01 one in a hundred and all that fail by the server's fault, 0 none (default ${default})."`
	DrainDelay     time.Duration   `default:"5s" help:"How long requests are still accepted at the end while /readyz answers 503, until load balancers have noticed (default ${default}; with --dev there is no delay)."`
	DrainTimeout   time.Duration   `default:"10s" help:"How long requests that run may take to finish at the end (default ${default})."`
	Cursors        Cursors         `embed:"" prefix:"cursor-" group:"Cursors:"`
	Telemetry      `embed:"" group:"Traces:"`
	Limits         Limits `embed:"" prefix:"limit-" group:"Limits:"`
	Trust          `embed:"" group:"Limits:"`
	Sockets        `embed:"" group:"Sockets:"`
	Webhooks       `embed:"" prefix:"webhook-" group:"Webhooks:"`
}

// DefaultMetricsAddr is the default of --metrics-addr.
const DefaultMetricsAddr OptionalAddress = "127.0.0.1:9090"

// Webhooks are the settings of webhook deliveries.
type Webhooks struct {
	AllowPrivate bool `help:"Deliver to addresses of this machine and of internal networks too. Off by default: whoever may register an address could then reach what the network keeps from the internet."`
}

// Validate checks the settings against each other.
func (s *Serve) Validate() error {
	if s.Dev && !s.Addr.loopback() {
		return fmt.Errorf("--addr: expected a loopback address such as 127.0.0.1:8080 with --dev, but got %q", string(s.Addr))
	}
	if s.Dev && s.MetricsAddr != "" && !Address(s.MetricsAddr).loopback() {
		return fmt.Errorf("--metrics-addr: expected a loopback address such as 127.0.0.1:9090 with --dev, but got %q", string(s.MetricsAddr))
	}
	if s.Dev && (s.Given() || s.Secret != "" && s.Secret != auth.DevelopmentSecret) {
		return errors.New("--dev: expected neither an identity provider (--oidc-issuer, --jwks-url) nor a secret (CLOUDTAG_JWT_SECRET) with it: it signs with the development secret, which everybody knows")
	}
	if s.DB == "memory:" && !s.Dev {
		return errors.New("--db: expected memory: only with --dev: nothing of it is kept")
	}
	return errors.Join(
		s.Cursors.check(),
		s.Signing.check(!s.Dev && !s.Given()),
		s.IdentityProvider.check(s.Signing),
		within("--upkeep-interval", s.UpkeepInterval, time.Second, time.Hour),
		s.checkAccessLog(),
		within("--drain-delay", s.DrainDelay, 0, 10*time.Minute),
		within("--drain-timeout", s.DrainTimeout, 0, 10*time.Minute),
		s.Limits.check(),
		s.Sockets.check(),
	)
}

func (s *Serve) checkAccessLog() error {
	if share := s.AccessLog; !(share >= 0 && share <= 1) { // NaN is rejected too
		return fmt.Errorf("--access-log: expected a share from 0 to 1, but got %g", share)
	}
	return nil
}

// Import are the settings of `cloudtag import`.
type Import struct {
	Database `embed:""`

	Kind   string   `arg:"" enum:"merchants,orders,risk,tags" help:"What the files hold: ${enum}."`
	Files  []string `arg:"" name:"file" help:"Files to read: .csv (with a header), .ndjson or .jsonl, each also as .gz; - is standard input."`
	Format string   `enum:",csv,ndjson" default:"" placeholder:"FORMAT" help:"csv or ndjson, whatever the names say; needed for standard input."`
	Strict bool     `help:"Stop at the first bad row instead of skipping it."`
}

// Validate checks the settings against each other.
func (i *Import) Validate() error {
	if i.Format == "" && slices.Contains(i.Files, "-") {
		return errors.New("--format: expected csv or ndjson, which standard input does not imply")
	}
	return nil
}

// Token are the settings of `cloudtag token`.
type Token struct {
	Signing `embed:"" group:"Sign-in:"`

	Role     []string      `required:"" placeholder:"ROLE" help:"Roles of the caller: MERCHANT, REVIEWER, ADMIN, PLATFORM, AUDITOR."`
	Merchant string        `placeholder:"ID" help:"Shop the caller acts for; with the role MERCHANT."`
	Subject  string        `placeholder:"NAME" help:"Who the caller is, as the log names them; by default made of the role and the shop."`
	TTL      time.Duration `name:"ttl" default:"1h" help:"How long the token is good for (default ${default})."`
	Dev      bool          `help:"Sign with the development secret, which only serve --dev accepts."`
}

// maxTTL bounds the lifetime of a token, so that one that leaks and is not revoked ends.
const maxTTL = 366 * 24 * time.Hour

// Validate checks the settings against each other.
func (t *Token) Validate() error {
	for _, role := range t.Role {
		if !slices.Contains(cloudtag.Roles(), cloudtag.Role(role)) {
			return fmt.Errorf("--role: expected %v, but got %q", cloudtag.Roles(), role)
		}
	}
	merchant := slices.Contains(t.Role, string(cloudtag.RoleMerchant))
	switch {
	case merchant && t.Merchant == "":
		return errors.New("--merchant: expected the identifier of a shop with --role MERCHANT")
	case !merchant && t.Merchant != "":
		return errors.New("--merchant: expected only with --role MERCHANT")
	}
	return errors.Join(t.check(!t.Dev), within("--ttl", t.TTL, time.Second, maxTTL))
}

// Roles returns the roles.
func (t *Token) Roles() []cloudtag.Role {
	roles := make([]cloudtag.Role, len(t.Role))
	for i, role := range t.Role {
		roles[i] = cloudtag.Role(role)
	}
	return roles
}

// Demo are the settings of `cloudtag demo`.
type Demo struct {
	Database `embed:""`

	OriginalTimes bool `help:"Keep the times of 2010 to 2016, instead of moving them so that the newest row falls on yesterday."`
}

// Sweep are the settings of `cloudtag sweep`.
type Sweep struct {
	Database `embed:""`
	Days     `embed:""`

	AsOf Time `name:"as-of" placeholder:"TIME" help:"Bring everything up to this time, such as 2026-01-31T12:00:00Z, instead of now."`
}

// Export are the settings of `cloudtag export`.
type Export struct {
	Database `embed:""`

	Kind   string `arg:"" enum:"tags,cases,log" help:"What to write: ${enum}."`
	Format string `enum:"csv,ndjson" default:"csv" help:"Form: ${enum} (default ${default})."`
	Output string `placeholder:"FILE" help:"File to write, replaced once all of it is written; standard output by default."`
}

// Copy are the settings of `cloudtag copy`.
type Copy struct {
	From string `required:"" placeholder:"URI" help:"Store to copy: sqlite:PATH or mongodb://HOST:PORT/DATABASE. Nobody may write to it meanwhile."`
	To   string `required:"" placeholder:"URI" help:"Store to copy into: an empty one, or one that a copy of the same store was begun in."`
}

// Validate checks the settings against each other.
func (c *Copy) Validate() error {
	if c.From == c.To {
		return errors.New("--to: expected another store than --from")
	}
	return nil
}

// WebhooksList are the settings of `cloudtag webhooks list`.
type WebhooksList struct {
	Database `embed:""`

	Format string `enum:"text,json" default:"text" help:"Form: ${enum} (default ${default})."`
}

// WebhooksReplay are the settings of `cloudtag webhooks replay`.
type WebhooksReplay struct {
	Database `embed:""`
	Days     `embed:""`

	Endpoint string `required:"" placeholder:"ID" help:"The endpoint; cloudtag webhooks list shows the identifiers."`
	Since    Since  `required:"" placeholder:"SEQ|TIME" help:"From where: the number of an entry of the log, or a time such as 2026-01-31T12:00:00Z."`
}

// VerifyLog are the settings of `cloudtag verify-log`.
type VerifyLog struct {
	Database `embed:""`

	Expect  []EntryHash `placeholder:"SEQ:HASH" help:"Entry and hash that an earlier run printed: the log must still hold it, so that neither its end was cut off nor all of it rewritten. Can be repeated."`
	Archive []string    `placeholder:"FILE" help:"File that cloudtag trim-log wrote: the chain is checked from the first entry of all files on, through the log. Can be repeated."`
}

// TrimLog are the settings of `cloudtag trim-log`.
type TrimLog struct {
	Database `embed:""`
	Days     `embed:""`

	Before  Time   `required:"" placeholder:"TIME" help:"Entries before it are archived and deleted: at least three years ago, such as 2023-01-01T00:00:00+08:00."`
	Archive string `required:"" placeholder:"FOLDER" help:"Folder for the file that they are written to, named by their numbers."`
}

// SimulateRings are the settings of `cloudtag simulate-rings`.
type SimulateRings struct {
	Policies   []string `enum:"plain,pairs-once,hold-pairs,by-record,guarded" default:"guarded" help:"Policies to try: ${enum} (default ${default})."`
	Rings      []Ring   `default:"5,10/3,20/3" placeholder:"SHOPS[/N]" help:"Rings: so many shops, of which N, chosen at random, tag each target; all without N (default ${default})."`
	Camouflage []int    `default:"0,40,80" help:"Shares of a ring's tags that join honest cases, in per cent (default ${default})."`
	Seeds      []uint64 `default:"1" help:"Seeds; figures are means over them, and the highest of one seed in parentheses (default ${default})."`
	Thresholds []int    `placeholder:"2,3,4,5" help:"Let no ring attack, but print what the plain policy makes of the data at these thresholds."`
	Full       bool     `help:"Every policy, with the seeds 1, 2 and 3: the table of the documentation. Takes some minutes."`

	OverturnedWeight int `default:"5" help:"What an overturned account weighs in by-record and guarded (default ${default})."`
	MinMeanWeight    int `default:"75" help:"Least mean weight in them, in per cent (default ${default})."`
	AnchorFrom       int `default:"10" help:"Trust that votes may rest on in guarded, in per cent (default ${default})."`

	Targets      int `default:"30" help:"Good accounts that a ring attacks (default ${default})."`
	Appeals      int `default:"60" help:"Share of wrongly confirmed accounts that appeal, with success, in per cent (default ${default})."`
	Mistakes     int `default:"1" help:"Share of other confirmations that an appeal overturns, in per cent (default ${default})."`
	Reviewed     int `default:"70" help:"Share of held cases of good accounts that a reviewer rejects, in per cent (default ${default})."`
	VettedOrders int `default:"30" help:"Orders after which the platform vouches for a shop (default ${default})."`
}

// Ring is the size of a ring of shops.
type Ring struct{ Shops, PerTarget int }

// UnmarshalText reads SHOPS or SHOPS/N.
func (r *Ring) UnmarshalText(text []byte) error {
	shops, perTarget, some := strings.Cut(string(text), "/")
	var err error
	if r.Shops, err = strconv.Atoi(shops); err == nil && some {
		r.PerTarget, err = strconv.Atoi(perTarget)
	}
	if err != nil || r.Shops < 2 || r.Shops > 100 || some && (r.PerTarget < 2 || r.PerTarget > r.Shops) {
		return fmt.Errorf("%q: expected a number of shops from 2 to 100, such as 5, or with how many of them tag each target, such as 10/3", text)
	}
	return nil
}

// Validate checks the ranges.
func (s *SimulateRings) Validate() error {
	for _, share := range s.Camouflage {
		if share < 0 || share > 95 {
			return fmt.Errorf("--camouflage: %d: expected 0 to 95", share)
		}
	}
	for _, threshold := range s.Thresholds {
		if threshold < 2 || threshold > 20 {
			return fmt.Errorf("--thresholds: %d: expected 2 to 20", threshold)
		}
	}
	for _, number := range []struct {
		flag          string
		value, lo, hi int
	}{
		{"overturned-weight", s.OverturnedWeight, 0, 100}, {"min-mean-weight", s.MinMeanWeight, 0, 100},
		{"anchor-from", s.AnchorFrom, 0, 95}, {"targets", s.Targets, 1, 500}, {"appeals", s.Appeals, 0, 100},
		{"mistakes", s.Mistakes, 0, 100}, {"reviewed", s.Reviewed, 0, 100}, {"vetted-orders", s.VettedOrders, 1, 100_000},
	} {
		if number.value < number.lo || number.value > number.hi {
			return fmt.Errorf("--%s: %d: expected %d to %d", number.flag, number.value, number.lo, number.hi)
		}
	}
	return nil
}

// Backup are the settings of `cloudtag backup`.
type Backup struct {
	Database `embed:""`

	Output string `required:"" placeholder:"FILE" help:"File to write; it must not exist."`
}

// Health are the settings of `cloudtag health`.
type Health struct {
	Addr Address `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address that the server listens on (default ${default}); for 0.0.0.0 this machine is asked."`
}

// Version are the settings of `cloudtag version`.
type Version struct {
	Format string `enum:"text,json" default:"text" help:"Form: ${enum} (default ${default})."`
}

// Schema are the settings of `cloudtag schema`.
type Schema struct{}

// Doctor are the settings of `cloudtag doctor`.
type Doctor struct {
	Database `embed:""`
	Days     `embed:""`
	Signing  `embed:"" group:"Sign-in:"`

	IdentityProvider `embed:"" group:"Sign-in:"`

	Full   bool   `help:"Check the whole log, every tag and case against it and, for SQLite, the whole file; it takes a minute per few million entries."`
	Format string `enum:"text,json" default:"text" help:"Form: ${enum} (default ${default})."`
}

// CheckProvider returns what is wrong with the settings of the identity provider, for the doctor, which reports it beside
// everything else.
func (d *Doctor) CheckProvider() error { return d.IdentityProvider.check(d.Signing) }
