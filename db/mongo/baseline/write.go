package baseline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Tag is what is stored of a tag, in the form of the product's.
type Tag struct {
	Order       string    `bson:"_id"`
	Revision    int64     `bson:"revision"`
	Claim       string    `bson:"claim"`
	Scenario    string    `bson:"scenario"`
	Merchant    string    `bson:"merchant"`
	Entity      string    `bson:"entity"`
	Buyer       string    `bson:"buyer"`
	Status      string    `bson:"status"`
	Live        bool      `bson:"live"`
	SubmittedAt time.Time `bson:"submittedAt"`
	ChangedAt   time.Time `bson:"changedAt"`
	HandleBy    time.Time `bson:"handleBy"`
	Batch       string    `bson:"batch"`
	Version     int       `bson:"version"`
}

// Case is the identifier of the tag's case.
func (t Tag) Case() string { return t.Scenario + "/" + t.Buyer }

// Write stores a batch of tags in three commands: the tags, one update of each case that counts and keeps them, and one
// document of the log with an entry for each.
func (d *Database) Write(ctx context.Context, tags []Tag) error {
	if _, err := d.tags.InsertMany(ctx, tags, options.InsertMany().SetOrdered(false)); err != nil {
		return fmt.Errorf("insert tags: %w", err)
	}
	if err := d.count(ctx, tags); err != nil {
		return fmt.Errorf("update cases: %w", err)
	}
	entries := make(bson.A, len(tags))
	for i, tag := range tags {
		entries[i] = bson.D{
			{Key: "at", Value: tag.SubmittedAt}, {Key: "actor", Value: tag.Merchant}, {Key: "action", Value: "tag.submitted"},
			{Key: "subjects", Value: bson.A{"tag:" + tag.Order, "case:" + tag.Case(), "buyer:" + tag.Buyer, "merchant:" + tag.Merchant}},
		}
	}
	if _, err := d.log.InsertOne(ctx, bson.D{{Key: "entries", Value: entries}}); err != nil {
		return fmt.Errorf("append to the log: %w", err)
	}
	return nil
}

// attempts bounds how often the cases of a batch are tried to be updated.
const attempts = 20

// count updates the cases in the order of their identifiers, so that two batches don't wait for each other in a circle,
// and sends again what the server gave up for another one.
func (d *Database) count(ctx context.Context, tags []Tag) error {
	byCase := map[string][]Tag{}
	for _, tag := range tags {
		byCase[tag.Case()] = append(byCase[tag.Case()], tag)
	}
	models := make([]driver.WriteModel, 0, len(byCase))
	for id, own := range byCase {
		models = append(models, driver.NewUpdateOneModel().SetUpsert(true).SetFilter(bson.D{{Key: "_id", Value: id}}).
			SetUpdate(bson.D{
				{Key: "$inc", Value: bson.D{{Key: "revision", Value: 1}, {Key: "votes", Value: len(own)}}},
				{Key: "$push", Value: bson.D{{Key: "live", Value: bson.D{{Key: "$each", Value: own}}}}},
				{Key: "$set", Value: bson.D{{Key: "evaluatedAt", Value: own[0].SubmittedAt}}},
			}))
	}
	slices.SortFunc(models, func(a, b driver.WriteModel) int { return cmp.Compare(idOf(a), idOf(b)) })
	for attempt := 1; ; attempt++ {
		_, err := d.cases.BulkWrite(ctx, models, options.BulkWrite().SetOrdered(true))
		if err == nil || attempt == attempts || !gaveWay(err) {
			return err
		}
		var failed driver.BulkWriteException
		if errors.As(err, &failed) && len(failed.WriteErrors) > 0 { // those before were done
			models = models[failed.WriteErrors[0].Index:]
		}
	}
}

func idOf(model driver.WriteModel) string {
	update, _ := model.(*driver.UpdateOneModel)
	filter, _ := update.Filter.(bson.D)
	id, _ := filter[0].Value.(string)
	return id
}

// gaveWay reports whether the server gave a command up for another one, or both made the same case.
func gaveWay(err error) bool {
	var failure driver.ServerError
	const deadlock, writeConflict = 16908292, 112 // DocumentDB's and MongoDB's
	return driver.IsDuplicateKeyError(err) ||
		errors.As(err, &failure) && (failure.HasErrorCode(deadlock) || failure.HasErrorCode(writeConflict))
}
