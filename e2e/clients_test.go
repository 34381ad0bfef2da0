//go:build e2e

package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudtag/internal/auth"
	domain "cloudtag/internal/cloudtag"
)

// desk is an HTTP endpoint that issues tokens to a shop's clients.
type desk struct {
	t *testing.T

	mu    sync.Mutex
	ttl   time.Duration
	given map[string]int // to each client, since the last change
}

// from changes the lifetime of tokens from now on, and resets the counts.
func (d *desk) from(ttl time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ttl, d.given = ttl, map[string]int{}
}

func (d *desk) asked(client string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.given[client] > 0
}

func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.given[r.URL.Query().Get("client")]++
	caller := domain.Caller{Subject: "someone@m-1", Roles: []domain.Role{domain.RoleMerchant}, MerchantID: "m-1"}
	// A session outlasts its token by the permitted clock difference between issuer and verifier.
	fmt.Fprint(w, signedAt(d.t, caller, time.Now().Add(-time.Hour), time.Hour+d.ttl-auth.ClockSkew))
}

// client is a program that follows a shop's tags with an unmodified client library.
type client struct {
	name string
	// resumes is set for clients that resume after the last event by themselves; for others the application gives the cursor.
	resumes bool
	// static is set for clients that never renew their token.
	static bool

	mu      sync.Mutex
	orders  []string
	viewer  string
	answers []string
	errors  []string // that a result reported to the application
	ends    []string // ends of the subscription that its application saw
	strange []string
}

// clientLine is a line of a client's output.
type clientLine struct{ Kind, OrderNo, Text string }

func (c *client) read(output io.Reader) {
	for lines := bufio.NewScanner(output); lines.Scan(); {
		var line clientLine
		err := json.Unmarshal(lines.Bytes(), &line)
		c.mu.Lock()
		switch {
		case err != nil:
			c.strange = append(c.strange, lines.Text())
		case line.Kind == "event":
			c.orders = append(c.orders, line.OrderNo)
		case line.Kind == "viewer":
			c.viewer = line.Text
		case line.Kind == "answer":
			c.answers = append(c.answers, line.Text)
		case line.Kind == "errors":
			c.errors = append(c.errors, line.Text)
		default:
			c.ends = append(c.ends, line.Kind+" "+line.Text)
		}
		c.mu.Unlock()
	}
}

// has reports whether the client has printed an event of each order.
func (c *client) has(orders []string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, order := range orders {
		if !slices.Contains(c.orders, order) {
			return false
		}
	}
	return true
}

func (c *client) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return fmt.Sprintf("%s: orders %v, viewer %q, answers %v, errors %v, ends %v, %v", c.name, c.orders, c.viewer, c.answers, c.errors, c.ends, c.strange)
}

// start runs the client until the test ends.
func (c *client) start(t *testing.T, base, desk, after string) {
	t.Helper()
	process := exec.Command("node", "follow.js", c.name)
	process.Dir = "clients"
	process.Env = append(os.Environ(), "CLOUDTAG_BASE="+base, "CLOUDTAG_DESK="+desk, "CLOUDTAG_AFTER="+after)
	input, err := process.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	process.Stderr = process.Stdout
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	read := make(chan struct{})
	go func() {
		defer close(read)
		c.read(output)
	}()
	t.Cleanup(func() {
		_ = input.Close()
		<-read
		_ = process.Wait()
	})
}

// balancer forwards connections to a server, and holds them while there is none: by default, graphql-ws gives up when a
// connection is refused.
type balancer struct {
	listener net.Listener
	server   string // address
	gone     context.Context
	running  sync.WaitGroup
}

func newBalancer(t *testing.T, server string) *balancer {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone, leave := context.WithCancel(context.Background())
	b := &balancer{listener: listener, server: server, gone: gone}
	b.running.Go(b.accept)
	t.Cleanup(func() {
		leave()
		_ = listener.Close()
		b.running.Wait()
	})
	return b
}

func (b *balancer) accept() {
	for {
		connection, err := b.listener.Accept()
		if err != nil {
			return
		}
		b.running.Go(func() { b.pass(connection) })
	}
}

func (b *balancer) pass(client net.Conn) {
	defer client.Close()
	var dialer net.Dialer
	server, err := dialer.DialContext(b.gone, "tcp", b.server)
	for ; err != nil; server, err = dialer.DialContext(b.gone, "tcp", b.server) {
		select {
		case <-b.gone.Done():
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
	defer server.Close()
	defer context.AfterFunc(b.gone, func() { _ = server.Close() })()
	var sending sync.WaitGroup
	sending.Go(func() {
		_, _ = io.Copy(server, client)
		_ = server.Close()
	})
	_, _ = io.Copy(client, server)
	_ = client.Close()
	sending.Wait()
}

// TestClientsComeBack has popular client libraries, with their defaults, follow a shop through a restart of the server and the
// end of their sessions: no subscription ends, and no event is missed.
func TestClientsComeBack(t *testing.T) {
	t.Parallel()
	if os.Getenv("CLOUDTAG_BINARY") == "" {
		t.Skip("needs Node and what make test-e2e installs")
	}
	uri := newDatabase(t)
	importMarket(t, uri, 1, 10)
	s := serve(t, uri)
	tokens := &desk{t: t}
	tokens.from(time.Hour)
	door := httptest.NewServer(tokens)
	t.Cleanup(door.Close)
	shop := merchantToken(t, "m-1")
	start := ask[struct{ LiveCursor string }](s, shop, `{ liveCursor }`, nil).LiveCursor
	clients := []*client{
		{name: "graphql-ws", resumes: true}, {name: "graphql-sse", resumes: true}, {name: "apollo"}, {name: "urql"},
		{name: "eventsource", resumes: true}, {name: "browser", resumes: true, static: true},
	}
	base := "http://" + newBalancer(t, s.address).listener.Addr().String()
	for _, c := range clients {
		c.start(t, base, door.URL, start)
	}
	var orders []string
	tag := func() {
		t.Helper()
		number := orderNo(1, len(orders)+1)
		orders = append(orders, number)
		got := s.submit(shop, "key-"+number, number)
		if got.AcceptedCount != 1 {
			t.Fatalf("%+v", got)
		}
	}
	each := func(what string, holds func(*client) bool) {
		t.Helper()
		for _, c := range clients {
			untilOr(t, func() string { return fmt.Sprintf("%s reaches %s\nthe server:\n%s", c, what, s.output) }, func() bool { return holds(c) })
		}
	}
	tag()
	each("the first event", func(c *client) bool { return c.has(orders) })

	tokens.from(4 * time.Second)
	s.stop()
	s = serveAt(t, uri, s.address)
	tag()
	each("the event after the restart", func(c *client) bool { return c.has(orders) })

	tokens.from(time.Hour)
	each("another token", func(c *client) bool { return c.static || tokens.asked(c.name) })
	tag()
	each("the event after the session", func(c *client) bool { return c.has(orders) })

	for _, c := range clients {
		c.check(t, orders)
	}
}

// check verifies the events that the client passed to its application.
func (c *client) check(t *testing.T, orders []string) {
	t.Helper()
	if len(c.ends) > 0 || len(c.strange) > 0 {
		t.Errorf("%s: its application saw an end of the subscription", c)
	}
	if c.resumes && !slices.Equal(c.orders, orders) {
		t.Errorf("%s: want each of %v once", c, orders)
	}
	switch c.name {
	case "apollo", "urql":
		if c.viewer == "" || len(c.answers) == 0 || !strings.HasPrefix(c.answers[0], "application/graphql-response+json") {
			t.Errorf("%s: want a query answered in JSON", c)
		}
		fallthrough
	case "graphql-ws":
		if len(c.errors) > 0 {
			t.Errorf("%s: want no errors", c)
		}
	default:
		if !strings.Contains(strings.Join(c.errors, ""), "UNAVAILABLE") {
			t.Errorf("%s: no UNAVAILABLE when the server stops", c)
		}
	}
}
