package baseline

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// StoredBytes returns the size of the collections and their indexes on disk.
func (d *Database) StoredBytes(ctx context.Context) (int64, error) {
	var stats struct {
		Storage float64 `bson:"storageSize"`
		Indexes float64 `bson:"indexSize"`
	}
	if err := d.all.RunCommand(ctx, bson.D{{Key: "dbStats", Value: 1}}).Decode(&stats); err != nil {
		return 0, fmt.Errorf("size of the database: %w", err)
	}
	return int64(stats.Storage + stats.Indexes), nil
}
