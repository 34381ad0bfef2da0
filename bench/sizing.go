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

// sizingOptions are the command line of what a store needs.
type sizingOptions struct {
	Binary  string        `required:"" type:"existingfile" help:"The cloudtag binary to measure."`
	Tags    int           `default:"20000" help:"Orders that are stored, and tagged."`
	MongoDB string        `name:"mongodb" env:"MONGODB_URI" placeholder:"URI" help:"A MongoDB to measure on; SQLite alone without one."`
	Delay   time.Duration `default:"50ms" help:"How much longer each round trip to MongoDB takes in the second of two looks."`
	Asks    int           `default:"9" help:"How often each answer is asked for."`
}

// Run prints how many bytes an order and a tag take in each kind of store, and how many round trips to a MongoDB, one behind
// the other, an answer waits for: how much longer it takes when each takes longer.
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
	data := newDataset(o.Tags, time.Now().AddDate(0, 0, -3).UTC().Truncate(cloudtag.TimeResolution))
	results := newReport(storeName(place.uri(name)))
	// What an empty store and its shops take is left out.
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
	results.add("a tag on disk, with its case and its entries of the log", data.tags, float64(tags-orders)/float64(data.batches()*batchSize), "bytes")
	return results.print(os.Stdout)
}

// record tags the first orders of a data set, whose orders are stored.
func record(ctx context.Context, uri string, data dataset, batches int) error {
	store, err := openStore(ctx, uri)
	if err != nil {
		return err
	}
	_, err = recordBatches(ctx, store, data, batches, 8, func(int) time.Time { return cloudtag.SystemClock{}.Now() })
	return errors.Join(err, store.Close())
}

// sizeOfFiles is what the files of a folder hold.
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
