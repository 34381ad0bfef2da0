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

// Tag is a tag in the product's format.
type Tag struct {
	ID              string    `bson:"_id"`
	Commit          int64     `bson:"commit"`
	Order           string    `bson:"orderNo"`
	Scenario        string    `bson:"scenario"`
	Merchant        string    `bson:"merchantId"`
	Entity          string    `bson:"entityId"`
	Buyer           string    `bson:"buyerId"`
	Status          string    `bson:"status"`
	Live            bool      `bson:"live"`
	SubmittedAt     time.Time `bson:"submittedAt"`
	StatusChangedAt time.Time `bson:"statusChangedAt"`
	HandleBy        time.Time `bson:"handleBy"`
	Batch           string    `bson:"batchId"`
	Version         int       `bson:"version"`
	LiveCase        string    `bson:"liveCase"`
}

// entry is a log entry in the product's format.
type entry struct {
	At       time.Time `bson:"at"`
	Actor    string    `bson:"actor"`
	Action   string    `bson:"action"`
	Subjects []string  `bson:"subjects"`
	Keys     []string  `bson:"keys"`
	After    string    `bson:"after"`
	Hash     []byte    `bson:"hash"`
	Seq      int64     `bson:"_id"`
}

// Case returns the identifier of the tag's case.
func (t Tag) Case() string { return t.Scenario + "/" + t.Buyer }

// Write stores a batch with three commands: the tags, an update of each case that counts and lists them, and a log entry for
// each tag.
func (d *Database) Write(ctx context.Context, tags []Tag) error {
	for i := range tags {
		tags[i].ID, tags[i].Commit, tags[i].LiveCase = tags[i].Order, 1, tags[i].Case()
	}
	if _, err := d.tags.InsertMany(ctx, tags, options.InsertMany().SetOrdered(false)); err != nil {
		return fmt.Errorf("insert tags: %w", err)
	}
	if err := d.count(ctx, tags); err != nil {
		return fmt.Errorf("update cases: %w", err)
	}
	entries := make([]entry, len(tags))
	for i, tag := range tags {
		account, shop := "buyer:"+tag.Buyer, "merchant:"+tag.Merchant
		entries[i] = entry{
			Seq: d.seq.Add(1), At: tag.SubmittedAt, Actor: tag.Merchant, Action: "tag.submitted", Hash: make([]byte, 32),
			Subjects: []string{"tag:" + tag.Order, "case:" + tag.Case(), account, shop}, Keys: []string{account, shop},
			After: fmt.Sprintf(`{"status":%q,"version":1}`, tag.Status),
		}
	}
	if _, err := d.log.InsertMany(ctx, entries, options.InsertMany().SetOrdered(false)); err != nil {
		return fmt.Errorf("append to the log: %w", err)
	}
	return nil
}

// maxAttempts bounds the attempts to update the cases of a batch.
const maxAttempts = 20

// count updates the cases in the order of their identifiers, so that concurrent batches do not deadlock, and retries
// conflicts.
func (d *Database) count(ctx context.Context, tags []Tag) error {
	byCase := map[string][]Tag{}
	for _, tag := range tags {
		byCase[tag.Case()] = append(byCase[tag.Case()], tag)
	}
	models := make([]driver.WriteModel, 0, len(byCase))
	for id, own := range byCase {
		models = append(models, driver.NewUpdateOneModel().SetUpsert(true).SetFilter(bson.D{{Key: "_id", Value: id}}).
			SetUpdate(bson.D{
				{Key: "$inc", Value: bson.D{{Key: "commit", Value: int64(1)}, {Key: "votes", Value: len(own)}}},
				{Key: "$push", Value: bson.D{{Key: "liveTags", Value: bson.D{{Key: "$each", Value: ordersOf(own)}}}}},
				{Key: "$set", Value: bson.D{{Key: "evaluatedAt", Value: own[0].SubmittedAt}}},
				{Key: "$setOnInsert", Value: newCase(own[0])},
			}))
	}
	slices.SortFunc(models, func(a, b driver.WriteModel) int { return cmp.Compare(idOf(a), idOf(b)) })
	for attempt := 1; ; attempt++ {
		_, err := d.cases.BulkWrite(ctx, models, options.BulkWrite().SetOrdered(true))
		if err == nil || attempt == maxAttempts || !isConflict(err) {
			return err
		}
		var failed driver.BulkWriteException
		if errors.As(err, &failed) && len(failed.WriteErrors) > 0 { // the updates before it succeeded
			models = models[failed.WriteErrors[0].Index:]
		}
	}
}

func ordersOf(tags []Tag) bson.A {
	orders := make(bson.A, len(tags))
	for i, tag := range tags {
		orders[i] = tag.Order
	}
	return orders
}

// newCase returns the indexed fields of a new case.
func newCase(tag Tag) bson.D {
	return bson.D{
		{Key: "buyerId", Value: tag.Buyer}, {Key: "scenario", Value: tag.Scenario}, {Key: "state", Value: "ACCUMULATING"},
		{Key: "handling", Value: "NONE"}, {Key: "riskLevel", Value: "LOW"}, {Key: "openedAt", Value: tag.SubmittedAt},
		{Key: "rank", Value: -tag.SubmittedAt.UnixMilli()}, {Key: "dueKey", Value: int64(1) << 53}, {Key: "snoozedUntil", Value: int64(0)},
		{Key: "wakeAt", Value: tag.SubmittedAt.AddDate(0, 0, 180)},
	}
}

func idOf(model driver.WriteModel) string {
	update, _ := model.(*driver.UpdateOneModel)
	filter, _ := update.Filter.(bson.D)
	id, _ := filter[0].Value.(string)
	return id
}

// isConflict reports whether the server aborted a command in favour of another one, or both inserted the same case.
func isConflict(err error) bool {
	var failure driver.ServerError
	const deadlock, writeConflict = 16908292, 112 // DocumentDB's and MongoDB's
	return driver.IsDuplicateKeyError(err) ||
		errors.As(err, &failure) && (failure.HasErrorCode(deadlock) || failure.HasErrorCode(writeConflict))
}
