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

	"cloudtag/internal/cloudtag"
)

// measureTrips asks a server for the same with and without a delay on the way to its database.
func (o sizingOptions) measureTrips(ctx context.Context, place *place) error {
	data := newDataset(4000, time.Now().AddDate(0, 0, -3).UTC().Truncate(cloudtag.TimeResolution))
	if err := prepare(ctx, place.uri("trips"), data); err != nil {
		return err
	}
	stored := data.batches() / 2
	if err := record(ctx, place.uri("trips"), data, stored); err != nil {
		return err
	}
	way, err := newSlowWay(ctx, place.uri("trips"))
	if err != nil {
		return err
	}
	defer way.close()
	server, err := startServer(ctx, o.Binary, way.uri)
	if err != nil {
		return err
	}
	defer server.stop()
	signer := newSigner()
	shops, err := signer.merchants(data)
	if err != nil {
		return err
	}
	reviewer, err := signer.sign(cloudtag.Caller{Subject: "reviewer", Roles: []cloudtag.Role{cloudtag.RoleReviewer}})
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
		near, far, err := o.compare(way, ask.do)
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

// compare returns the medians of how long something takes with an undelayed and a delayed way. The first of each is not
// counted: connections are opened, and what is kept in memory is read.
func (o sizingOptions) compare(way *slowWay, do func() error) (near, far time.Duration, err error) {
	medians := [2]time.Duration{}
	for i, delay := range []time.Duration{0, o.Delay} {
		way.delay.Store(int64(delay))
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
	way.delay.Store(0)
	return medians[0], medians[1], nil
}

// slowWay is a way to a database on which each round trip takes longer by a delay.
type slowWay struct {
	uri      string // the database's, by this way
	delay    atomic.Int64
	listener net.Listener
}

// newSlowWay opens a way to the first host of a URI. Replica sets and certificates are passed over: the driver is told to
// go by this way alone.
func newSlowWay(ctx context.Context, uri string) (*slowWay, error) {
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
	way := &slowWay{uri: parsed.String(), listener: listener}
	go way.accept(ctx, target) // ends with the listener
	return way, nil
}

func (w *slowWay) close() { _ = w.listener.Close() }

func (w *slowWay) accept(ctx context.Context, target string) {
	for {
		near, err := w.listener.Accept()
		if err != nil {
			return
		}
		var dialer net.Dialer
		far, err := dialer.DialContext(ctx, "tcp", target)
		if err != nil {
			_ = near.Close()
			continue
		}
		go w.carry(near, far, true)
		go w.carry(far, near, false)
	}
}

// piece is what was read at once, and when it is passed on.
type piece struct {
	content []byte
	due     time.Time
}

// carry passes everything on, in one of the directions late, until one of the two ends.
func (w *slowWay) carry(from, to net.Conn, late bool) {
	defer from.Close()
	pieces := make(chan piece, 1024)
	go func() {
		defer to.Close()
		for p := range pieces {
			<-time.After(time.Until(p.due))
			if _, err := to.Write(p.content); err != nil {
				_ = from.Close()
			}
		}
	}()
	defer close(pieces)
	for {
		buffer := make([]byte, 64<<10)
		n, err := from.Read(buffer)
		if n > 0 {
			p := piece{content: buffer[:n], due: time.Now()}
			if late {
				p.due = p.due.Add(time.Duration(w.delay.Load()))
			}
			pieces <- p
		}
		if err != nil {
			return
		}
	}
}
