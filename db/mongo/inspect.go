package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"cloudtag/internal/storefacts"
)

// Inspect finds out about the database of a URI without changing it. The error says why nothing can be known, and
// never the credentials.
func Inspect(ctx context.Context, uri string) (facts storefacts.Facts, err error) {
	place, err := locate(uri)
	if err != nil {
		return facts, startError(place, "the address can't be read", err)
	}
	facts.Place = fmt.Sprintf("MongoDB at %s, database %q", place.hosts, place.database)
	opts := Options{}.withDefaults()
	client, err := driver.Connect(place.clientOptions(opts))
	if err != nil {
		return facts, startError(place, "the address can't be used", err)
	}
	store := newStore(client, place, opts)
	defer func() { err = errors.Join(err, store.disconnect()) }() //nolint:contextcheck // even when the caller has given up
	if err := store.look(ctx, place, &facts); err != nil {
		return facts, startError(place, startFailure(err), err)
	}
	return facts, nil
}

// look asks the server about itself and the database.
func (s *Store) look(ctx context.Context, place location, facts *storefacts.Facts) error {
	if err := s.lookAtServer(ctx, facts); err != nil {
		return err
	}
	var stored struct {
		Version int `bson:"version"`
	}
	err := s.meta.FindOne(ctx, bson.D{{Key: "_id", Value: "schema"}}).Decode(&stored)
	if err != nil && !errors.Is(err, driver.ErrNoDocuments) {
		return err
	}
	facts.Schema, facts.Newest, facts.Found = stored.Version, schemaVersion, stored.Version > 0
	if !facts.Found {
		return nil
	}
	names, err := s.client.Database(place.database).ListCollectionNames(ctx, bson.D{})
	if err != nil {
		return err
	}
	for _, plan := range s.schema() {
		lacking, err := plan.missing(ctx, names)
		if err != nil {
			return err
		}
		facts.Missing = append(facts.Missing, lacking...)
	}
	return nil
}

// lookAtServer asks for version and time. The time is compared with the middle of the question.
func (s *Store) lookAtServer(ctx context.Context, facts *storefacts.Facts) error {
	admin := s.client.Database("admin")
	var build struct {
		Version string `bson:"version"`
	}
	if err := admin.RunCommand(ctx, bson.D{{Key: "buildInfo", Value: 1}}).Decode(&build); err != nil {
		return err
	}
	facts.Version = build.Version
	var hello struct {
		Kind      helloDoc  `bson:",inline"`
		LocalTime time.Time `bson:"localTime"`
	}
	asked := time.Now()
	if err := admin.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err != nil {
		return err
	}
	if took := time.Since(asked); !hello.LocalTime.IsZero() {
		ahead := hello.LocalTime.Sub(asked.Add(took / 2))
		facts.ClockAhead = &ahead
	}
	return hello.Kind.fault()
}

// missing lists what the collection lacks of its plan, itself included.
func (p collectionPlan) missing(ctx context.Context, collections []string) ([]string, error) {
	name := p.collection.Name()
	if !slices.Contains(collections, name) {
		return []string{"collection " + name}, nil
	}
	specifications, err := p.collection.Indexes().ListSpecifications(ctx)
	if err != nil {
		return nil, err
	}
	there := make(map[string]bool, len(specifications))
	for _, specification := range specifications {
		there[specification.Name] = true
	}
	var lacking []string
	for _, index := range p.indexes {
		if wanted := indexName(index); !there[wanted] {
			lacking = append(lacking, "index "+name+"."+wanted)
		}
	}
	return lacking, nil
}

// indexName is the name that an index is given.
func indexName(model driver.IndexModel) string {
	var settings options.IndexOptions
	for _, set := range model.Options.Opts {
		if err := set(&settings); err != nil {
			return ""
		}
	}
	if settings.Name == nil {
		return ""
	}
	return *settings.Name
}
