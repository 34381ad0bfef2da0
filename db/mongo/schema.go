package mongo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"cloudtag/internal/store"
)

// schemaVersion is raised by every change of documents that an older program would misread.
const schemaVersion = 3

// collectionPlan is the definition of a collection.
type collectionPlan struct {
	collection *driver.Collection
	validator  bson.D // a JSON schema
	indexes    []indexPlan
}

// indexPlan is the definition of an ascending index over the documents that have the fields in present.
type indexPlan struct {
	name    string
	keys    []string
	present []string
}

// schema returns every collection except meta, which has no indexes and no validator.
func (e *Engine) schema() []collectionPlan {
	plans := []collectionPlan{
		{e.journal, object(bson.D{atLeast(fieldID, 1), ofType("by", "string"), ofType("at", "date"), atLeast("seq", 0), ofType("records", "object"), ofType("log", "array")}),
			[]indexPlan{{name: "by_age", keys: []string{"at"}}}},
		{e.entries, object(bson.D{
			atLeast(fieldID, 1), ofType("at", "date"), ofType("actor", "string"), ofType("action", "string"),
			ofType("subjects", "array"), ofType("keys", "array"), ofType("hash", "binData"),
		}), []indexPlan{
			{name: logByKey, keys: []string{"keys", fieldID}},
			{name: logByAction, keys: []string{"action", fieldID}},
			{name: logByActor, keys: []string{"actor", fieldID}},
		}},
	}
	for _, kind := range e.kinds {
		plans = append(plans, e.planOf(kind))
	}
	return plans
}

func (e *Engine) planOf(kind *store.Kind) collectionPlan {
	plan := collectionPlan{collection: e.records[kind]}
	required := bson.D{ofType(fieldID, "string"), atLeast(fieldCommit, 1)}
	optional := bson.D{}
	for _, field := range kind.Fields {
		rule := ofType(field.Name, "string")
		switch field.Type {
		case store.FieldNumber:
			rule = bson.E{Key: field.Name, Value: bson.D{{Key: "bsonType", Value: whole()}}}
		case store.FieldTime:
			rule = ofType(field.Name, "date")
		}
		if field.Optional {
			optional = append(optional, rule)
		} else {
			required = append(required, rule)
		}
	}
	plan.validator = object(required)
	properties := &plan.validator[len(plan.validator)-1]
	properties.Value = append(required[:len(required):len(required)], optional...)
	for _, index := range kind.Indexes {
		wanted := indexPlan{name: index.Name, keys: append(append(slices.Clone(index.Fields), fieldID), index.Also...)}
		for _, name := range index.Fields {
			if field, _ := kind.Field(name); field.Optional {
				wanted.present = append(wanted.present, name)
			}
		}
		plan.indexes = append(plan.indexes, wanted)
	}
	return plan
}

// The parts of a JSON schema.

func ofType(field, kind string) bson.E {
	return bson.E{Key: field, Value: bson.D{{Key: "bsonType", Value: kind}}}
}

// whole are the integer types; the driver stores the shorter one.
func whole() bson.A { return bson.A{"int", "long"} }

func atLeast(field string, minimum int32) bson.E {
	return bson.E{Key: field, Value: bson.D{{Key: "bsonType", Value: whole()}, {Key: "minimum", Value: minimum}}}
}

// object is a schema with required fields.
func object(fields bson.D) bson.D {
	required := make(bson.A, len(fields))
	for i, field := range fields {
		required[i] = field.Key
	}
	return bson.D{{Key: "bsonType", Value: "object"}, {Key: "required", Value: required}, {Key: "properties", Value: fields}}
}

// prepare creates missing collections, validators and indexes. Several instances may do so concurrently.
func (e *Engine) prepare(ctx context.Context) error {
	version, err := e.storedVersion(ctx)
	switch {
	case err != nil:
		return err
	case version > schemaVersion:
		return fmt.Errorf("the data have schema version %d, this program knows up to %d: run a newer one", version, schemaVersion)
	case version > 0 && version < schemaVersion:
		return fmt.Errorf("the data have schema version %d, of a program before the first release: begin with a new database", version)
	}
	present, err := e.presentCollections(ctx)
	if err != nil {
		return err
	}
	for _, plan := range e.schema() {
		if err := e.prepareCollection(ctx, plan, present); err != nil {
			return fmt.Errorf("collection %q: %w", plan.collection.Name(), err)
		}
	}
	if version == schemaVersion {
		return nil
	}
	err = e.write(ctx, "store the version of the schema", func(ctx context.Context) error {
		_, err := e.meta.UpdateOne(ctx, byID("schema"),
			bson.D{{Key: "$max", Value: bson.D{{Key: "version", Value: schemaVersion}}}}, options.UpdateOne().SetUpsert(true))
		if driver.IsDuplicateKeyError(err) {
			return nil // another instance was first
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("store the version of the schema: %w", err)
	}
	return nil
}

// storedVersion returns the schema version of the data, 0 for an empty database.
func (e *Engine) storedVersion(ctx context.Context) (int, error) {
	var stored struct {
		Version int `bson:"version"`
	}
	err := e.meta.FindOne(ctx, byID("schema")).Decode(&stored)
	if err != nil && !errors.Is(err, driver.ErrNoDocuments) {
		return 0, fmt.Errorf("read the version of the schema: %w", err)
	}
	return stored.Version, nil
}

// presentCollections returns the validators of the existing collections, by name.
func (e *Engine) presentCollections(ctx context.Context) (map[string]bson.Raw, error) {
	specifications, err := e.meta.Database().ListCollectionSpecifications(ctx, bson.D{})
	if err != nil {
		return nil, fmt.Errorf("list the collections: %w", err)
	}
	present := make(map[string]bson.Raw)
	for _, specification := range specifications {
		validator, _ := specification.Options.Lookup("validator").DocumentOK()
		present[specification.Name] = validator
	}
	return present, nil
}

func (e *Engine) prepareCollection(ctx context.Context, plan collectionPlan, present map[string]bson.Raw) error {
	name := plan.collection.Name()
	validator, there := present[name]
	if !there {
		err := e.write(ctx, "create a collection", func(ctx context.Context) error {
			err := plan.collection.Database().CreateCollection(ctx, name)
			if hasCode(err, codeNamespaceExists) {
				return nil
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("create: %w", err)
		}
	}
	if err := e.setValidator(ctx, plan, validator); err != nil {
		return fmt.Errorf("set the validator: %w", err)
	}
	return e.createIndexes(ctx, plan)
}

// setValidator sets a validator unless it is already set, since collMod locks the collection. Validators are not passed when
// a collection is created, because DocumentDB ignores them there.
func (e *Engine) setValidator(ctx context.Context, plan collectionPlan, present bson.Raw) error {
	wanted, err := bson.Marshal(bson.D{{Key: "$jsonSchema", Value: plan.validator}})
	if err != nil || bytes.Equal(wanted, present) {
		return err
	}
	for attempt := 0; ; attempt++ {
		err := e.write(ctx, "set a validator", func(ctx context.Context) error {
			return plan.collection.Database().RunCommand(ctx, bson.D{
				{Key: "collMod", Value: plan.collection.Name()}, {Key: "validator", Value: bson.Raw(wanted)},
				{Key: "validationLevel", Value: "strict"}, {Key: "validationAction", Value: "error"},
			}).Err()
		})
		if !hasCode(err, codeBuilding) && !hasCode(err, codeBuildStarted) {
			return err
		}
		if attempt%100 == 0 {
			e.options.Awaited("an index of " + plan.collection.Name() + " that is being built")
			e.log.Info("waiting for an index that is being built, to set a validator", "collection", plan.collection.Name())
		}
		if err := backoff(ctx, 10); err != nil {
			return err
		}
	}
}

// Building an index of a large collection takes long; its progress is reported meanwhile.
const (
	buildTimeout   = 24 * time.Hour
	reportAfter    = 2 * time.Second
	reportInterval = 15 * time.Second
)

func (e *Engine) createIndexes(ctx context.Context, plan collectionPlan) error {
	missing, err := e.missingIndexes(ctx, plan)
	if err != nil || len(missing) == 0 {
		return err
	}
	names := make([]string, len(missing))
	models := make([]driver.IndexModel, len(missing))
	for i, index := range missing {
		names[i], models[i] = index.name, index.model()
	}
	ctx, cancel := context.WithTimeout(ctx, buildTimeout) // instead of the client's timeout
	defer cancel()
	began := time.Now()
	e.log.Debug("creating indexes", "collection", plan.collection.Name(), "indexes", names)
	building := make(chan struct{})
	defer close(building)
	e.running.Go(func() { e.reportProgress(building, plan.collection.Name(), names, began) })
	err = e.write(ctx, "create indexes", func(ctx context.Context) error {
		_, err := plan.collection.Indexes().CreateMany(ctx, models)
		return err
	})
	if hasCode(err, codeIndexOptions) || hasCode(err, codeIndexKeySpecs) {
		return fmt.Errorf("an index with the name or the keys of one of this program's has another definition; drop it: %w", err)
	}
	if err != nil {
		return fmt.Errorf("create indexes: %w", err)
	}
	if took := time.Since(began); took > time.Second {
		e.log.Info("created indexes", "collection", plan.collection.Name(), "indexes", names, "took", took)
	}
	return nil
}

func (e *Engine) reportProgress(ended <-chan struct{}, collection string, names []string, began time.Time) {
	timer := time.NewTimer(reportAfter)
	defer timer.Stop()
	for {
		select {
		case <-ended:
			return
		case <-timer.C:
			timer.Reset(reportInterval)
			e.options.Awaited(fmt.Sprintf("creating indexes of %s: %s", collection, strings.Join(names, ", ")))
			e.log.Info("still creating indexes; the start continues afterwards",
				"collection", collection, "indexes", names, "for", time.Since(began).Round(time.Second))
		}
	}
}

// missingIndexes returns the indexes of a plan that do not exist.
func (e *Engine) missingIndexes(ctx context.Context, plan collectionPlan) (missing []indexPlan, err error) {
	specifications, err := plan.collection.Indexes().ListSpecifications(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the indexes: %w", err)
	}
	for _, wanted := range plan.indexes {
		there := slices.IndexFunc(specifications, func(s driver.IndexSpecification) bool { return s.Name == wanted.name })
		if there < 0 {
			missing = append(missing, wanted)
		} else if !wanted.sameKeys(specifications[there].KeysDocument) {
			return nil, fmt.Errorf("its index %q has other keys than this program's; drop it", wanted.name)
		}
	}
	return missing, nil
}

func (p indexPlan) sameKeys(document bson.Raw) bool {
	elements, err := document.Elements()
	return err == nil && slices.EqualFunc(elements, p.keys, func(e bson.RawElement, key string) bool { return e.Key() == key })
}

func (p indexPlan) model() driver.IndexModel {
	opts := options.Index().SetName(p.name)
	if len(p.present) > 0 {
		only := bson.D{}
		for _, field := range p.present {
			only = append(only, bson.E{Key: field, Value: existing()})
		}
		opts.SetPartialFilterExpression(only)
	}
	keys := bson.D{}
	for _, key := range p.keys {
		keys = append(keys, bson.E{Key: key, Value: 1})
	}
	return driver.IndexModel{Keys: keys, Options: opts}
}
