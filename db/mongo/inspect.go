package mongo

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"cloudtag/internal/store"
	"cloudtag/internal/storefacts"
)

// Inspect examines the database that a URI names without changing it. Its errors never contain the credentials.
func Inspect(ctx context.Context, uri string) (facts storefacts.Facts, err error) {
	place, err := locate(uri)
	if err != nil {
		return facts, startError(place, "the address can't be read", err)
	}
	facts.Place = place.String()
	e, err := connect(uri, store.NewCatalogue(), Options{})
	if err != nil {
		return facts, err
	}
	defer func() { err = errors.Join(err, e.disconnect()) }() //nolint:contextcheck // also after the caller's context has ended
	if err := e.examine(ctx, &facts); err != nil {
		return facts, startError(place, startFailure(err), err)
	}
	return facts, nil
}

// examine collects the facts about server and database.
func (e *Engine) examine(ctx context.Context, facts *storefacts.Facts) error {
	if err := e.examineServer(ctx, facts); err != nil {
		return err
	}
	version, err := e.storedVersion(ctx)
	if err != nil {
		return err
	}
	facts.Schema, facts.Newest, facts.Found = version, schemaVersion, version > 0
	if version != schemaVersion {
		return nil
	}
	present, err := e.presentCollections(ctx)
	if err != nil {
		return err
	}
	for _, plan := range e.schema() {
		name := plan.collection.Name()
		if _, there := present[name]; !there {
			facts.Missing = append(facts.Missing, "collection "+name)
			continue
		}
		missing, err := e.missingIndexes(ctx, plan)
		if err != nil {
			return err
		}
		for _, index := range missing {
			facts.Missing = append(facts.Missing, "index "+name+"."+index.name)
		}
	}
	return nil
}

// examineServer reads the server's version and clock. The clock is compared with the middle of the round trip.
func (e *Engine) examineServer(ctx context.Context, facts *storefacts.Facts) error {
	admin := e.client.Database("admin")
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
