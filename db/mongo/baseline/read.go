package baseline

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"cloudtag/internal/cloudtag"
)

// Each page is one query along the product's index for it.

// NewestTags returns the number of tags on the first page of all tags.
func (d *Database) NewestTags(ctx context.Context, limit int) (int, error) {
	return page(ctx, d.tags, bson.D{}, "submittedAt", limit)
}

// TagsOfShop returns the number of tags on the first page of a shop's tags.
func (d *Database) TagsOfShop(ctx context.Context, merchant string, limit int) (int, error) {
	return page(ctx, d.tags, bson.D{{Key: "merchantId", Value: merchant}}, "submittedAt", limit)
}

// TagsOfBuyer returns the number of tags on the first page of an account's tags, which are found through its cases.
func (d *Database) TagsOfBuyer(ctx context.Context, buyer string, limit int) (int, error) {
	var ids []string
	for _, scenario := range cloudtag.Scenarios() {
		ids = append(ids, Tag{Scenario: string(scenario.Code), Buyer: buyer}.Case())
	}
	cursor, err := d.cases.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}},
		options.Find().SetProjection(bson.D{{Key: "liveTags", Value: 1}}))
	if err != nil {
		return 0, fmt.Errorf("read an account's cases: %w", err)
	}
	var cases []struct {
		LiveTags []string `bson:"liveTags"`
	}
	if err := cursor.All(ctx, &cases); err != nil {
		return 0, fmt.Errorf("read an account's cases: %w", err)
	}
	orders := []string{}
	for _, c := range cases {
		orders = append(orders, c.LiveTags...)
	}
	return page(ctx, d.tags, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: orders}}}}, "submittedAt", limit)
}

// Queue returns the number of cases on the first page of the queue.
func (d *Database) Queue(ctx context.Context, limit int) (int, error) {
	return page(ctx, d.cases, bson.D{{Key: "handling", Value: "PENDING"}, {Key: "rank", Value: bson.D{{Key: "$gte", Value: 0}}}}, "rank", limit)
}

func page(ctx context.Context, from *driver.Collection, filter bson.D, key string, limit int) (int, error) {
	cursor, err := from.Find(ctx, filter, options.Find().SetLimit(int64(limit)).
		SetSort(bson.D{{Key: key, Value: -1}, {Key: "_id", Value: -1}}))
	if err != nil {
		return 0, fmt.Errorf("read a page of %s: %w", from.Name(), err)
	}
	var rows []bson.M
	if err := cursor.All(ctx, &rows); err != nil {
		return 0, fmt.Errorf("read a page of %s: %w", from.Name(), err)
	}
	return len(rows), nil
}

// Votes returns the number of votes in all cases.
func (d *Database) Votes(ctx context.Context) (int, error) {
	return sum(ctx, d.cases, "$votes")
}

// Entries returns the number of log entries.
func (d *Database) Entries(ctx context.Context) (int, error) {
	return sum(ctx, d.log, 1)
}

func sum(ctx context.Context, of *driver.Collection, what any) (int, error) {
	cursor, err := of.Aggregate(ctx, driver.Pipeline{{{Key: "$group", Value: bson.D{
		{Key: "_id", Value: nil}, {Key: "n", Value: bson.D{{Key: "$sum", Value: what}}},
	}}}})
	if err != nil {
		return 0, fmt.Errorf("sum up %s: %w", of.Name(), err)
	}
	var sums []struct {
		N int `bson:"n"`
	}
	if err := cursor.All(ctx, &sums); err != nil {
		return 0, fmt.Errorf("sum up %s: %w", of.Name(), err)
	}
	if len(sums) == 0 {
		return 0, nil
	}
	return sums[0].N, nil
}
