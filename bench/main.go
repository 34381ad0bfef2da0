package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/alecthomas/kong"

	"cloudtag/internal/cloudtag"
)

// commandLine is what can be measured.
type commandLine struct {
	Figures options     `cmd:"" default:"withargs" help:"Tags a second, and pages at several sizes of the store. The default."`
	Push    pushOptions `cmd:"" help:"How late live events are, and what an open socket costs."`

	Overload overloadOptions `cmd:"" help:"What becomes of answers when far more is asked than can be answered."`
}

// options are the command line of the figures.
type options struct {
	Binary  string `required:"" type:"existingfile" help:"The cloudtag binary to measure."`
	Dir     string `help:"Folder for the stores; a temporary one by default."`
	Submit  int    `default:"200000" help:"Tags to submit over HTTP and straight through the store."`
	Clients int    `default:"8" help:"Clients, and writers of the store, at once."`
	Sizes   []int  `default:"10000,100000,1000000" help:"Store sizes, in tags, at which pages are measured."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var line commandLine
	parsed := kong.Parse(&line, kong.Description("Measures CloudTag and prints what it found."), kong.BindTo(ctx, (*context.Context)(nil)))
	if err := parsed.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// Run measures and prints.
func (o options) Run(ctx context.Context) error {
	dir, remove, err := folder(o.Dir)
	if err != nil {
		return err
	}
	defer remove()
	o.Dir = dir
	signer := newSigner()
	results := newReport(storeName(o.uri("")))
	if err := o.measureSubmissions(ctx, signer, results); err != nil {
		return err
	}
	for _, size := range o.Sizes {
		if err := o.measurePages(ctx, signer, size, results); err != nil {
			return err
		}
	}
	return results.print(os.Stdout)
}

func (o options) uri(name string) string { return "sqlite:" + filepath.Join(o.Dir, name) }

// measureSubmissions sends the same batches over HTTP to one store and straight into another.
func (o options) measureSubmissions(ctx context.Context, signer *signer, results *report) error {
	data := newDataset(o.Submit, time.Now().AddDate(0, 0, -3).UTC().Truncate(cloudtag.TimeResolution))
	straight, err := o.measureStraight(ctx, data, results)
	if err != nil {
		return err
	}
	if err := prepare(ctx, o.uri("http.db"), data); err != nil {
		return err
	}
	server, err := startServer(ctx, o.Binary, o.uri("http.db"))
	if err != nil {
		return err
	}
	defer server.stop()
	tokens, err := signer.merchants(data)
	if err != nil {
		return err
	}
	began := time.Now()
	durations, err := submitBatches(ctx, server.base, tokens, data, 0, data.batches(), o.Clients)
	if err != nil {
		return err
	}
	rate := float64(data.batches()*batchSize) / time.Since(began).Seconds()
	results.add("submitTags over HTTP", data.tags, rate, "tags/s")
	results.addQuantiles("submitTags over HTTP, batch of 20", data.tags, durations)
	results.add("API rate / store rate", data.tags, rate/straight, "ratio")
	return nil
}

func (o options) measureStraight(ctx context.Context, data dataset, results *report) (rate float64, err error) {
	store, err := openStore(ctx, o.uri("straight.db"))
	if err != nil {
		return 0, err
	}
	defer store.Close()
	if err := loadOrders(ctx, store, data); err != nil {
		return 0, err
	}
	now := func(int) time.Time { return cloudtag.SystemClock{}.Now() }
	began := time.Now()
	durations, err := recordBatches(ctx, store, data, 0, data.batches(), o.Clients, now)
	if err != nil {
		return 0, err
	}
	rate = float64(data.batches()*batchSize) / time.Since(began).Seconds()
	results.add("straight through the store", data.tags, rate, "tags/s")
	results.addQuantiles("straight through the store, batch of 20", data.tags, durations)
	return rate, nil
}

// measurePages fills a store to a size, with tags over the last 170 days, serves it and asks for pages.
func (o options) measurePages(ctx context.Context, signer *signer, size int, results *report) error {
	now := cloudtag.SystemClock{}.Now()
	data := newDataset(size, now.AddDate(0, 0, -175))
	uri := o.uri(fmt.Sprintf("pages-%d.db", size))
	if err := fill(ctx, uri, data, spreadOver(data, 170, now)); err != nil {
		return err
	}
	server, err := startServer(ctx, o.Binary, uri)
	if err != nil {
		return err
	}
	defer server.stop()
	shops, err := signer.merchants(data)
	if err != nil {
		return err
	}
	reviewer, err := signer.sign(cloudtag.Caller{Subject: "reviewer", Roles: []cloudtag.Role{cloudtag.RoleReviewer}})
	if err != nil {
		return err
	}
	durations, err := measurePages(ctx, server.base, reviewer, shops, data)
	if err != nil {
		return err
	}
	for _, page := range pages() {
		results.addQuantiles(page.name+", page of 50", size, durations[page.name])
	}
	results.add("resident memory after that", size, server.residentMB(), "MB")
	return nil
}

// fill puts every batch of a data set into a new store.
func fill(ctx context.Context, uri string, data dataset, at func(k int) time.Time) error {
	store, err := openStore(ctx, uri)
	if err != nil {
		return err
	}
	defer store.Close()
	if err := loadOrders(ctx, store, data); err != nil {
		return err
	}
	_, err = recordBatches(ctx, store, data, 0, data.batches(), 8, at)
	return err
}
