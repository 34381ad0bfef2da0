package baseline

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"cloudtag/db/mongo"
	"cloudtag/internal/store"
)

// Database is a database to measure: an empty one for [Database.Write], one filled by the product for pages.
type Database struct {
	client *driver.Client
	all    *driver.Database

	tags, cases, log *driver.Collection

	seq atomic.Int64 // of the log
}

// Open connects to the database that a URI names, with the collections, indexes and write concern of the product.
func Open(ctx context.Context, uri string) (*Database, error) {
	name, err := nameIn(uri)
	if err != nil {
		return nil, err
	}
	product, err := mongo.Open(ctx, uri, store.NewCatalogue(), mongo.Options{})
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	if err := product.Close(); err != nil { //nolint:contextcheck // also after the caller's context has ended
		return nil, fmt.Errorf("prepare: %w", err)
	}
	client, err := driver.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		return nil, errors.New("the address can't be used")
	}
	all := client.Database(name, options.Database().SetWriteConcern(writeconcern.Majority()))
	return &Database{
		client: client, all: all, tags: all.Collection("tags"), cases: all.Collection("cases"), log: all.Collection("log"),
	}, nil
}

// Drop deletes the database.
func (d *Database) Drop(ctx context.Context) error { return d.all.Drop(ctx) }

// Close closes the connections.
func (d *Database) Close(ctx context.Context) error { return d.client.Disconnect(ctx) }
