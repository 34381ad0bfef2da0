package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// pushOptions are the options of `bench push`: delays of events, and the memory of open sockets.
type pushOptions struct {
	Binary  string        `required:"" type:"existingfile" help:"The cloudtag binary to measure."`
	DB      string        `placeholder:"URI" help:"The store; a new SQLite file by default."`
	Sockets int           `default:"2000" help:"Shops, each with an open socket."`
	Rate    int           `default:"200" help:"Tags submitted a second, each an event for one of the shops."`
	For     time.Duration `default:"20s" help:"Duration of each measurement: with all readers reading, and with one stalled."`
}

// Run measures and prints.
func (o pushOptions) Run(ctx context.Context) error {
	uri := o.DB
	if uri == "" {
		dir, remove, err := folder("")
		if err != nil {
			return err
		}
		defer remove()
		uri = "sqlite:" + filepath.Join(dir, "push.db")
	}
	data := dataset{
		tags: o.events() * 2, shops: o.Sockets,
		buyers: 1 << 50, // no two orders of one account: each tag is one event
		start:  daysAgo(3),
	}
	if err := prepare(ctx, uri, data); err != nil {
		return err
	}
	server, err := startServer(ctx, o.Binary, uri)
	if err != nil {
		return err
	}
	defer server.stop()
	results := newReport(storeName(uri))
	if err := o.measure(ctx, server, data, results); err != nil {
		return err
	}
	return results.print(os.Stdout)
}

// events returns the number of events of one measurement.
func (o pushOptions) events() int { return int(o.For.Seconds() * float64(o.Rate)) }

// measure opens the sockets, measures their memory, and the delays of events: first with all readers reading, then with a
// stalled reviewer who follows every shop.
func (o pushOptions) measure(ctx context.Context, server *server, data dataset, results *report) error {
	signer := newSigner()
	tokens, err := signer.merchants(data)
	if err != nil {
		return err
	}
	before, err := server.settledMB(ctx)
	if err != nil {
		return err
	}
	followers, err := followAll(ctx, server.base, tokens)
	if err != nil {
		return err
	}
	after, err := server.settledMB(ctx)
	if err != nil {
		return err
	}
	results.add(fmt.Sprintf("memory of each of %d idle sockets", o.Sockets), 0, (after-before)*1000/float64(o.Sockets), "kB")
	for round, name := range []string{"from submission to client", "the same, one reader stalled"} {
		if round > 0 {
			stalled, err := o.stall(ctx, server, signer)
			if err != nil {
				return err
			}
			defer stalled.conn.CloseNow()
			if followers, err = followAll(ctx, server.base, tokens); err != nil {
				return err
			}
		}
		rate, delays, err := o.time(ctx, server, followers, tokens, data, round)
		if err != nil {
			return err
		}
		results.addQuantiles(fmt.Sprintf("%s, %.0f events/s, %d sockets", name, rate, o.Sockets), data.tags, delays, nil)
	}
	results.add("resident memory at the end", data.tags, server.residentMB(), "MB")
	return nil
}

// time submits tags while the followers read, and returns the delays of the events.
func (o pushOptions) time(ctx context.Context, server *server, followers []*follower, tokens []string, data dataset, round int) (rate float64, delays []time.Duration, err error) {
	arrivals, stop := readAll(ctx, followers)
	defer stop()
	collected := make(chan error, 1)
	go func() {
		var err error
		delays, err = collect(ctx, arrivals, o.events())
		collected <- err
	}()
	began := time.Now()
	err = o.submit(ctx, server, tokens, data, round)
	rate = float64(o.events()) / time.Since(began).Seconds()
	return rate, delays, errors.Join(err, <-collected)
}

// stall opens a socket of a reviewer who follows every shop, which is not read.
func (o pushOptions) stall(ctx context.Context, server *server, signer *signer) (*follower, error) {
	reviewer, err := signer.reviewer("stalled")
	if err != nil {
		return nil, err
	}
	return follow(ctx, server.base, reviewer)
}

// submit submits one order at a time at a constant rate; shops take turns.
func (o pushOptions) submit(ctx context.Context, server *server, tokens []string, data dataset, round int) error {
	client := newClient(8)
	pace := time.NewTicker(time.Second / time.Duration(o.Rate))
	defer pace.Stop()
	work := make(chan int)
	failed := make(chan error, 1)
	go func() {
		_, err := inTurn(0, 8, 8, func(int) error {
			for i := range work {
				number := string(data.order(i).OrderNo)
				if err := submit(ctx, client, server.base, tokens[i%data.shops], number, number); err != nil {
					return err
				}
			}
			return nil
		})
		failed <- err
	}()
	for k := range o.events() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-failed:
			return err
		case <-pace.C:
		}
		select {
		case work <- round*o.events() + k:
		case err := <-failed:
			return err
		}
	}
	close(work)
	return <-failed
}
