package baseline

import (
	"context"
	"errors"
	"fmt"

	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
)

// Database is one to measure on: an empty one for [Database.Write], one that the product has filled for pages.
type Database struct {
	client *driver.Client
	all    *driver.Database

	tags, cases, log *driver.Collection
}

// Open connects to the database that a URI names, with the write concern of the product.
func Open(uri string) (*Database, error) {
	client, err := driver.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	name, err := nameIn(uri)
	if err != nil {
		return nil, errors.Join(err, client.Disconnect(context.Background()))
	}
	all := client.Database(name, options.Database().SetWriteConcern(writeconcern.Majority()))
	return &Database{
		client: client, all: all, tags: all.Collection("tags"), cases: all.Collection("cases"), log: all.Collection("log"),
	}, nil
}

// Drop removes the database with all that is in it.
func (d *Database) Drop(ctx context.Context) error { return d.all.Drop(ctx) }

// Close gives the connections up.
func (d *Database) Close(ctx context.Context) error { return d.client.Disconnect(ctx) }
