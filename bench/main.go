package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"cloudtag/db/mongo/baseline"
	"cloudtag/internal/cloudtag"
)

// commandLine lists the benchmarks.
type commandLine struct {
	Figures options     `cmd:"" default:"withargs" help:"Tags a second, and pages at several sizes of the store. The default."`
	Push    pushOptions `cmd:"" help:"Delays of live events, and the memory of open sockets."`
	Load    loadOptions `cmd:"" help:"A mix of all operations, with 2,000 open sockets, and the server's memory meanwhile."`

	Attack   attackOptions   `cmd:"" help:"A client's answers while another caller attacks."`
	Sizing   sizingOptions   `cmd:"" help:"Bytes of orders and tags on disk, and round trips to MongoDB per request."`
	Overload overloadOptions `cmd:"" help:"Answers under far more requests than the server can answer."`
}

// options are the options of the figures.
type options struct {
	Binary   string   `required:"" type:"existingfile" help:"The cloudtag binary to measure."`
	Stores   []string `enum:"sqlite,mongodb" default:"sqlite,mongodb" help:"What to measure: sqlite, mongodb or both; the latter where there is one."`
	Dir      string   `help:"Folder for the SQLite stores; a temporary one by default."`
	MongoDB  string   `name:"mongodb" env:"MONGODB_URI" placeholder:"URI" help:"A MongoDB to measure on, in temporary databases."`
	Submit   int      `placeholder:"N" help:"Tags to submit over HTTP and directly through the store: 200000 on SQLite, 10000 on MongoDB by default."`
	Clients  int      `default:"8" help:"Concurrent clients, and writers of the store."`
	Sizes    []int    `placeholder:"N,…" help:"Store sizes, in tags, at which pages are measured: 10000,100000,1000000 on SQLite, 10000,40000 on MongoDB by default."`
	Requests int      `placeholder:"N" help:"Requests of each page: 400 on SQLite, 100 on MongoDB by default."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var line commandLine
	parsed := kong.Parse(&line, kong.Description("Measures CloudTag and prints figures."), kong.BindTo(ctx, (*context.Context)(nil)))
	if err := parsed.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// Run measures each kind of store and prints a table for each.
func (o options) Run(ctx context.Context) error {
	if slices.Contains(o.Stores, "sqlite") {
		place, err := o.sqlitePlace()
		if err != nil {
			return err
		}
		if err := o.measure(ctx, place); err != nil {
			return err
		}
	}
	if !slices.Contains(o.Stores, "mongodb") {
		return nil
	}
	if o.MongoDB == "" {
		_, err := fmt.Fprintln(os.Stderr, "MongoDB is not measured: run it with MONGODB_URI=mongodb://…")
		return err
	}
	return o.measure(ctx, o.mongoPlace(ctx))
}

// measure measures a place and removes its stores.
func (o options) measure(ctx context.Context, place *place) (err error) {
	defer func() { err = errors.Join(err, place.end()) }()
	signer := newSigner()
	results := newReport(storeName(place.uri("http")))
	if err := o.measureSubmissions(ctx, signer, place, results); err != nil {
		return err
	}
	for _, size := range place.sizes {
		if err := o.measurePages(ctx, signer, place, size, results); err != nil {
			return err
		}
	}
	return results.print(os.Stdout)
}

// written holds the rate and durations of writes.
type written struct {
	rate      float64 // tags a second
	durations []time.Duration
}

// measureSubmissions stores the same batches with the driver alone, directly through the store, and over HTTP, each in a
// separate store.
func (o options) measureSubmissions(ctx context.Context, signer *signer, place *place, results *report) error {
	data := newDataset(place.submit, daysAgo(3))
	var bare written
	err := place.withBare(ctx, "bare", func(database *baseline.Database) (err error) {
		if database != nil {
			bare, err = writeBare(ctx, database, data, o.Clients)
		}
		return err
	})
	if err != nil {
		return err
	}
	direct, err := o.measureDirect(ctx, place.uri("straight"), data)
	if err != nil {
		return err
	}
	results.addWritten("directly through the store", data.tags, direct, bare)
	over, err := o.measureHTTP(ctx, signer, place.uri("http"), data)
	if err != nil {
		return err
	}
	results.addWritten("submitTags over HTTP", data.tags, over, bare)
	results.add("API rate / store rate", data.tags, over.rate/direct.rate, "ratio")
	return nil
}

func (o options) measureHTTP(ctx context.Context, signer *signer, uri string, data dataset) (written, error) {
	if err := prepare(ctx, uri, data); err != nil {
		return written{}, err
	}
	server, err := startServer(ctx, o.Binary, uri)
	if err != nil {
		return written{}, err
	}
	defer server.stop()
	tokens, err := signer.merchants(data)
	if err != nil {
		return written{}, err
	}
	began := time.Now()
	durations, err := submitBatches(ctx, server.base, tokens, data, 0, data.batches(), o.Clients)
	return written{rate: float64(data.batches()*batchSize) / time.Since(began).Seconds(), durations: durations}, err
}

func (o options) measureDirect(ctx context.Context, uri string, data dataset) (written, error) {
	store, err := openStore(ctx, uri)
	if err != nil {
		return written{}, err
	}
	defer store.Close()
	if err := loadOrders(ctx, store, data); err != nil {
		return written{}, err
	}
	now := func(int) time.Time { return cloudtag.SystemClock{}.Now() }
	began := time.Now()
	durations, err := recordBatches(ctx, store, data, data.batches(), o.Clients, now)
	return written{rate: float64(data.batches()*batchSize) / time.Since(began).Seconds(), durations: durations}, err
}

// measurePages fills a store to a size, with tags of the last 170 days, serves it and requests pages.
func (o options) measurePages(ctx context.Context, signer *signer, place *place, size int, results *report) error {
	now := cloudtag.SystemClock{}.Now()
	data := newDataset(size, now.AddDate(0, 0, -175))
	name := fmt.Sprintf("pages_%d", size)
	if err := fill(ctx, place.uri(name), data, timesWithin(data, 170, now)); err != nil {
		return err
	}
	server, err := startServer(ctx, o.Binary, place.uri(name))
	if err != nil {
		return err
	}
	defer server.stop()
	shops, err := signer.merchants(data)
	if err != nil {
		return err
	}
	reviewer, err := signer.reviewer("reviewer")
	if err != nil {
		return err
	}
	var times pageTimes
	err = place.withBare(ctx, name, func(database *baseline.Database) (err error) {
		times, err = measurePages(ctx, server.base, reviewer, shops, data, place.requests, database)
		return err
	})
	if err != nil {
		return err
	}
	for _, page := range pages() {
		results.addQuantiles(page.name+", page of 50", size, times.api[page.name], times.bare[page.name])
	}
	results.add("resident memory after that", size, server.residentMB(), "MB")
	return nil
}

// fill records every batch of a data set in a new store.
func fill(ctx context.Context, uri string, data dataset, at func(k int) time.Time) error {
	store, err := openStore(ctx, uri)
	if err != nil {
		return err
	}
	defer store.Close()
	if err := loadOrders(ctx, store, data); err != nil {
		return err
	}
	_, err = recordBatches(ctx, store, data, data.batches(), 8, at)
	return err
}
