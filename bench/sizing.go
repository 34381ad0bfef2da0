package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cloudtag/internal/cloudtag"
)

// sizingOptions are the options of `bench sizing`.
type sizingOptions struct {
	Binary  string        `required:"" type:"existingfile" help:"The cloudtag binary to measure."`
	Tags    int           `default:"20000" help:"Orders that are stored, and tagged."`
	MongoDB string        `name:"mongodb" env:"MONGODB_URI" placeholder:"URI" help:"A MongoDB to measure on; SQLite alone without one."`
	Delay   time.Duration `default:"50ms" help:"Latency added to each round trip to MongoDB."`
	Asks    int           `default:"9" help:"Number of requests of each kind."`
}

// Run prints the bytes of an order and a tag in each kind of store, and the number of sequential round trips to MongoDB per
// request, which is the increase of its duration divided by the added latency.
func (o sizingOptions) Run(ctx context.Context) error {
	places := options{Submit: o.Tags}
	embedded, err := places.sqlitePlace()
	if err != nil {
		return err
	}
	err = o.measureSize(ctx, embedded, func(context.Context, string) (int64, error) {
		return sizeOfFiles(filepath.Dir(strings.TrimPrefix(embedded.uri("size"), "sqlite:")))
	})
	if err = errors.Join(err, embedded.end()); err != nil || o.MongoDB == "" {
		return err
	}
	places.MongoDB = o.MongoDB
	server := places.mongoPlace(ctx)
	size := func(ctx context.Context, name string) (int64, error) {
		database, err := server.bare(ctx, name)
		if err != nil {
			return 0, err
		}
		bytes, err := database.StoredBytes(ctx)
		return bytes, errors.Join(err, database.Close(ctx))
	}
	err = o.measureSize(ctx, server, size)
	if err == nil {
		err = o.measureTrips(ctx, server)
	}
	return errors.Join(err, server.end())
}

// measureSize stores orders and tags them, and prints what each takes.
func (o sizingOptions) measureSize(ctx context.Context, place *place, size func(ctx context.Context, name string) (int64, error)) error {
	const name = "size"
	data := newDataset(o.Tags, daysAgo(3))
	results := newReport(storeName(place.uri(name)))
	// The size of an empty store with its shops is subtracted.
	if err := prepare(ctx, place.uri(name), dataset{tags: data.shops, shops: data.shops, buyers: 1, start: data.start}); err != nil {
		return err
	}
	shops, err := size(ctx, name)
	if err != nil {
		return err
	}
	if err := prepare(ctx, place.uri(name), data); err != nil {
		return err
	}
	orders, err := size(ctx, name)
	if err != nil {
		return err
	}
	if err := record(ctx, place.uri(name), data, data.batches()); err != nil {
		return err
	}
	tags, err := size(ctx, name)
	if err != nil {
		return err
	}
	results.add("an order on disk", data.tags, float64(orders-shops)/float64(data.tags-data.shops), "bytes")
	results.add("a tag on disk, with its case and its log entries", data.tags, float64(tags-orders)/float64(data.batches()*batchSize), "bytes")
	return results.print(os.Stdout)
}

// record records the first batches of a data set, whose orders are stored.
func record(ctx context.Context, uri string, data dataset, batches int) error {
	store, err := openStore(ctx, uri)
	if err != nil {
		return err
	}
	_, err = recordBatches(ctx, store, data, batches, 8, func(int) time.Time { return cloudtag.SystemClock{}.Now() })
	return errors.Join(err, store.Close())
}

// sizeOfFiles returns the size of the files in a folder.
func sizeOfFiles(dir string) (total int64, err error) {
	entries, err := os.ReadDir(dir)
	for _, entry := range entries {
		info, failure := entry.Info()
		if failure != nil {
			return 0, failure
		}
		total += info.Size()
	}
	return total, err
}
