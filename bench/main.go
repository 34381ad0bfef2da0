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

// commandLine is what can be measured.
type commandLine struct {
	Figures options     `cmd:"" default:"withargs" help:"Tags a second, and pages at several sizes of the store. The default."`
	Push    pushOptions `cmd:"" help:"How late live events are, and what an open socket costs."`
	Load    loadOptions `cmd:"" help:"A mix of all that people do, with 2,000 open sockets, and the server's memory meanwhile."`

	Attack   attackOptions   `cmd:"" help:"What a client gets while another caller takes as much as it can."`
	Sizing   sizingOptions   `cmd:"" help:"How much room orders and tags take, and how many round trips to a MongoDB answers wait for."`
	Overload overloadOptions `cmd:"" help:"What becomes of answers when far more is asked than can be answered."`
}

// options are the command line of the figures.
type options struct {
	Binary   string   `required:"" type:"existingfile" help:"The cloudtag binary to measure."`
	Stores   []string `enum:"sqlite,mongodb" default:"sqlite,mongodb" help:"What to measure: sqlite, mongodb or both; the latter where there is one."`
	Dir      string   `help:"Folder for the SQLite stores; a temporary one by default."`
	MongoDB  string   `name:"mongodb" env:"MONGODB_URI" placeholder:"URI" help:"A MongoDB to measure on, in databases of its own that are dropped at the end."`
	Submit   int      `placeholder:"N" help:"Tags to submit over HTTP and straight through the store: 200000 on SQLite, 10000 on MongoDB by default."`
	Clients  int      `default:"8" help:"Clients, and writers of the store, at once."`
	Sizes    []int    `placeholder:"N,…" help:"Store sizes, in tags, at which pages are measured: 10000,100000,1000000 on SQLite, 10000,40000 on MongoDB by default."`
	Requests int      `placeholder:"N" help:"How often each page is asked for: 400 times on SQLite, 100 on MongoDB by default."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var line commandLine
	parsed := kong.Parse(&line, kong.Description("Measures CloudTag and prints what it found."), kong.BindTo(ctx, (*context.Context)(nil)))
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

// measure measures a place and gives it up.
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

// written is how fast batches were stored.
type written struct {
	rate      float64 // tags a second
	durations []time.Duration
}

// measureSubmissions stores the same batches by the driver alone, straight through the store, and over HTTP, each in a
// store of its own.
func (o options) measureSubmissions(ctx context.Context, signer *signer, place *place, results *report) error {
	data := newDataset(place.submit, time.Now().AddDate(0, 0, -3).UTC().Truncate(cloudtag.TimeResolution))
	bare, err := o.measureBare(ctx, place, data)
	if err != nil {
		return err
	}
	straight, err := o.measureStraight(ctx, place.uri("straight"), data)
	if err != nil {
		return err
	}
	results.addWritten("straight through the store", data.tags, straight, bare)
	over, err := o.measureHTTP(ctx, signer, place.uri("http"), data)
	if err != nil {
		return err
	}
	results.addWritten("submitTags over HTTP", data.tags, over, bare)
	results.add("API rate / store rate", data.tags, over.rate/straight.rate, "ratio")
	return nil
}

// measureBare is zero where there is no driver.
func (o options) measureBare(ctx context.Context, place *place, data dataset) (written, error) {
	if place.bare == nil {
		return written{}, nil
	}
	database, err := place.bare(ctx, "bare")
	if err != nil {
		return written{}, err
	}
	result, err := writeBare(ctx, database, data, o.Clients)
	return result, errors.Join(err, database.Close(context.WithoutCancel(ctx)))
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

func (o options) measureStraight(ctx context.Context, uri string, data dataset) (written, error) {
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

// measurePages fills a store to a size, with tags over the last 170 days, serves it and asks for pages.
func (o options) measurePages(ctx context.Context, signer *signer, place *place, size int, results *report) error {
	now := cloudtag.SystemClock{}.Now()
	data := newDataset(size, now.AddDate(0, 0, -175))
	name := fmt.Sprintf("pages_%d", size)
	if err := fill(ctx, place.uri(name), data, spreadOver(data, 170, now)); err != nil {
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
	reviewer, err := signer.sign(cloudtag.Caller{Subject: "reviewer", Roles: []cloudtag.Role{cloudtag.RoleReviewer}})
	if err != nil {
		return err
	}
	times, err := askInTurn(ctx, place, name, func(database *baseline.Database) (pageTimes, error) {
		return measurePages(ctx, server.base, reviewer, shops, data, place.requests, database)
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

// askInTurn measures with the driver on the store with a name, or without one where there is none.
func askInTurn(ctx context.Context, place *place, name string, measure func(*baseline.Database) (pageTimes, error)) (pageTimes, error) {
	if place.bare == nil {
		return measure(nil)
	}
	database, err := place.bare(ctx, name)
	if err != nil {
		return pageTimes{}, err
	}
	times, err := measure(database)
	return times, errors.Join(err, database.Close(context.WithoutCancel(ctx)))
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
	_, err = recordBatches(ctx, store, data, data.batches(), 8, at)
	return err
}
