package config

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"cloudtag/internal/cloudtag"
)

// Limits bound what callers can cost. docs/limits.md lists all of them with these defaults, which a test compares.
type Limits struct {
	BodyBytes   int64 `default:"1048576" placeholder:"N" help:"Bytes of a request's body or query string (default ${default})."`
	BodiesBytes int64 `default:"67108864" placeholder:"N" help:"Bytes of all bodies and messages that are being read, of which one caller may have a quarter of what the others leave (default ${default})."`
	HeaderBytes int   `default:"65536" placeholder:"N" help:"Bytes of a request's headers (default ${default})."`

	Tokens     int `default:"4000" placeholder:"N" help:"Tokens of a document (default ${default})."`
	Depth      int `default:"15" placeholder:"N" help:"Levels that fields may nest (default ${default})."`
	Aliases    int `default:"50" placeholder:"N" help:"Aliases of a document, fragments expanded (default ${default})."`
	Fields     int `default:"600" placeholder:"N" help:"Fields of a document, fragments expanded (default ${default})."`
	Fragments  int `default:"100" placeholder:"N" help:"Named fragments of a document (default ${default})."`
	Operations int `default:"20" placeholder:"N" help:"Operations of a document (default ${default})."`
	Complexity int `default:"25000" placeholder:"N" help:"Fields that an answer may hold, by the sizes of its pages and lists (default ${default})."`

	Requests          float64 `default:"50" placeholder:"N" help:"Requests a second of one caller, of each shop and each other subject, on average; 0 is no limit (default ${default})."`
	RequestBurst      int     `default:"200" placeholder:"N" help:"Requests that a caller may send at once (default ${default})."`
	Anonymous         float64 `default:"10" placeholder:"N" help:"Requests a second of one client address without a valid token, on average; 0 is no limit (default ${default})."`
	AnonymousBurst    int     `default:"100" placeholder:"N" help:"Requests that such an address may send at once (default ${default})."`
	ComplexityRate    float64 `default:"50000" placeholder:"N" help:"Complexity a second of what one caller asks, on average; 0, or no limit of requests, is no limit (default ${default})."`
	ComplexityBurst   int     `default:"100000" placeholder:"N" help:"Complexity that a caller may ask for at once (default ${default})."`
	Tags              float64 `default:"10" placeholder:"N" help:"Orders a second that a shop may submit, on average; 0 is no limit (default ${default})."`
	TagBurst          int     `default:"1000" placeholder:"N" help:"Orders that a shop may submit at once, in batches (default ${default})."`
	RememberedCallers int     `default:"50000" placeholder:"N" help:"Callers of each kind that are remembered, about 300 bytes each (default ${default})."`

	RunningPerCPU int `name:"running-per-cpu" default:"8" placeholder:"N" help:"Queries and mutations that run at once, of all callers, for each processor, of which one caller may have a quarter; 0 is no limit (default ${default})."`

	EventStreams int `default:"100" placeholder:"N" help:"Event streams that a caller may have open on this instance (default ${default}); another is answered 429."`

	Waiting int           `default:"128" placeholder:"N" help:"Those that wait for a place; more are answered 503 at once (default ${default})."`
	Wait    time.Duration `default:"250ms" help:"How long one may wait while a short burst passes, and ten times as long as one may wait under lasting overload (default ${default})."`
}

// check returns which limit is out of its range.
func (l Limits) check() error {
	wholes := []struct {
		flag               string
		value, least, most int64
	}{
		{"body-bytes", l.BodyBytes, 1 << 10, 64 << 20}, {"bodies-bytes", l.BodiesBytes, 6 * l.BodyBytes, 1 << 40},
		{"header-bytes", int64(l.HeaderBytes), 4 << 10, 1 << 20},
		{"tokens", int64(l.Tokens), 100, 1 << 20}, {"depth", int64(l.Depth), 3, 100}, {"aliases", int64(l.Aliases), 1, 10_000},
		{"fields", int64(l.Fields), 10, 10_000}, {"fragments", int64(l.Fragments), 1, 10_000}, {"operations", int64(l.Operations), 1, 1000},
		{"complexity", int64(l.Complexity), 1000, 1 << 30}, {"request-burst", int64(l.RequestBurst), 1, 1 << 30},
		{"anonymous-burst", int64(l.AnonymousBurst), 1, 1 << 30}, {"complexity-burst", int64(l.ComplexityBurst), int64(l.Complexity), 1 << 40},
		{"event-streams", int64(l.EventStreams), 1, 1_000_000}, {"tag-burst", int64(l.TagBurst), cloudtag.MaxBatchOrders, 1 << 30},
		{"remembered-callers", int64(l.RememberedCallers), 100, 10_000_000},
		{"running-per-cpu", int64(l.RunningPerCPU), 0, 10_000}, {"waiting", int64(l.Waiting), 0, 1 << 20},
	}
	var wrong []error
	for _, whole := range wholes {
		wrong = append(wrong, between("--limit-"+whole.flag, whole.value, whole.least, whole.most))
	}
	const most = 1_000_000
	for flag, rate := range map[string]float64{"requests": l.Requests, "anonymous": l.Anonymous, "complexity-rate": l.ComplexityRate, "tags": l.Tags} {
		if valid := rate == 0 || rate >= 0.001 && rate <= most; !valid { // NaN is rejected too
			wrong = append(wrong, fmt.Errorf("--limit-%s: expected 0, or 0.001 to %d a second, but got %g", flag, most, rate))
		}
	}
	return errors.Join(errors.Join(wrong...), within("--limit-wait", l.Wait, time.Millisecond, time.Minute))
}

// Network is an IP prefix.
type Network netip.Prefix

// UnmarshalText reads an address, or a network such as 10.0.0.0/8.
func (n *Network) UnmarshalText(text []byte) error {
	if address, err := netip.ParseAddr(string(text)); err == nil {
		*n = Network(netip.PrefixFrom(address, address.BitLen()))
		return nil
	}
	prefix, err := netip.ParsePrefix(string(text))
	if err != nil {
		return fmt.Errorf("expected an address or a network such as 10.0.0.0/8, but got %q", text)
	}
	*n = Network(prefix.Masked())
	return nil
}

// Trust are the settings of which requests are trusted and executed.
type Trust struct {
	TrustedDocuments []string  `type:"existingfile" placeholder:"FILE" help:"Run no documents but those in these files and the console's own. Each file is a JSON object of SHA-256 hash and document; {} is none."`
	TrustedProxies   []Network `placeholder:"NETWORK" help:"Proxies whose X-Forwarded-For has the client's address, such as 10.0.0.0/8. None by default: the address of the connection counts."`
}
