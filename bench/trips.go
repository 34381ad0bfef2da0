package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"sync/atomic"
	"time"
)

// measureTrips measures requests to a server with and without added latency to its database.
func (o sizingOptions) measureTrips(ctx context.Context, place *place) error {
	data := newDataset(4000, daysAgo(3))
	if err := prepare(ctx, place.uri("trips"), data); err != nil {
		return err
	}
	stored := data.batches() / 2
	if err := record(ctx, place.uri("trips"), data, stored); err != nil {
		return err
	}
	proxy, err := newSlowProxy(ctx, place.uri("trips"))
	if err != nil {
		return err
	}
	defer proxy.close()
	server, err := startServer(ctx, o.Binary, proxy.uri)
	if err != nil {
		return err
	}
	defer server.stop()
	signer := newSigner()
	shops, err := signer.merchants(data)
	if err != nil {
		return err
	}
	reviewer, err := signer.reviewer("reviewer")
	if err != nil {
		return err
	}
	results := newReport(storeName(place.uri("trips")))
	client, next := newClient(1), stored
	asks := []ask{{"submitTags, 20 orders", func() error { next++; return submitBatch(ctx, client, server.base, shops, data, next-1) }}}
	for _, page := range pages() {
		asks = append(asks, ask{page.name + ", page of 50", func() error {
			token := reviewer
			if !page.reviewer {
				token = shops[0]
			}
			_, err := measurePage(ctx, client, server.base, token, page, page.variables(0, data))
			return err
		}})
	}
	for _, ask := range asks {
		near, far, err := o.compare(proxy, ask.do)
		if err != nil {
			return err
		}
		results.add(ask.name, data.tags, float64(far-near)/float64(o.Delay), "round trips")
	}
	return results.print(os.Stdout)
}

// ask is a request to the API.
type ask struct {
	name string
	do   func() error
}

// compare returns the median durations of a request without and with added latency. The first one of each is ignored, since
// it opens connections and fills caches.
func (o sizingOptions) compare(proxy *slowProxy, do func() error) (near, far time.Duration, err error) {
	medians := [2]time.Duration{}
	for i, delay := range []time.Duration{0, o.Delay} {
		proxy.delay.Store(int64(delay))
		var took []time.Duration
		for n := range o.Asks + 1 {
			began := time.Now()
			if err := do(); err != nil {
				return 0, 0, err
			}
			if n > 0 {
				took = append(took, time.Since(began))
			}
		}
		medians[i] = time.Duration(quantile(took, 0.5) * float64(time.Millisecond))
	}
	proxy.delay.Store(0)
	return medians[0], medians[1], nil
}

// slowProxy is a TCP proxy to a database that adds latency to each round trip.
type slowProxy struct {
	uri      string // of the database through the proxy
	delay    atomic.Int64
	listener net.Listener
}

// newSlowProxy starts a proxy to the first host of a URI. The driver connects to it directly, ignoring the other members of
// a replica set.
func newSlowProxy(ctx context.Context, uri string) (*slowProxy, error) {
	parsed, err := url.Parse(uri)
	if err != nil {
		return nil, errors.New("the URI can't be read: name one host")
	}
	target := parsed.Host
	if parsed.Port() == "" {
		target = net.JoinHostPort(parsed.Hostname(), "27017")
	}
	var listen net.ListenConfig
	listener, err := listen.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	parsed.Host = listener.Addr().String()
	query := parsed.Query()
	query.Set("directConnection", "true")
	parsed.RawQuery = query.Encode()
	proxy := &slowProxy{uri: parsed.String(), listener: listener}
	go proxy.accept(ctx, target) // until the listener is closed
	return proxy, nil
}

func (p *slowProxy) close() { _ = p.listener.Close() }

func (p *slowProxy) accept(ctx context.Context, target string) {
	for {
		near, err := p.listener.Accept()
		if err != nil {
			return
		}
		var dialer net.Dialer
		far, err := dialer.DialContext(ctx, "tcp", target)
		if err != nil {
			_ = near.Close()
			continue
		}
		go p.forward(near, far, true)
		go p.forward(far, near, false)
	}
}

// chunk is what was read at once, and when it is forwarded.
type chunk struct {
	content []byte
	due     time.Time
}

// forward forwards one direction, delayed or not, until either connection is closed.
func (p *slowProxy) forward(from, to net.Conn, delayed bool) {
	defer from.Close()
	chunks := make(chan chunk, 1024)
	go func() {
		defer to.Close()
		for c := range chunks {
			<-time.After(time.Until(c.due))
			if _, err := to.Write(c.content); err != nil {
				_ = from.Close()
			}
		}
	}()
	defer close(chunks)
	for {
		buffer := make([]byte, 64<<10)
		n, err := from.Read(buffer)
		if n > 0 {
			c := chunk{content: buffer[:n], due: time.Now()}
			if delayed {
				c.due = c.due.Add(time.Duration(p.delay.Load()))
			}
			chunks <- c
		}
		if err != nil {
			return
		}
	}
}
