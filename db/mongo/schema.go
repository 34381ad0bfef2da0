package mongo

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"cloudtag/internal/cloudtag"
)

// schemaVersion grows with every change of documents that an older program would misread.
const schemaVersion = 1

// prepare creates collections, validators and indexes where they are missing. Several instances may do so at once.
func (s *Store) prepare(ctx context.Context) error {
	var stored struct {
		Version int `bson:"version"`
	}
	err := s.meta.FindOne(ctx, bson.D{{Key: "_id", Value: "schema"}}).Decode(&stored)
	if err != nil && !errors.Is(err, driver.ErrNoDocuments) {
		return fmt.Errorf("read the version of the schema: %w", err)
	}
	if stored.Version > schemaVersion {
		return fmt.Errorf("the data have schema version %d, this program knows up to %d: run a newer one",
			stored.Version, schemaVersion)
	}
	for _, plan := range s.schema() {
		if err := s.prepareCollection(ctx, plan); err != nil {
			return fmt.Errorf("collection %q: %w", plan.collection.Name(), err)
		}
	}
	if stored.Version == schemaVersion {
		return nil
	}
	err = s.write(ctx, "store the version of the schema", func(ctx context.Context) error {
		_, err := s.meta.UpdateOne(ctx, bson.D{{Key: "_id", Value: "schema"}},
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

// collectionPlan is a collection as it must be.
type collectionPlan struct {
	collection *driver.Collection
	validator  bson.D // a JSON schema
	indexes    []driver.IndexModel
}

func (s *Store) prepareCollection(ctx context.Context, plan collectionPlan) error {
	database, name := plan.collection.Database(), plan.collection.Name()
	err := s.write(ctx, "create a collection", func(ctx context.Context) error {
		err := database.CreateCollection(ctx, name)
		if hasCode(err, codeNamespaceExists) {
			return nil
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("create: %w", err)
	}
	// Not with the creation: a changed validator has to come to an old collection too, and DocumentDB drops one there.
	err = s.write(ctx, "set a validator", func(ctx context.Context) error {
		return database.RunCommand(ctx, bson.D{
			{Key: "collMod", Value: name},
			{Key: "validator", Value: bson.D{{Key: "$jsonSchema", Value: plan.validator}}},
			{Key: "validationLevel", Value: "strict"}, {Key: "validationAction", Value: "error"},
		}).Err()
	})
	if err != nil {
		return fmt.Errorf("set the validator: %w", err)
	}
	if len(plan.indexes) == 0 {
		return nil
	}
	err = s.write(ctx, "create indexes", func(ctx context.Context) error {
		_, err := plan.collection.Indexes().CreateMany(ctx, plan.indexes)
		return err
	})
	if hasCode(err, codeIndexOptions) || hasCode(err, codeIndexKeySpecs) {
		return fmt.Errorf("an index has one of this program's names or keys and is another; drop it: %w", err)
	}
	if err != nil {
		return fmt.Errorf("create indexes: %w", err)
	}
	return nil
}

// index makes an index of keys in ascending order, over the documents that a condition selects.
func index(name string, only bson.D, keys ...string) driver.IndexModel {
	opts := options.Index().SetName(name)
	if only != nil {
		opts.SetPartialFilterExpression(only)
	}
	spec := make(bson.D, len(keys))
	for i, key := range keys {
		spec[i] = bson.E{Key: key, Value: 1}
	}
	return driver.IndexModel{Keys: spec, Options: opts}
}

// uniquely makes an index unique.
func uniquely(model driver.IndexModel) driver.IndexModel {
	model.Options.SetUnique(true)
	return model
}

// existing selects the documents that have a field.
func existing(field string) bson.D {
	return bson.D{{Key: field, Value: bson.D{{Key: "$exists", Value: true}}}}
}

// carried selects the tags that are more than a claim.
func carried() bson.D {
	return bson.D{{Key: "revision", Value: bson.D{{Key: "$gt", Value: 0}}}}
}

// unfinished is the index by which a recovery finds what was left behind.
func unfinished() driver.IndexModel {
	return index("unfinished", existing("spread.since"), "spread.since")
}

// schema is every collection. The shard keys are the hashed _id throughout, except for the log, which is one chain
// and stays on one shard; see docs/decisions-mongo.md.
func (s *Store) schema() []collectionPlan {
	return []collectionPlan{
		{s.cases, caseSchema(), []driver.IndexModel{
			index("by_rank", nil, "handling", "state", "rank", "_id"),
			index("by_due", nil, "handling", "state", "dueKey", "_id"),
			index("by_opened", nil, "handling", "state", "openedAt", "_id"),
			index("by_scenario_rank", nil, "scenario", "handling", "state", "rank", "_id"),
			index("by_buyer", nil, "buyer", "openedAt", "_id"),
			index("waking", existing("wakeAt"), "wakeAt", "_id"),
			index("claimed", existing("claim.until"), "claim.by", "claim.until"),
			index("claimed_until", existing("claim.until"), "claim.until"),
			index("by_live_merchant", nil, "live.merchant", "_id"),
			unfinished(),
		}},
		{s.tags, tagSchema(), []driver.IndexModel{
			index("by_submitted", carried(), "status", "submittedAt", "_id"),
			index("by_changed", carried(), "status", "changedAt", "_id"),
			index("by_merchant_submitted", carried(), "merchant", "status", "submittedAt", "_id"),
			index("by_merchant_changed", carried(), "merchant", "status", "changedAt", "_id"),
			index("by_scenario_submitted", carried(), "scenario", "status", "submittedAt", "_id"),
			index("by_scenario_changed", carried(), "scenario", "status", "changedAt", "_id"),
			index("by_buyer", carried(), "buyer", "submittedAt", "_id"),
			index("claims", existing("since"), "since"),
		}},
		{s.batches, batchSchema(), []driver.IndexModel{
			index("unfinished", existing("since"), "since"),
			index("unfinished_by_merchant", existing("since"), "merchants", "since"),
		}},
		{s.merchants, rowSchema(bson.D{
			text("name"), text("entity"), oneOf("permission", permissionNames()), date("createdAt"),
		}), []driver.IndexModel{
			index("to_recount", existing("recount"), "recount", "_id"), unfinished(),
		}},
		{s.orders, rowSchema(bson.D{
			text("merchant"), text("buyer"), date("placedAt"), whole("amountCents"), text("currency"),
		}), []driver.IndexModel{
			index("by_buyer", nil, "buyer", "placedAt"), unfinished(),
		}},
		{s.risks, rowSchema(bson.D{whole("score"), date("updatedAt")}), []driver.IndexModel{
			index("to_evaluate", existing("evaluate"), "evaluate", "_id"), unfinished(),
		}},
		{s.policies, rowSchema(bson.D{whole("windowDays"), whole("handleWithinHours")}), []driver.IndexModel{unfinished()}},
		{s.documents, rowSchema(bson.D{
			text("kind"), text("name"), atLeast("version", 1), text("state"), whole("rank"), text("body"),
		}), []driver.IndexModel{
			uniquely(index("unique", existing("unique"), "kind", "unique")),
			index("by_rank", nil, "kind", "rank", "_id"),
			index("by_state", nil, "kind", "state", "rank", "_id"),
			index("by_merchant", existing("merchant"), "kind", "merchant", "rank", "_id"),
			index("by_merchant_state", existing("merchant"), "kind", "merchant", "state", "rank", "_id"),
			index("by_buyer", existing("buyer"), "kind", "buyer", "rank", "_id"),
			index("by_order", existing("order"), "kind", "order", "rank", "_id"),
			index("by_case", existing("case"), "kind", "case", "rank", "_id"),
			index("by_owner", existing("owner"), "kind", "owner", "rank", "_id"),
			index("by_topic", existing("topic"), "kind", "topic", "rank", "_id"),
			index("by_topic_state", existing("topic"), "kind", "topic", "state", "rank", "_id"),
			index("waking", existing("wakeAt"), "kind", "wakeAt", "_id"),
			unfinished(),
		}},
		{s.blocks, blockSchema(), []driver.IndexModel{
			uniquely(index("once", nil, "changes")),
			index("by_subject", nil, "subjects", "_id"),
			index("by_action", nil, "actions", "_id"),
			index("by_action_until", nil, "actions", "until"),
			index("by_actor", nil, "actors", "_id"),
		}},
	}
}

// The parts of a JSON schema.

func ofType(field, kind string) bson.E {
	return bson.E{Key: field, Value: bson.D{{Key: "bsonType", Value: kind}}}
}

func text(field string) bson.E { return ofType(field, "string") }
func date(field string) bson.E { return ofType(field, "date") }
func list(field string) bson.E { return ofType(field, "array") }

// whole is a number without fraction, not negative or not; the driver stores the shorter form.
func whole(field string) bson.E {
	return bson.E{Key: field, Value: bson.D{{Key: "bsonType", Value: bson.A{"int", "long"}}}}
}

func atLeast(field string, minimum int) bson.E {
	return bson.E{Key: field, Value: bson.D{{Key: "bsonType", Value: bson.A{"int", "long"}}, {Key: "minimum", Value: minimum}}}
}

func oneOf(field string, values []string) bson.E {
	return bson.E{Key: field, Value: bson.D{{Key: "enum", Value: values}}}
}

// object is a schema whose fields are all required.
func object(fields bson.D) bson.D {
	required := make(bson.A, len(fields))
	for i, field := range fields {
		required[i] = field.Key
	}
	return bson.D{{Key: "bsonType", Value: "object"}, {Key: "required", Value: required}, {Key: "properties", Value: fields}}
}

// rowSchema is that of an imported document.
func rowSchema(fields bson.D) bson.D {
	return object(append(bson.D{atLeast("revision", 1), text("change")}, fields...))
}

func caseSchema() bson.D {
	return object(bson.D{
		text("_id"), atLeast("revision", 1), atLeast("changes", 1), atLeast("version", 1), text("buyer"),
		text("scenario"), oneOf("state", names(cloudtag.CaseStates())), text("handling"), date("openedAt"), date("evaluatedAt"),
		atLeast("votes", 0), whole("rank"), whole("dueKey"), list("live"),
	})
}

// tagSchema requires of a claim only what tags have too; the rest holds where it is there.
func tagSchema() bson.D {
	required := object(bson.D{text("_id"), atLeast("revision", 0), text("claim")})
	return append(required[:2:2], bson.E{Key: "properties", Value: bson.D{
		text("_id"), atLeast("revision", 0), text("claim"), text("pending"), date("since"),
		oneOf("status", names(cloudtag.TagStatuses())), text("merchant"), text("entity"), text("buyer"),
		text("scenario"), date("submittedAt"), date("changedAt"), date("handleBy"), atLeast("version", 1),
	}})
}

func batchSchema() bson.D {
	return object(bson.D{
		text("_id"), text("claim"), oneOf("state", []string{batchOpen, batchDecided, batchRefused, batchDone}),
		text("merchant"), list("results"),
	})
}

func blockSchema() bson.D {
	return object(bson.D{
		atLeast("_id", 1), atLeast("n", 1), list("changes"), list("subjects"), list("actions"), list("actors"),
		list("entries"), ofType("head", "binData"), date("until"),
	})
}

func names[T ~string](values []T) []string {
	plain := make([]string, len(values))
	for i, value := range values {
		plain[i] = string(value)
	}
	return plain
}

func permissionNames() []string {
	return names([]cloudtag.Permission{
		cloudtag.PermissionActive, cloudtag.PermissionSuspended, cloudtag.PermissionRevoked,
	})
}
